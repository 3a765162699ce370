import { describe, expect, it } from "vitest";
import type { Limit, ObservedLimit } from "../../src/providers/provider.ts";
import { createQuota } from "../../src/router/quota.ts";
import type { Reservation } from "../../src/router/route.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

const daily: Limit = { unit: "requests", window: "day", maximum: 1_000, kind: "rolling", timeZone: "UTC" };

function given(limits: readonly Limit[] = [daily]) {
	const model = createModel("m", { limits });
	const provider = createScriptedProvider("groq", { models: [model] });
	const route = { provider, model };
	const clock = createVirtualClock();
	const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [provider] });
	const call = (seen: ObservedLimit[] = []): Reservation => {
		const reservation = quota.reserve(route, 10, "telegram:1");
		if ("nextAt" in reservation) throw new Error("refused");
		quota.settle(reservation, { inputTokens: 5, outputTokens: 5, isEstimated: false }, "answer");
		quota.observe(route, seen, reservation);
		return reservation;
	};
	const window = () => quota.report()[0]?.windows[0];
	return { route, clock, quota, call, window };
}

const seen = (remaining: number, facts: Partial<ObservedLimit> = {}): ObservedLimit => ({
	unit: "requests",
	window: "day",
	remaining,
	...facts,
});

describe("a figure that the provider told", () => {
	it("wins over own counting: the account may be used elsewhere too", () => {
		const { clock, call, window, quota, route } = given();

		call([seen(250, { maximum: 1_000, resetAt: clock.now() + 3_600_000 })]);

		expect(window()).toEqual({
			model: "m",
			unit: "requests",
			window: "day",
			used: 750,
			limit: 1_000,
			resetAt: clock.now() + 3_600_000,
			source: "header",
			seenAt: clock.now(),
		});
		expect(quota.shareLeft(route)).toBe(0.25);
	});

	it("is reduced by the own calls that came after it", () => {
		const { clock, call, quota, route } = given();
		call([seen(2, { maximum: 1_000, resetAt: clock.now() + 3_600_000 })]);

		call();
		call();

		expect(quota.reserve(route, 10, "telegram:1")).toEqual({ nextAt: clock.now() + 3_600_000 });
	});

	it("is void after its reset, and what was counted before does not come back", async () => {
		const { clock, call, window } = given([{ ...daily, maximum: 3 }]);
		call();
		call();
		call([seen(0, { maximum: 3, resetAt: clock.now() + 120_000 })]);

		await clock.advance(120_000);

		call();
		expect(window()).toMatchObject({ used: 1, limit: 3 });
	});

	it("from a call that began earlier does not replace a younger one", () => {
		const { clock, quota, route, call, window } = given();
		const slow = quota.reserve(route, 10, "telegram:1") as Reservation;
		call([seen(500, { maximum: 1_000, resetAt: clock.now() + 60_000 })]);

		quota.observe(route, [seen(700, { maximum: 1_000, resetAt: clock.now() + 60_000 })], slow);

		expect(window()).toMatchObject({ used: 500 });
	});

	it("about a window that no table names is kept to as well", () => {
		const { call, quota, route, clock } = given([]);
		call([{ unit: "tokens", window: "minute", maximum: 6_000, remaining: 100, resetAt: clock.now() + 7_660 }]);

		expect(quota.reserve(route, 101, "telegram:1")).toEqual({ nextAt: clock.now() + 7_660 });
		expect(quota.largestCall(route)).toBe(6_000);
	});

	it("above the table's shows another plan: what no header tells of is no longer known", () => {
		const perMinute: Limit = { ...daily, window: "minute", maximum: 2 };
		const { call, quota } = given([daily, perMinute]);
		call([seen(999, { maximum: 1_000 })]);
		call();
		expect(() => call()).toThrow("refused");

		const paid = given([daily, perMinute]);
		paid.call([seen(499_999, { maximum: 500_000 })]);
		for (let count = 0; count < 10; count++) paid.call();
		expect(paid.window()).toMatchObject({ window: "day", limit: 500_000, used: 11 });
		expect(quota.report()[0]?.windows).toHaveLength(2);
	});

	it("without a ceiling shows the own count against an unknown limit", () => {
		const { call, window } = given([]);
		call([seen(7)]);

		expect(window()).toMatchObject({ used: 1, limit: undefined, source: "header" });
	});

	it("of a balance call holds for everything booked so far", () => {
		const { call, quota, route, window, clock } = given();
		call();

		quota.observe(route, [seen(900, { maximum: 1_000, resetAt: clock.now() + 60_000 })]);
		expect(window()).toMatchObject({ used: 100 });
		call();

		expect(window()).toMatchObject({ used: 101 });
	});
});

describe("the report", () => {
	it("shows the ceiling of the table as built-in and an unknown one as unknown", () => {
		const known = given();
		known.call();
		const unknown = given([]);
		unknown.call();

		expect(known.window()).toMatchObject({ used: 1, limit: 1_000, source: "built-in", seenAt: undefined });
		expect(unknown.window()).toMatchObject({
			unit: "requests",
			window: "day",
			used: 1,
			limit: undefined,
			source: "own-count",
		});
	});

	it("calls a provider paused only when all its models are, until the first is back", () => {
		const models = [createModel("a"), createModel("b")] as const;
		const provider = createScriptedProvider("groq", { models });
		const clock = createVirtualClock();
		const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [provider] });

		quota.pause({ provider, model: models[0] }, clock.now() + 60_000, "overload", "model");
		expect(quota.report()[0]).toMatchObject({ state: "ready", pausedUntil: undefined });
		quota.pause({ provider, model: models[1] }, clock.now() + 30_000, "rate-limit", "model");

		expect(quota.report()[0]).toMatchObject({ state: "paused", pausedUntil: clock.now() + 30_000 });
	});

	it("calls a provider paused whose quota is used up, until there is room again", () => {
		const { quota, call, clock } = given([{ ...daily, maximum: 2 }]);
		call();
		expect(quota.report()[0]?.state).toBe("ready");

		const resetAt = clock.now() + 3_600_000;
		call([seen(0, { resetAt })]);

		expect(quota.report()[0]).toMatchObject({ state: "paused", pausedUntil: resetAt });
	});
});
