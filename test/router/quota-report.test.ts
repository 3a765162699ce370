import { describe, expect, it } from "vitest";
import { createQuota } from "../../src/router/quota.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import {
	author,
	berlin,
	call,
	day,
	createQuotaParts as given,
	hour,
	limit,
	minute,
	reserve,
	size,
	usage,
} from "./quota-parts.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

describe("the report of a provider's windows", () => {
	it("says where each ceiling comes from, and that an unknown one is unknown", () => {
		const builtIn = given({ limits: [limit("requests", "day", 1_000)] });
		const configured = given({ limits: [limit("requests", "day", 9)], model: { areLimitsConfigured: true } });
		const unknown = given();
		call(unknown.quota, unknown.route);

		expect(builtIn.report().windows[0]).toMatchObject({ used: 0, limit: 1_000, source: "built-in" });
		expect(configured.report().windows[0]).toMatchObject({ limit: 9, source: "configuration", seenAt: undefined });
		expect(unknown.report().windows[0]).toEqual({
			model: "m",
			unit: "requests",
			window: "day",
			used: 1,
			limit: undefined,
			resetAt: undefined,
			source: "own-count",
			seenAt: undefined,
		});
	});

	it("is empty where nothing runs out: on an own machine, and where the operator said so", () => {
		const local = createScriptedProvider("local", { region: "local" });
		const clock = createVirtualClock();
		const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [local] });
		const unlimited = given({ model: { areLimitsConfigured: true } });

		for (const report of [quota.report().providers[0], unlimited.report()])
			expect(report).toMatchObject({ windows: [], isUnlimited: true, state: "ready", freeAnswersLeft: undefined });
		expect(given().report().isUnlimited).toBe(false);
	});
});

describe("the state of a provider", () => {
	it("is paused only when all its models are, until the first is back", () => {
		const { quota, route, other, clock, report } = given();

		quota.pause(route, clock.now() + minute, "overload", "model");
		expect(report()).toMatchObject({ state: "ready", pausedUntil: undefined, pauseReason: undefined });
		quota.pause(other, clock.now() + 30_000, "rate-limit", "model");

		expect(report()).toMatchObject({
			state: "paused",
			pausedUntil: clock.now() + 30_000,
			pauseReason: "rate-limit",
		});
	});

	it("is used up when no window has room, until there is room again", () => {
		const { quota, route, other, clock, report } = given({ limits: [limit("requests", "day", 1, berlin)] });
		call(quota, route);
		expect(report().state).toBe("ready");

		call(quota, other);

		const midnight = Date.parse("2026-11-23T23:00:00Z");
		expect(report()).toMatchObject({ state: "used-up", pausedUntil: midnight, pauseReason: undefined });
		quota.pause(route, clock.now() + minute, "overload", "provider");
		expect(report()).toMatchObject({ state: "used-up", pausedUntil: midnight });
		quota.pause(route, clock.now() + day, "auth", "provider");
		expect(report()).toMatchObject({ state: "refused-key", pauseReason: "auth" });
	});
});

describe("the figures of today", () => {
	it("count all models since midnight in Berlin, refused calls as failures without tokens", async () => {
		const { quota, route, other, clock, report } = given({
			start: "2026-11-23T22:59:00Z",
			isPaid: true,
			model: { price: { input: 1, output: 2 } },
		});
		call(quota, route, 1_000);
		await clock.advance(minute);
		expect(report().today).toEqual({ answers: 0, failures: 0, tokens: 0, cost: 0 });

		quota.settle(reserve(quota, route), usage(10, 5), "answer");
		quota.settle(reserve(quota, other), usage(3, 0), "failure");
		quota.settle(reserve(quota, other), null, "failure");

		expect(report().today).toEqual({ answers: 1, failures: 2, tokens: 18, cost: 0.000_023 });
		expect(quota.usedToday(author)).toEqual({ answers: 1, tokens: 18, cost: 0.000_023, share: 1, isShareSet: true });
		expect(quota.usedToday("telegram:2")).toMatchObject({ answers: 0, tokens: 0, cost: 0 });
	});
});

describe("the answers that are still free today", () => {
	const noon = "2026-11-23T11:00:00Z";
	const daily = [limit("requests", "day", 1_000), limit("tokens", "day", 200_000)];

	it("are told by the window that binds first, for each model", () => {
		expect(given({ limits: daily, start: noon }).report().freeAnswersLeft).toBe(2 * 200);
		expect(given({ limits: [limit("requests", "day", 90)], start: noon }).report().freeAnswersLeft).toBe(180);
		expect(given({ limits: [limit("requests", "minute", 2)], start: noon }).report().freeAnswersLeft).toBe(
			2 * (2 + 2 * 12 * 60),
		);
	});

	it("go by the usual length of the last day", () => {
		const { quota, route, report } = given({ limits: daily, start: noon });
		for (let count = 0; count < 4; count++) call(quota, route, 500);

		expect(report().freeAnswersLeft).toBe(400 - 4 + 400);
	});

	it("count a window that all models share once, by the thriftiest of them", () => {
		const neurons = limit("credits", "day", 10_000, { kind: "calendar", scope: "provider" });
		const models = [
			createModel("large", { limits: [neurons], credits: { input: 31_818, output: 68_182 } }),
			createModel("small", { limits: [neurons], credits: { input: 9_091, output: 27_273 } }),
		];
		const provider = createScriptedProvider("cloudflare", { models });
		const clock = createVirtualClock(Date.parse(noon));
		const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [provider] });

		expect(quota.report().providers[0]?.freeAnswersLeft).toBe(687);
	});

	it("get back what a rolling day frees before midnight, and a new window that begins before", async () => {
		const rolling = given({ limits: [limit("requests", "day", 100)], start: "2026-11-22T22:00:00Z" });
		for (let count = 0; count < 60; count++) call(rolling.quota, rolling.route);
		await rolling.clock.advance(13 * hour);
		for (let count = 0; count < 30; count++) call(rolling.quota, rolling.route);
		// 10 are left, 60 come back at 23:05, the other model has 100.
		expect(rolling.report().freeAnswersLeft).toBe(10 + 60 + 100);

		const calendar = given({
			limits: [limit("requests", "day", 100, { kind: "calendar" })],
			start: "2026-11-22T23:30:00Z",
		});
		for (let count = 0; count < 60; count++) call(calendar.quota, calendar.route);
		expect(calendar.report().freeAnswersLeft).toBe(40 + 100 + 200);
	});

	it("are none while the provider is left alone until midnight, and not known where nothing is free", () => {
		const refused = given({ limits: daily, start: noon });
		refused.quota.pause(refused.route, refused.clock.now() + hour, "rate-limit", "provider");
		expect(refused.report().freeAnswersLeft).toBe(400);
		refused.quota.pause(refused.route, refused.clock.now() + day, "auth", "provider");

		expect(refused.report().freeAnswersLeft).toBe(0);
		expect(given({ limits: daily, isPaid: true }).report().freeAnswersLeft).toBeUndefined();
		expect(given().report().freeAnswersLeft).toBeUndefined();
	});
});

it("tells who used what today, most answers first", () => {
	const { quota, route } = given();
	call(quota, route, 10, "telegram:2");
	call(quota, route, 20, "discord:3");
	call(quota, route, 5, "discord:3");
	quota.reserve(route, size(7), "telegram:4");

	expect(quota.useByPerson()).toEqual([
		{ author: "discord:3", answers: 2, tokens: 25, cost: 0, share: 0.5, isShareSet: false },
		{ author: "telegram:2", answers: 1, tokens: 10, cost: 0, share: 0.5, isShareSet: false },
		{ author: "telegram:4", answers: 0, tokens: 7, cost: 0, share: 0.5, isShareSet: false },
	]);
});
