import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reservation } from "../../src/router/route.ts";
import { createQuotaParts, day, limit, minute, size, usage } from "./quota-parts.ts";

const people = ["telegram:1", "telegram:2", "discord:3"] as const;
const ceilings = { requests: 12, tokens: 9_000, credits: 8, eurPerDay: 0.02, eurPerMonth: 0.05 } as const;
const share = 0.5;

interface Booked {
	readonly reservation: Reservation;
	readonly who: string;
	readonly at: number;
	readonly dayStart: number;
	requests: number;
	tokens: number;
	/** Thousandths. */
	credits: number;
	/** Millionths of a euro. */
	cost: number;
	isOpen: boolean;
}

const step = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant("reserve" as const),
			who: fc.nat(2),
			tokens: fc.integer({ min: 1, max: 2_500 }),
		}),
	},
	{
		weight: 4,
		arbitrary: fc.record({
			kind: fc.constant("settle" as const),
			which: fc.nat(),
			part: fc.integer({ min: 0, max: 100 }),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("refuse" as const), which: fc.nat() }) },
	{
		weight: 2,
		arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 900 }) }),
	},
);

const given = () =>
	createQuotaParts({
		isPaid: true,
		start: "2026-10-23T12:03:00Z",
		limits: [
			limit("requests", "day", ceilings.requests),
			limit("tokens", "day", ceilings.tokens, { kind: "calendar", timeZone: "Europe/Berlin", scope: "provider" }),
			limit("credits", "day", ceilings.credits),
		],
		model: { price: { input: 5, output: 0 }, credits: { input: 1_000, output: 0 } },
		budget: { eurPerDay: ceilings.eurPerDay, eurPerMonth: ceilings.eurPerMonth },
	});

/** The day's start is told by an own, plain calendar: the clocks change once within the month that is walked through. */
const summerTimeEnd = Date.parse("2026-10-25T01:00:00Z");
function dayStartInBerlin(at: number): number {
	const offset = (moment: number): number => (moment < summerTimeEnd ? 2 : 1) * 60 * minute;
	const midnight = Math.floor((at + offset(at)) / day) * day;
	const guess = midnight - offset(at);
	return midnight - offset(guess);
}

describe("whatever is booked, settled, refused and waited for", () => {
	it("no window, no share and no ceiling is ever passed", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
				const { quota, clock, route, other, database } = given();
				for (const who of people) quota.setShare(who, share);
				const booked: Booked[] = [];

				for (const one of steps) {
					if (one.kind === "wait") {
						await clock.advance(one.minutes * minute);
					} else if (one.kind === "reserve") {
						const who = people[one.who] ?? people[0];
						const result = quota.reserve(one.tokens % 2 === 0 ? route : other, size(one.tokens), who);
						if ("nextAt" in result) {
							expect(result.nextAt).toBeGreaterThan(clock.now());
							continue;
						}
						const at = clock.now();
						const amounts = { requests: 1, tokens: one.tokens, credits: one.tokens, cost: one.tokens * 5 };
						booked.push({ reservation: result, who, at, dayStart: dayStartInBerlin(at), ...amounts, isOpen: true });
						check(booked, clock.now());
					} else {
						// No call lasts for a day: the ledger takes it for one that a crash left open.
						const open = booked.filter(({ isOpen, at }) => isOpen && clock.now() - at < day);
						const call = open[one.which % Math.max(1, open.length)];
						if (!call) continue;
						const tokens = one.kind === "refuse" ? 0 : Math.floor((call.tokens * one.part) / 100);
						quota.settle(call.reservation, one.kind === "refuse" ? null : usage(tokens, 0), "answer");
						if (one.kind === "refuse") call.requests = 0;
						Object.assign(call, { tokens, credits: tokens, cost: tokens * 5, isOpen: false });
					}
				}

				const today = dayStartInBerlin(clock.now());
				const tokens = sum(
					booked.filter(({ dayStart }) => dayStart === today),
					"tokens",
				);
				expect(quota.report().providers[0]?.today.tokens).toBe(tokens);
				expect(quota.report().budget[1]?.used).toBeCloseTo(
					sum(
						booked.filter(({ at }) => monthOf(at) === monthOf(clock.now())),
						"cost",
					) / 1_000_000,
					9,
				);
				database.close();
			}),
			{ numRuns: 80 },
		);
	}, 60_000);
});

/** Judged right after a call was booked: it must have fitted everything. */
function check(booked: readonly Booked[], now: number): void {
	const last = booked.at(-1);
	if (!last) return;
	const sameModel = ({ reservation }: Booked): boolean => reservation.route.model === last.reservation.route.model;
	const rolling = booked.filter((one) => sameModel(one) && one.at > now - day);
	const calendarDay = booked.filter(({ dayStart }) => dayStart === last.dayStart);
	const month = booked.filter(({ at }) => monthOf(at) === monthOf(now));

	const bounds = [
		[rolling, "requests", ceilings.requests],
		[rolling, "credits", ceilings.credits * 1_000],
		[calendarDay, "tokens", ceilings.tokens],
		[calendarDay, "cost", ceilings.eurPerDay * 1_000_000],
		[month, "cost", ceilings.eurPerMonth * 1_000_000],
	] as const;
	for (const [calls, unit, maximum] of bounds) {
		expect(sum(calls, unit)).toBeLessThanOrEqual(maximum);
		const own = calls.filter(({ who, requests }) => who === last.who && requests > 0);
		if (own.length > 1 && sum(own, unit) > last[unit]) expect(sum(own, unit)).toBeLessThanOrEqual(share * maximum);
	}
}

function monthOf(at: number): string {
	return new Date(dayStartInBerlin(at) + day / 2).toISOString().slice(0, 7);
}

function sum(calls: readonly Booked[], unit: "requests" | "tokens" | "credits" | "cost"): number {
	return calls.reduce((total, one) => total + one[unit], 0);
}
