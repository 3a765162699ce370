import { describe, expect, it } from "vitest";
import type { Limit, ObservedLimit } from "../../src/providers/provider.ts";
import type { Reservation } from "../../src/router/route.ts";
import { call, createQuotaParts, day, hour, limit, minute, refusal, reserve, usage } from "./quota-parts.ts";

const daily = limit("requests", "day", 1_000);

function given(limits: readonly Limit[] = [daily], isConfigured = false) {
	const model = isConfigured ? { areLimitsConfigured: true as const } : {};
	const parts = createQuotaParts({ limits, model });
	const callAndSee = (seen: readonly ObservedLimit[] = []): Reservation => {
		const reservation = call(parts.quota, parts.route, 10);
		parts.quota.observe(reservation, seen);
		return reservation;
	};
	const window = () => parts.report().windows.find(({ model }) => model !== "other");
	return { ...parts, callAndSee, window };
}

const seen = (remaining: number, facts: Partial<ObservedLimit> = {}): ObservedLimit => ({
	unit: "requests",
	window: "day",
	remaining,
	...facts,
});

describe("a figure of a header", () => {
	it("wins over own counting: the account may be used elsewhere too", () => {
		const { clock, callAndSee, window, quota, route } = given();

		callAndSee([seen(250, { maximum: 1_000, resetAt: clock.now() + hour })]);

		expect(window()).toEqual({
			model: "m",
			unit: "requests",
			window: "day",
			used: 750,
			limit: 1_000,
			resetAt: clock.now() + hour,
			source: "header",
			seenAt: clock.now(),
		});
		expect(quota.shareLeft(route)).toBe(0.25);
	});

	it("is reduced by the own calls that came after it, and given back what they did not use", () => {
		const { clock, callAndSee, quota, route } = given();
		callAndSee([seen(2, { maximum: 1_000, resetAt: clock.now() + hour })]);

		callAndSee();
		const open = reserve(quota, route);

		expect(refusal(quota, route)).toEqual({ nextAt: clock.now() + hour, reason: "window" });
		quota.settle(open, null, "failure");
		reserve(quota, route);
	});

	it("does not include calls that were under way when it was told", () => {
		const { clock, quota, route, window } = given([limit("tokens", "minute", 8_000)]);
		const first = reserve(quota, route, 1_000);
		const second = reserve(quota, route, 2_000);
		quota.settle(first, usage(900, 0), "answer");

		quota.observe(first, [
			{ unit: "tokens", window: "minute", maximum: 8_000, remaining: 7_000, resetAt: clock.now() + 9_000 },
		]);

		expect(window()).toMatchObject({ used: 3_000 });
		quota.settle(second, usage(500, 0), "answer");
		expect(window()).toMatchObject({ used: 1_500 });
	});

	it("is void after its reset, and what was counted before does not come back", async () => {
		const { clock, callAndSee, window } = given([{ ...daily, maximum: 3 }]);
		callAndSee();
		callAndSee();
		callAndSee([seen(0, { maximum: 3, resetAt: clock.now() + 2 * minute })]);

		await clock.advance(2 * minute);

		callAndSee();
		expect(window()).toMatchObject({ used: 1, limit: 3 });
	});

	it("from a call that began earlier does not replace a younger one", () => {
		const { clock, quota, route, callAndSee, window } = given();
		const slow = reserve(quota, route, 10);
		callAndSee([seen(500, { maximum: 1_000, resetAt: clock.now() + minute })]);

		quota.observe(slow, [seen(700, { maximum: 1_000, resetAt: clock.now() + minute })]);

		expect(window()).toMatchObject({ used: 500 });
	});

	it("about a window that no table names is kept to as well", () => {
		const { callAndSee, quota, route, clock } = given([]);
		callAndSee([{ unit: "tokens", window: "minute", maximum: 6_000, remaining: 100, resetAt: clock.now() + 7_660 }]);

		expect(refusal(quota, route, 101)).toEqual({ nextAt: clock.now() + 7_660, reason: "window" });
		expect(quota.largestCall(route)).toBe(6_000);
	});

	it("about all models holds for each of them", () => {
		const { callAndSee, quota, other, clock, report } = given([]);
		callAndSee([seen(1, { scope: "provider", maximum: 50, resetAt: clock.now() + hour })]);

		call(quota, other);

		expect(refusal(quota, other)).toEqual({ nextAt: clock.now() + hour, reason: "window" });
		expect(report().windows).toEqual([expect.objectContaining({ model: undefined, used: 50, limit: 50 })]);
	});

	it("above the table's shows another plan: what no header tells of is no longer known", () => {
		const limits = [daily, limit("requests", "minute", 2)];
		const free = given(limits);
		free.callAndSee([seen(999, { maximum: 1_000 })]);
		free.callAndSee();
		expect(() => free.callAndSee()).toThrow("refused");
		expect(free.report().windows).toHaveLength(4);

		const other = given(limits);
		other.callAndSee([seen(499_999, { maximum: 500_000 })]);
		for (let count = 0; count < 10; count++) other.callAndSee();
		expect(other.window()).toMatchObject({ window: "day", limit: 500_000, used: 11 });
	});

	it("above what the operator set leaves the operator's other limits as they are", () => {
		const { callAndSee } = given([daily, limit("requests", "minute", 2)], true);
		callAndSee([seen(499_999, { maximum: 500_000 })]);
		callAndSee();
		expect(() => callAndSee()).toThrow("refused");
	});

	it("without a ceiling shows the own count against an unknown limit", () => {
		const { callAndSee, window } = given([]);
		callAndSee([seen(7)]);

		expect(window()).toMatchObject({ used: 1, limit: undefined, source: "header" });
	});
});

describe("what is told of the account", () => {
	it("holds for everything that has ended so far, and says where it comes from", () => {
		const { callAndSee, quota, provider, window, clock } = given();
		callAndSee();

		const figure = { ...seen(900, { maximum: 1_000, resetAt: clock.now() + minute }), modelId: "m" };
		quota.observeAccount(provider, { limits: [figure], hasCredit: true });
		expect(window()).toMatchObject({ used: 100, source: "balance", seenAt: clock.now() });
		callAndSee();

		expect(window()).toMatchObject({ used: 101 });
	});

	it("may not include calls that are under way: they count on top", () => {
		const { quota, provider, route, report } = given([]);
		reserve(quota, route);

		quota.observeAccount(provider, { limits: [seen(40, { maximum: 50, scope: "provider" })], hasCredit: true });

		expect(report().windows[0]).toMatchObject({ model: undefined, used: 11, limit: 50 });
	});

	it("pauses a provider without credit, and brings it back at once", async () => {
		const { quota, provider, route, other, clock, report } = given();
		quota.observeAccount(provider, {
			limits: [],
			balance: { amount: -0.02, currency: "USD" },
			hasCredit: false,
		});

		expect(quota.pauseOf(other)).toMatchObject({ reason: "money" });
		expect(report()).toMatchObject({
			state: "no-credit",
			pauseReason: "money",
			balance: { amount: -0.02, currency: "USD", seenAt: clock.now() },
		});

		quota.pause(route, clock.now() + day, "money", "model");
		quota.pause(other, clock.now() + minute, "overload", "model");
		quota.observeAccount(provider, { limits: [], hasCredit: undefined });
		expect(quota.pauseOf(route)).toMatchObject({ reason: "money" });
		quota.observeAccount(provider, { limits: [], hasCredit: true });

		expect(quota.pauseOf(route)).toBeUndefined();
		expect(quota.pauseOf(other)).toMatchObject({ reason: "overload" });
	});
});
