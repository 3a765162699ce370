import { describe, expect, it } from "vitest";
import type { Limit } from "../../src/providers/provider.ts";
import { createQuota } from "../../src/router/quota.ts";
import type { Quota, Reservation, Route } from "../../src/router/route.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase, temporaryPath } from "../stores/temporary-database.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

const limit = (unit: Limit["unit"], window: Limit["window"], maximum: number, facts: Partial<Limit> = {}): Limit => ({
	unit,
	window,
	maximum,
	kind: "rolling",
	timeZone: "UTC",
	...facts,
});

function given(limits: readonly Limit[], start = Date.parse("2026-11-23T12:00:00Z"), path = temporaryPath()) {
	const model = createModel("m", { limits });
	const provider = createScriptedProvider("groq", { models: [model, createModel("other")] });
	const clock = createVirtualClock(start);
	const database = openTemporaryDatabase(path);
	const quota = createQuota({ database, clock, providers: [provider] });
	return { quota, clock, database, route: { provider, model } as Route, path, provider };
}

const usage = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens, isEstimated: false });

function reserve(quota: Quota, route: Route, tokens = 1): Reservation {
	const result = quota.reserve(route, tokens, "telegram:1");
	if ("nextAt" in result) throw new Error(`refused until ${new Date(result.nextAt).toISOString()}`);
	return result;
}

describe("a reservation", () => {
	it("is refused when the requests of a rolling minute are used up, until the first of them leaves it", async () => {
		const { quota, clock, route } = given([limit("requests", "minute", 2)]);
		const first = clock.now();
		reserve(quota, route);
		await clock.advance(10_000);
		reserve(quota, route);

		expect(quota.reserve(route, 1, "telegram:1")).toEqual({ nextAt: first + 60_000 });
		await clock.advance(49_999);
		expect(quota.reserve(route, 1, "telegram:1")).toEqual({ nextAt: first + 60_000 });
		await clock.advance(1);
		expect(reserve(quota, route).route).toBe(route);
	});

	it("books the estimated tokens, and the settlement puts the real ones in their place", () => {
		const { quota, route, clock } = given([limit("tokens", "minute", 1_000)]);

		const reservation = reserve(quota, route, 900);
		expect(quota.reserve(route, 200, "telegram:1")).toEqual({ nextAt: clock.now() + 60_000 });
		quota.settle(reservation, usage(100, 50), "answer");

		expect(reserve(quota, route, 850)).toBeDefined();
	});

	it("gives back what was never counted, once", () => {
		const { quota, route } = given([limit("requests", "day", 1)]);
		const reservation = reserve(quota, route, 500);

		quota.settle(reservation, null, "failure");
		quota.settle(reservation, null, "failure");

		expect(quota.report()[0]?.windows[0]?.used).toBe(0);
		reserve(quota, route);
	});

	it("is settled once: nothing that comes later takes it back", () => {
		const { quota, route } = given([limit("tokens", "day", 1_000)]);
		const reservation = reserve(quota, route, 500);

		quota.settle(reservation, usage(100, 50), "answer");
		quota.settle(reservation, null, "failure");

		expect(quota.report()[0]?.windows[0]?.used).toBe(150);
	});

	it("is never possible for more tokens than a window holds", () => {
		const { quota, route } = given([limit("tokens", "minute", 1_000)]);

		expect(quota.reserve(route, 1_001, "telegram:1")).toEqual({ nextAt: Number.POSITIVE_INFINITY });
		expect(quota.largestCall(route)).toBe(1_000);
	});

	it("waits for the latest of several full windows", async () => {
		const { quota, clock, route } = given([limit("requests", "minute", 1), limit("requests", "day", 1)]);
		const bookedAt = clock.now();
		reserve(quota, route);

		const refused = quota.reserve(route, 1, "telegram:1");

		// The five minutes in which it was booked count to their end.
		expect(refused).toEqual({ nextAt: bookedAt + 300_000 + 86_400_000 });
		await clock.advance(86_400_000 + 300_000);
		reserve(quota, route);
	});

	it.each([
		["spring", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
		["autumn", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
	])("counts a calendar day from midnight to midnight on the day of the %s change", async (_, start, end) => {
		const berlin = { kind: "calendar", timeZone: "Europe/Berlin" } as const;
		const { quota, clock, route } = given([limit("requests", "day", 1, berlin)], Date.parse(start) - 1);
		reserve(quota, route);
		await clock.advance(1);

		reserve(quota, route);

		expect(quota.reserve(route, 1, "telegram:1")).toEqual({ nextAt: Date.parse(end) });
		await clock.advance(Date.parse(end) - clock.now() - 1);
		expect(quota.reserve(route, 1, "telegram:1")).toEqual({ nextAt: Date.parse(end) });
		await clock.advance(1);
		reserve(quota, route);
	});

	it("left open by a crash counts as used after the restart", () => {
		const path = temporaryPath();
		const before = given([limit("tokens", "minute", 1_000)], undefined, path);
		reserve(before.quota, before.route, 800);
		before.database.close();

		const { quota, route } = given([limit("tokens", "minute", 1_000)], undefined, path);

		expect(quota.reserve(route, 300, "telegram:1")).toHaveProperty("nextAt");
		expect(quota.shareLeft(route)).toBeCloseTo(0.2);
	});

	it("is refused with an error when the store is broken", () => {
		const { quota, route, database } = given([]);
		database.close();

		expect(() => quota.reserve(route, 1, "telegram:1")).toThrow();
	});

	it("forgets what no window reaches any more", async () => {
		const { quota, clock, route, database } = given([limit("requests", "day", 10)]);
		reserve(quota, route);
		await clock.advance(27 * 3_600_000);

		reserve(quota, route);

		expect(database.sql.prepare("SELECT count(*) AS rows FROM quota_call").get()?.rows).toBe(1);
		expect(database.sql.prepare("SELECT count(*) AS rows FROM quota_slot").get()?.rows).toBe(1);
	});

	it("costs no more with ten thousand calls in the window", () => {
		const { quota, route, database } = given([
			limit("requests", "minute", 1_000_000),
			limit("tokens", "minute", 1e9),
			limit("requests", "day", 1_000_000),
			limit("tokens", "day", 1e9),
		]);
		database.transaction(() => {
			const call = database.sql.prepare("INSERT INTO quota_call VALUES (NULL, 'groq', 'm', 'a', ?, 9, 'answer')");
			const minute = database.sql.prepare("INSERT INTO quota_slot VALUES ('groq', 'm', ?, 7, 63)");
			const now = Date.parse("2026-11-23T12:00:00Z");
			for (let index = 1; index <= 10_000; index++) call.run(now - 60_000 - index * 8_000);
			for (let index = 1; index < 1_440; index++) minute.run(Math.floor(now / 60_000) - index);
		});
		const plans = [
			"quota_call WHERE provider = ? AND model = ? AND at >= ?",
			"quota_slot WHERE provider = ? AND model = ? AND slot >= ?",
		].map((query) => String(database.sql.prepare(`EXPLAIN QUERY PLAN SELECT sum(tokens) FROM ${query}`).get()?.detail));

		for (let index = 0; index < 100; index++) quota.settle(reserve(quota, route, 10), usage(1, 1), "answer");

		expect(plans).toEqual([
			expect.stringMatching(/^SEARCH.*COVERING INDEX/),
			expect.stringMatching(/^SEARCH.*PRIMARY KEY/),
		]);
	});
});

describe("what a person used today", () => {
	it("counts answers and tokens since midnight in Berlin", async () => {
		const { quota, clock, route } = given([], Date.parse("2026-11-23T22:59:00Z"));
		quota.settle(reserve(quota, route), usage(100, 50), "answer");
		await clock.advance(60_000);
		expect(quota.usedToday("telegram:1")).toEqual({ answers: 0, tokens: 0 });

		quota.settle(reserve(quota, route), usage(10, 5), "answer");
		quota.settle(reserve(quota, route), usage(3, 0), "failure");

		expect(quota.usedToday("telegram:1")).toEqual({ answers: 1, tokens: 18 });
		expect(quota.usedToday("telegram:2")).toEqual({ answers: 0, tokens: 0 });
	});
});

describe("a pause", () => {
	it("is never shortened by a shorter one", () => {
		const { quota, clock, route } = given([]);
		quota.pause(route, clock.now() + 60_000, "rate-limit", "model");
		quota.pause(route, clock.now() + 30_000, "overload", "model");
		quota.pause(route, clock.now() + 20_000, "network", "provider");

		expect(quota.pauseOf(route)).toEqual({ until: clock.now() + 60_000, reason: "rate-limit" });
	});
});

describe("opening the ledger", () => {
	it("keeps a pause of the provider and lifts those that the operator mends between two starts", () => {
		const path = temporaryPath();
		const before = given([], undefined, path);
		const other = { provider: before.provider, model: createModel("other") };
		before.quota.pause(before.route, before.clock.now() + 60_000, "rate-limit", "model");
		before.quota.pause(other, before.clock.now() + 86_400_000, "auth", "provider");
		expect(before.quota.report()[0]?.state).toBe("refused-key");
		before.database.close();

		const database = openDatabase(path);
		const quota = createQuota({ database, clock: before.clock, providers: [before.provider] });

		expect(quota.pauseOf(before.route)).toEqual({ until: before.clock.now() + 60_000, reason: "rate-limit" });
		expect(quota.pauseOf(other)).toBeUndefined();
		database.close();
	});
});
