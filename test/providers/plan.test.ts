import { describe, expect, it } from "vitest";
import { operatorVoice, say } from "../../src/locale.ts";
import type { Limit } from "../../src/providers/provider.ts";
import { readProviderSettings } from "../../src/providers/settings.ts";

const read = (environment: Record<string, string>): ReturnType<typeof readProviderSettings> =>
	readProviderSettings({ LOCAL_BASE_URL: "off", ...environment });
const limitsOf = (environment: Record<string, string>): readonly Limit[] | undefined =>
	read(environment).settings[0]?.limits;

describe("the operator's own limits", () => {
	it("replace those of the table, window by window as they are known there", () => {
		expect(
			limitsOf({ GROQ_API_KEY: "k", GROQ_LIMITS: "30 requests/minute, 1.000 requests/day, 200000 tokens/day" }),
		).toEqual([
			{ unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 30 },
			{ unit: "requests", window: "day", kind: "rolling", timeZone: "UTC", maximum: 1_000 },
			{ unit: "tokens", window: "day", kind: "rolling", timeZone: "UTC", maximum: 200_000 },
		]);
	});

	it("keep the calendar and the one pot of the account", () => {
		const day = { unit: "requests", window: "day", kind: "calendar", timeZone: "UTC", scope: "provider" };
		const month = { unit: "requests", window: "month", kind: "rolling", timeZone: "UTC", scope: "provider" };
		expect(limitsOf({ OPENROUTER_API_KEY: "k", OPENROUTER_LIMITS: "1000 requests/day,1 request per month" })).toEqual([
			{ ...day, maximum: 1_000 },
			{ ...month, maximum: 1 },
		]);
	});

	it("may be none at all", () => {
		expect(limitsOf({ GROQ_API_KEY: "k", GROQ_LIMITS: "Unlimited" })).toEqual([]);
		expect(limitsOf({ GROQ_API_KEY: "k" })).toBeUndefined();
	});

	it.each([
		["paid, 1000 requests/minute", true, 1],
		["1000 requests/minute, Paid", true, 1],
		["paid, unlimited", true, 0],
		["free", false, undefined],
		["1000 requests/minute", undefined, 1],
	])("say with a word whether calls are billed: %s", (text, isPaid, count) => {
		const [settings] = read({ GROQ_API_KEY: "k", GROQ_LIMITS: text }).settings;
		expect(settings?.isPaid).toBe(isPaid);
		expect(settings?.limits?.length).toBe(count);
	});

	it.each([
		"paid, free",
		"paid paid",
		"viel",
		"30",
		"30 requests",
		"30 requests/hour",
		"0 requests/day",
		"-1 requests/day",
		"1.5 tokens/day",
		"30 requests/minute,",
		"30 requests/minute, 40 requests/minute",
		"unlimited, 30 requests/minute",
	])("cannot be read from %j", (text) => {
		const { problems, settings } = read({ GROQ_API_KEY: "k", GROQ_LIMITS: text });
		expect(settings).toEqual([]);
		expect(problems.map(({ key, values }) => say(operatorVoice, key, values))).toEqual([
			expect.stringMatching(/^GROQ_LIMITS .*30 requests\/minute.*unlimited/),
		]);
	});
});
