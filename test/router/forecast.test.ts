import { describe, expect, it } from "vitest";
import type { Limit } from "../../src/providers/provider.ts";
import { call, createQuotaParts, hour, limit, minute } from "./quota-parts.ts";

/** A day that began an hour ago in Berlin, with one limit. */
function given(facts?: Partial<Limit>) {
	const limits = [limit("requests", "day", 100, { kind: "calendar", timeZone: "Europe/Berlin", ...facts })];
	const model = { credits: { input: 1_000, output: 0 } };
	const parts = createQuotaParts({ limits, model, start: "2026-11-23T00:00:00+01:00" });
	const callTimes = (times: number, tokens = 10): void => {
		for (let count = 0; count < times; count++) call(parts.quota, parts.route, tokens);
	};
	return { ...parts, call: callTimes, forecast: () => parts.report().windows[0]?.exhaustedAt };
}

describe("the forecast of a limit", () => {
	it("goes on with the pace of the last hour, whatever was before", async () => {
		const { clock, call, forecast } = given();
		call(60);
		await clock.advance(2 * hour);
		call(10);
		expect(forecast()).toBe(clock.now() + 3 * hour);
	});

	it("counts tokens where tokens are limited", async () => {
		const { clock, call, forecast } = given({ unit: "tokens", maximum: 100_000 });
		await clock.advance(hour);
		call(5, 2_000);
		expect(forecast()).toBe(clock.now() + 9 * hour);
	});

	it("is silent when the day ends first", async () => {
		const { clock, call, forecast } = given();
		await clock.advance(20 * hour);
		call(10);
		expect(forecast()).toBeUndefined();
	});

	it("is silent after too few calls, and when the last hour was quiet", async () => {
		const { clock, call, forecast } = given({ maximum: 20 });
		call(4);
		expect(forecast()).toBeUndefined();
		call(1);
		expect(forecast()).toBe(clock.now() + 3 * hour);
		await clock.advance(hour + 1);
		expect(forecast()).toBeUndefined();
	});

	it("is silent about minutes, and about what is used up", () => {
		const perMinute = given({ window: "minute", kind: "rolling" });
		perMinute.call(50);
		expect(perMinute.forecast()).toBeUndefined();
		const full = given({ maximum: 10 });
		full.call(10);
		expect(full.forecast()).toBeUndefined();
	});

	it("sees that a rolling day frees what was used a day ago", async () => {
		const { clock, call, forecast } = given({ kind: "rolling", timeZone: "UTC" });
		call(70);
		await clock.advance(22 * hour);
		call(10);
		// 20 left at 10 an hour would last for 2 hours, but in 2 hours and 5 minutes 70 come back.
		expect(forecast()).toBe(clock.now() + 2 * hour);
		await clock.advance(hour - 10 * minute);
		expect(forecast()).toBe(clock.now() + 2 * hour + 7 * hour);
	});

	it("is silent when a rolling day frees as much as is used", async () => {
		const { clock, call, forecast } = given({ kind: "rolling", timeZone: "UTC", maximum: 130 });
		for (let count = 0; count < 24; count++) {
			call(5);
			await clock.advance(hour);
		}
		call(5);
		expect(forecast()).toBeUndefined();
	});

	it("counts credits where credits are limited", async () => {
		const { clock, call, forecast } = given({ unit: "credits", maximum: 100, scope: "provider" });
		await clock.advance(hour);
		call(5, 2_000);
		expect(forecast()).toBe(clock.now() + 9 * hour);
	});

	it("goes on with the pace of the last day where a month is limited", async () => {
		const { clock, call, forecast } = given({ window: "month", maximum: 100 });
		call(60);
		await clock.advance(25 * hour);
		call(20);
		expect(forecast()).toBe(clock.now() + 24 * hour);
		await clock.advance(5 * 24 * hour);
		call(5);
		// 15 are left at 5 a day, but the month ends on the day after tomorrow.
		expect(forecast()).toBeUndefined();
	});

	it("sees that a rolling month frees what was used 31 days ago", async () => {
		const { clock, call, forecast } = given({ window: "month", kind: "rolling", timeZone: "UTC" });
		call(60);
		await clock.advance(10 * 24 * hour);
		call(20);
		// 20 left at 20 a day: nothing comes back before.
		expect(forecast()).toBe(clock.now() + 24 * hour);
	});

	it("takes what the provider told for what is left, until the reset that it named", () => {
		const { clock, quota, route, call: callTimes, forecast } = given({ kind: "rolling", timeZone: "UTC" });
		callTimes(10);
		const seen = (resetAt: number) =>
			quota.observe(call(quota, route), [{ unit: "requests", window: "day", maximum: 100, remaining: 44, resetAt }]);
		seen(clock.now() + 5 * hour);
		expect(forecast()).toBe(clock.now() + 4 * hour);
		seen(clock.now() + 3 * hour);
		expect(forecast()).toBeUndefined();
	});
});
