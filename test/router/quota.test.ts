import { describe, expect, it } from "vitest";
import { temporaryPath } from "../stores/temporary-database.ts";
import {
	author,
	berlin,
	call,
	day,
	createQuotaParts as given,
	hour,
	limit,
	minute,
	refusal,
	reserve,
	size,
	usage,
} from "./quota-parts.ts";

describe("a reservation", () => {
	it("is refused when the requests of a rolling minute are used up, until the first of them leaves it", async () => {
		const { quota, clock, route } = given({ limits: [limit("requests", "minute", 2)] });
		const first = clock.now();
		reserve(quota, route);
		await clock.advance(10_000);
		reserve(quota, route);

		expect(refusal(quota, route)).toEqual({ nextAt: first + minute, reason: "window" });
		await clock.advance(49_999);
		expect(refusal(quota, route)).toEqual({ nextAt: first + minute, reason: "window" });
		await clock.advance(1);
		expect(reserve(quota, route).route).toBe(route);
	});

	it("books the estimated tokens of question and answer, and the settlement puts the real ones in their place", () => {
		const { quota, route, clock } = given({ limits: [limit("tokens", "minute", 1_000)] });

		const reservation = quota.reserve(route, size(300, 600), author);
		expect(refusal(quota, route, 200).nextAt).toBe(clock.now() + minute);
		if ("id" in reservation) quota.settle(reservation, usage(100, 50), "answer");

		expect(reserve(quota, route, 850)).toBeDefined();
	});

	it("gives back what was never counted, once", () => {
		const { quota, route, report } = given({ limits: [limit("requests", "day", 1)] });
		const reservation = reserve(quota, route, 500);

		quota.settle(reservation, null, "failure");
		quota.settle(reservation, null, "failure");

		expect(report().windows[0]?.used).toBe(0);
		reserve(quota, route);
	});

	it("is settled once: nothing that comes later takes it back", () => {
		const { quota, route, report } = given({ limits: [limit("tokens", "day", 1_000)] });
		const reservation = reserve(quota, route, 500);

		quota.settle(reservation, usage(100, 50), "answer");
		quota.settle(reservation, null, "failure");

		expect(report().windows[0]?.used).toBe(150);
	});

	it("is never possible for more tokens than a window holds", () => {
		const { quota, route } = given({ limits: [limit("tokens", "minute", 1_000)] });

		expect(refusal(quota, route, 1_001)).toEqual({ nextAt: Number.POSITIVE_INFINITY, reason: "window" });
		expect(quota.largestCall(route)).toBe(1_000);
	});

	it("waits for the latest of several full windows", async () => {
		const { quota, clock, route } = given({ limits: [limit("requests", "minute", 1), limit("requests", "day", 1)] });
		const bookedAt = clock.now();
		reserve(quota, route);

		const refused = refusal(quota, route);

		// The five minutes in which it was booked count to their end.
		expect(refused).toEqual({ nextAt: bookedAt + 5 * minute + day, reason: "window" });
		await clock.advance(day + 5 * minute);
		reserve(quota, route);
	});

	it("left open by a crash counts as used after the restart", () => {
		const path = temporaryPath();
		const limits = [limit("tokens", "minute", 1_000)];
		const before = given({ limits, path });
		reserve(before.quota, before.route, 800);
		before.database.close();

		const { quota, route } = given({ limits, path });

		expect(refusal(quota, route, 300).reason).toBe("window");
		expect(quota.shareLeft(route)).toBeCloseTo(0.2);
	});
});

describe("a window of the calendar", () => {
	it.each([
		["spring", "2026-03-28T22:59:59.999Z", "2026-03-29T22:00:00Z"],
		["autumn", "2026-10-24T21:59:59.999Z", "2026-10-25T23:00:00Z"],
	])("counts from midnight to midnight on the day of the %s change", async (_, start, end) => {
		const { quota, clock, route } = given({ limits: [limit("requests", "day", 1, berlin)], start });
		reserve(quota, route);
		await clock.advance(1);

		reserve(quota, route);

		expect(refusal(quota, route).nextAt).toBe(Date.parse(end));
		await clock.advance(Date.parse(end) - clock.now() - 1);
		expect(refusal(quota, route).nextAt).toBe(Date.parse(end));
		await clock.advance(1);
		reserve(quota, route);
	});

	it.each([
		["Europe/Berlin", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"],
		["Asia/Kolkata", "2026-10-31T18:30:00Z", "2026-11-30T18:30:00Z"],
	])("counts a month of %s from its first instant to that of the next", async (timeZone, start, end) => {
		const limits = [limit("tokens", "month", 1_000, { kind: "calendar", timeZone })];
		const { quota, clock, route } = given({ limits, start: new Date(Date.parse(start) - 1).toISOString() });
		call(quota, route, 1_000);
		await clock.advance(1);

		call(quota, route, 600);
		await clock.advance(15 * day);
		expect(refusal(quota, route, 500)).toEqual({ nextAt: Date.parse(end), reason: "window" });
		call(quota, route, 400);

		await clock.advance(Date.parse(end) - clock.now() - 1);
		expect(refusal(quota, route, 1).nextAt).toBe(Date.parse(end));
		await clock.advance(1);
		call(quota, route, 1_000);
	});
});

describe("a rolling month", () => {
	it("frees what was used 31 days ago, and nothing of it is forgotten before", async () => {
		const { quota, clock, route } = given({ limits: [limit("requests", "month", 2)] });
		const first = clock.now();
		call(quota, route);
		await clock.advance(20 * day);
		call(quota, route);

		// The hour in which it was booked counts to its end.
		expect(refusal(quota, route)).toEqual({ nextAt: first + hour + 31 * day, reason: "window" });
		await clock.advance(11 * day - 1);
		expect(refusal(quota, route).nextAt).toBe(first + hour + 31 * day);
		await clock.advance(hour + 1);
		call(quota, route);
		expect(refusal(quota, route).nextAt).toBe(first + 20 * day + hour + 31 * day);
	});
});

describe("a window that all models share", () => {
	it("counts the calls of each of them", () => {
		const { quota, route, other, report } = given({ limits: [limit("requests", "day", 2, { scope: "provider" })] });
		call(quota, route);
		call(quota, other);

		expect(refusal(quota, route).reason).toBe("window");
		expect(refusal(quota, other).reason).toBe("window");
		expect(report().windows).toEqual([expect.objectContaining({ model: undefined, used: 2, limit: 2 })]);
	});

	it("counts credits by what each model takes of them", () => {
		const neurons = limit("credits", "day", 30, { kind: "calendar", scope: "provider" });
		const { quota, route, report } = given({
			limits: [neurons],
			model: { credits: { input: 9_091, output: 27_273 } },
		});
		const reservation = quota.reserve(route, size(700, 700), author);
		if ("id" in reservation) quota.settle(reservation, usage(700, 300), "answer");

		expect(report().windows[0]).toMatchObject({ unit: "credits", used: 14.546, limit: 30 });
		expect(quota.largestCall(route)).toBe(1_099);
		call(quota, route, 1_699);
		expect(refusal(quota, route, 1).nextAt).toBe(Date.parse("2026-11-24T00:00:00Z"));
	});
});
