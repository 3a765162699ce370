import { describe, expect, it } from "vitest";
import type { Limit } from "../../src/providers/provider.ts";
import { berlin, call, day, createQuotaParts as given, hour, limit, minute, refusal, reserve } from "./quota-parts.ts";

const anna = "telegram:11";
const bert = "discord:22";
const midnight = Date.parse("2026-11-23T23:00:00Z");
const requestsADay = (maximum: number): readonly Limit[] => [limit("requests", "day", maximum, berlin)];

/** How many calls pass before the first is refused. */
function countCalls({ quota, route }: Pick<ReturnType<typeof given>, "quota" | "route">, who: string, tokens = 1) {
	for (let count = 0; count < 10_000; count++) {
		const result = quota.reserve(route, { inputTokens: tokens, mostInputTokens: tokens, outputTokens: 0 }, who);
		if ("nextAt" in result) return { count, ...result };
	}
	throw new Error("nothing stops this person");
}

describe("the share of one person", () => {
	it("is nine tenths for whoever is alone, and half as soon as a second person wrote", () => {
		const parts = given({ limits: requestsADay(100) });

		expect(countCalls(parts, anna)).toEqual({ count: 90, reason: "share", nextAt: midnight });
		expect(parts.quota.usedToday(anna)).toMatchObject({ share: 0.9, isShareSet: false });

		expect(countCalls(parts, bert)).toEqual({ count: 10, reason: "window", nextAt: midnight });
		expect(parts.quota.usedToday(anna).share).toBe(0.5);
		expect(refusal(parts.quota, parts.route, 1, anna).reason).toBe("window");
	});

	it("leaves half to the second of two", () => {
		const parts = given({ limits: requestsADay(100) });
		call(parts.quota, parts.route, 1, bert);

		expect(countCalls(parts, anna)).toMatchObject({ count: 50, reason: "share" });
		expect(countCalls(parts, bert)).toMatchObject({ count: 49, reason: "window" });
	});

	it("grows again when the other has been away for a week", async () => {
		const { quota, route, clock } = given();
		call(quota, route, 1, bert);
		call(quota, route, 1, anna);
		expect(quota.usedToday(anna).share).toBe(0.5);

		await clock.advance(7 * day + minute);

		expect(quota.usedToday(anna).share).toBe(0.9);
	});

	it("can be set, to everything, to a part, to nothing and back to the usual one", () => {
		const parts = given({ limits: requestsADay(100) });
		parts.quota.setShare(bert, 0);
		expect(refusal(parts.quota, parts.route, 1, bert)).toEqual({ nextAt: Number.POSITIVE_INFINITY, reason: "share" });
		parts.quota.setShare(bert, 0.2);
		expect(countCalls(parts, bert)).toMatchObject({ count: 20, reason: "share" });
		parts.quota.setShare(bert, 1);
		expect(countCalls(parts, bert)).toMatchObject({ count: 80, reason: "window" });
		expect(parts.quota.usedToday(bert)).toMatchObject({ share: 1, isShareSet: true });
		parts.quota.setShare(bert, undefined);
		expect(parts.quota.usedToday(bert)).toMatchObject({ share: 0.9, isShareSet: false });
	});

	it.each([
		["tokens of a day", [limit("tokens", "day", 1_000, berlin)], 100, 9],
		["tokens of a month", [limit("tokens", "month", 1_000, berlin)], 100, 9],
		["credits of all models", [limit("credits", "day", 10, { ...berlin, scope: "provider" })], 1_000, 9],
		["requests of all models", [limit("requests", "day", 10, { ...berlin, scope: "provider" })], 1, 9],
	] as const)("holds for %s", (_, limits, tokens, count) => {
		const parts = given({ limits, model: { credits: { input: 1_000, output: 0 } } });

		expect(countCalls(parts, anna, tokens)).toMatchObject({ count, reason: "share" });
	});

	it("is not made of minutes, which come back by themselves", () => {
		const parts = given({ limits: [limit("requests", "minute", 10), limit("tokens", "minute", 1_000)] });
		call(parts.quota, parts.route, 1, bert);

		expect(countCalls(parts, anna)).toMatchObject({ count: 9, reason: "window" });
	});

	it("never keeps a person from the first call, however small the window is", () => {
		const { quota, route } = given({ limits: requestsADay(1) });
		call(quota, route, 1, bert);
		const tokens = given({ limits: [limit("tokens", "day", 1_000, berlin)] });
		call(tokens.quota, tokens.route, 100, bert);

		expect(refusal(quota, route, 1, anna).reason).toBe("window");
		call(tokens.quota, tokens.route, 800, anna);
		expect(refusal(tokens.quota, tokens.route, 10, anna).reason).toBe("share");
	});

	it("of a rolling day comes back when enough of the own calls have left it", async () => {
		const { quota, route, clock } = given({ limits: [limit("requests", "day", 10)] });
		call(quota, route, 1, bert);
		const first = clock.now();
		for (let count = 0; count < 5; count++) {
			call(quota, route, 1, anna);
			await clock.advance(hour);
		}

		// The five minutes in which it was booked count to their end.
		expect(refusal(quota, route, 1, anna)).toEqual({ nextAt: first + 5 * minute + day, reason: "share" });
		await clock.advance(first + 4 * minute + day - clock.now());
		expect(refusal(quota, route, 1, anna).reason).toBe("share");
		await clock.advance(minute);
		reserve(quota, route, 1, anna);
	});

	it("of a rolling day lets a call that is larger than the share pass once nothing of the own is left in it", () => {
		const { quota, route, clock } = given({ limits: [limit("tokens", "day", 1_000)] });
		call(quota, route, 10, bert);
		call(quota, route, 100, anna);

		expect(refusal(quota, route, 600, anna)).toEqual({ nextAt: clock.now() + 5 * minute + day, reason: "share" });
	});

	it("counts no more of the own calls than all calls together since the provider emptied the window", () => {
		const { quota, route, clock } = given({ limits: [limit("requests", "day", 100)] });
		for (let count = 0; count < 50; count++) call(quota, route, 1, anna);
		call(quota, route, 1, bert);
		expect(refusal(quota, route, 1, anna).reason).toBe("share");

		const last = call(quota, route, 1, bert);
		quota.observe(last, [
			{ unit: "requests", window: "day", maximum: 100, remaining: 99, resetAt: clock.now() + minute },
		]);

		expect(countCalls({ quota, route }, anna)).toEqual({
			count: 49,
			reason: "share",
			nextAt: clock.now() + minute,
		});
	});
});
