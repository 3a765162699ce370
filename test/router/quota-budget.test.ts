import { describe, expect, it } from "vitest";
import { createQuota } from "../../src/router/quota.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import {
	author,
	call,
	createQuotaParts,
	day,
	hour,
	limit,
	minute,
	type QuotaFacts,
	refusal,
	reserve,
	size,
	usage,
} from "./quota-parts.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

const midnight = Date.parse("2026-11-23T23:00:00Z");
const endOfMonth = Date.parse("2026-11-30T23:00:00Z");

/** A paid provider: a million tokens cost 10 EUR as a question, 20 EUR as an answer. */
const given = (facts: QuotaFacts = {}) =>
	createQuotaParts({ isPaid: true, model: { price: { input: 10, output: 20 } }, ...facts });

describe("the budget", () => {
	it("is booked with the most that a call can cost and settled with what it did cost", () => {
		const { quota, route } = given({ budget: { eurPerDay: 0.01, eurPerMonth: undefined } });
		const reservation = quota.reserve(route, { inputTokens: 100, mostInputTokens: 200, outputTokens: 400 }, author);
		if (!("id" in reservation)) throw new Error("refused");

		expect(quota.report().budget).toEqual([
			{ window: "day", used: 0.01, limit: 0.01, resetAt: midnight },
			{ window: "month", used: 0.01, limit: undefined, resetAt: endOfMonth },
		]);
		expect(refusal(quota, route, 1)).toEqual({ nextAt: midnight, reason: "budget" });

		quota.settle(reservation, usage(100, 50), "answer");

		expect(quota.report().budget[0]?.used).toBe(0.002);
		expect(quota.costOf(route, usage(100, 50), Date.now())).toBe(0.002);
		call(quota, route, 800);
		expect(refusal(quota, route, 1).reason).toBe("budget");
	});

	it("gets back what a provider did not count", () => {
		const { quota, route } = given({ budget: { eurPerDay: 0.01, eurPerMonth: 0.01 } });
		const reservation = reserve(quota, route, 1_000);

		quota.settle(reservation, null, "failure");

		expect(quota.report().budget.map(({ used }) => used)).toEqual([0, 0]);
		reserve(quota, route, 1_000);
	});

	it("begins anew at midnight in Berlin, and the month's on its first", async () => {
		const { quota, route, clock } = given({ budget: { eurPerDay: 0.01, eurPerMonth: 0.015 } });
		call(quota, route, 1_000);
		expect(refusal(quota, route, 1)).toEqual({ nextAt: midnight, reason: "budget" });

		await clock.advance(midnight - clock.now());
		call(quota, route, 500);
		expect(refusal(quota, route, 1)).toEqual({ nextAt: endOfMonth, reason: "budget" });
		await clock.advance(endOfMonth - clock.now() - 1);
		expect(refusal(quota, route, 1).nextAt).toBe(endOfMonth);
		await clock.advance(1);
		call(quota, route, 1_000);
	});

	it("takes the price of the moment at which the call was booked, at most the list price", async () => {
		const isPeak = (at: number): boolean => at < midnight;
		const { quota, route, clock } = given({
			priceFactor: (at) => (isPeak(at) ? 1 : 0.5),
			budget: { eurPerDay: 1, eurPerMonth: 1 },
		});
		await clock.advance(midnight - 1 - clock.now());
		const dear = reserve(quota, route, 1_000);
		await clock.advance(1);
		quota.settle(dear, usage(1_000, 0), "answer");
		expect(quota.report().budget.map(({ used }) => used)).toEqual([0, 0.01]);

		const cheap = reserve(quota, route, 1_000);
		expect(quota.report().budget[0]?.used).toBe(0.01);
		quota.settle(cheap, usage(1_000, 0), "answer");

		expect(quota.report().budget.map(({ used }) => used)).toEqual([0.005, 0.015]);
		expect(quota.costOf(route, usage(1_000, 0), clock.now())).toBe(0.005);
	});

	it("counts all paid providers together, and none that is free", () => {
		const models = [createModel("m", { price: { input: 10, output: 10 } })];
		const [qwen, deepseek] = ["qwen", "deepseek"].map((name) => createScriptedProvider(name, { models, isPaid: true }));
		const groq = createScriptedProvider("groq", { models });
		if (!qwen || !deepseek || !models[0]) throw new Error("no provider");
		const clock = createVirtualClock();
		const budget = { eurPerDay: 0.01, eurPerMonth: 1 };
		const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [qwen, deepseek, groq], budget });
		quota.setShare(author, 1);
		call(quota, { provider: qwen, model: models[0] }, 600);
		call(quota, { provider: groq, model: models[0] }, 100_000);

		expect(quota.costOf({ provider: groq, model: models[0] }, usage(1_000, 0), 0)).toBe(0);
		call(quota, { provider: deepseek, model: models[0] }, 400);
		expect(refusal(quota, { provider: qwen, model: models[0] }, 1).reason).toBe("budget");
		expect(quota.report().providers.map(({ today }) => today.cost)).toEqual([0.006, 0.004, 0]);
	});

	it("is never enough for a call that costs more than the ceiling, and for none where it is 0", () => {
		const { quota, route } = given({ budget: { eurPerDay: 0.01, eurPerMonth: 1 } });
		expect(refusal(quota, route, 1_001)).toEqual({ nextAt: Number.POSITIVE_INFINITY, reason: "budget" });
		const nothing = given({ budget: { eurPerDay: 0, eurPerMonth: 0 } });
		expect(refusal(nothing.quota, nothing.route, 1).reason).toBe("budget");
		expect(nothing.quota.shareLeft(nothing.route)).toBe(0);
	});

	it("can be unlimited, and is not told of where nothing is paid", () => {
		const { quota, route } = given();
		call(quota, route, 10_000_000);
		expect(quota.report().budget.map(({ used, limit }) => [used, limit])).toEqual([
			[100, undefined],
			[100, undefined],
		]);
		expect(given({ isPaid: false }).quota.report().budget).toEqual([]);
	});

	it("counts a reservation that a crash left open", () => {
		const before = given({ budget: { eurPerDay: 0.01, eurPerMonth: 1 } });
		reserve(before.quota, before.route, 900);
		before.database.close();

		const { quota, route } = given({ path: before.path, budget: { eurPerDay: 0.01, eurPerMonth: 1 } });

		expect(refusal(quota, route, 200).reason).toBe("budget");
		expect(quota.shareLeft(route)).toBeCloseTo(0.1);
	});

	it("is shared among people like a window", async () => {
		const { quota, route, clock } = given({ budget: { eurPerDay: 0.01, eurPerMonth: 0.02 } });
		call(quota, route, 400, "discord:1");
		call(quota, route, 500, "discord:2");
		expect(refusal(quota, route, 101, "discord:1")).toEqual({ nextAt: midnight, reason: "budget" });
		expect(refusal(quota, route, 1, "discord:2")).toEqual({ nextAt: midnight, reason: "share" });
		expect(quota.usedToday("discord:2")).toMatchObject({ cost: 0.005, share: 0.5 });

		await clock.advance(day);
		call(quota, route, 500, "discord:2");
		await clock.advance(day);
		expect(refusal(quota, route, 1, "discord:2")).toEqual({ nextAt: endOfMonth, reason: "share" });
		call(quota, route, 500, "discord:3");
	});

	it("never keeps a person from the first call that it has room for", () => {
		const { quota, route } = given({ budget: { eurPerDay: 0.01, eurPerMonth: 0.02 } });
		call(quota, route, 100, "discord:1");

		call(quota, route, 900, "discord:2");
	});

	it("keeps the days of two months", async () => {
		const { quota, route, clock, database } = given();
		call(quota, route);
		await clock.advance(62 * day);
		call(quota, route);
		const days = () => database.sql.prepare("SELECT DISTINCT day FROM quota_spending").all().length;
		expect(days()).toBe(2);
		await clock.advance(2 * day);
		call(quota, route);
		expect(days()).toBe(2);
	});
});

describe("a free plan whose headers show a larger one", () => {
	it("is paid from then on, with the budget and in the report", async () => {
		const limits = [limit("requests", "day", 1_000)];
		const { quota, route, other, clock, report } = given({
			isPaid: false,
			limits,
			budget: { eurPerDay: 0.01, eurPerMonth: 1 },
		});
		const first = call(quota, route, 100_000);
		expect(report()).toMatchObject({ isPaid: false, today: { cost: 0 } });

		const header = { unit: "requests", window: "day", remaining: 499_999 } as const;
		quota.observe(first, [{ ...header, maximum: 500_000, resetAt: clock.now() + minute }]);

		expect(report()).toMatchObject({ isPaid: true, freeAnswersLeft: undefined });
		await clock.advance(hour);
		expect(quota.costOf(other, usage(100, 0), clock.now())).toBe(0.001);
		expect(quota.reserve(other, size(1_001), author)).toMatchObject({ reason: "budget" });
		call(quota, other, 1_000);
		expect(refusal(quota, route, 1).reason).toBe("budget");
	});

	it("stays free where the list price is 0, and where only the account's own words are larger", () => {
		const limits = [limit("requests", "day", 50)];
		const figure = { unit: "requests", window: "day", maximum: 1_000, remaining: 999 } as const;
		const free = given({ isPaid: false, limits, model: { price: { input: 0, output: 0 } } });
		free.quota.observe(call(free.quota, free.route), [figure]);
		const told = given({ isPaid: false, limits });
		told.quota.observeAccount(told.provider, { limits: [{ ...figure, modelId: "m" }], hasCredit: true });

		expect(free.report().isPaid).toBe(false);
		expect(told.report().isPaid).toBe(false);
	});
});
