import { describe, expect, it } from "vitest";
import { groq } from "../../src/providers/groq.ts";
import { readLimitHeaders, readRetryAfter, readSeconds } from "../../src/providers/limit-headers.ts";

const now = Date.UTC(2026, 10, 23, 12);

describe("durations in headers", () => {
	it.each([
		["2m59.56s", 179.56],
		["7.66s", 7.66],
		["120ms", 0.12],
		["1h2m3s", 3_723],
		["1d", 86_400],
		["15", 15],
		["0", 0],
		["", undefined],
		["bald", undefined],
		["-5", undefined],
		["5 minutes", undefined],
		[null, undefined],
	])("%j is %j seconds", (text, seconds) => {
		if (seconds === undefined) expect(readSeconds(text)).toBeUndefined();
		else expect(readSeconds(text)).toBeCloseTo(seconds, 6);
	});
});

describe("limits in headers", () => {
	it("reads Groq's requests per day and tokens per minute", () => {
		const headers = new Headers({
			"x-ratelimit-limit-requests": "1000",
			"x-ratelimit-remaining-requests": "994",
			"x-ratelimit-reset-requests": "2m59.56s",
			"x-ratelimit-limit-tokens": "8000",
			"x-ratelimit-remaining-tokens": "nonsense",
			"x-ratelimit-reset-tokens": "7.5s",
		});
		expect(readLimitHeaders(groq.limitHeaders ?? [], headers, now)).toEqual([
			{ unit: "requests", window: "day", maximum: 1_000, remaining: 994, resetAt: now + 179_560 },
			{ unit: "tokens", window: "minute", maximum: 8_000, resetAt: now + 7_500 },
		]);
	});

	it("says nothing where the provider says nothing", () => {
		expect(readLimitHeaders(groq.limitHeaders ?? [], new Headers(), now)).toEqual([]);
	});
});

describe("how long a provider asks to wait", () => {
	it.each([
		[{ "retry-after": "3" }, "", 3],
		[{ "retry-after": "0.5" }, "", 0.5],
		[{ "retry-after": "86400" }, "", 86_400],
		[{ "retry-after": "Mon, 23 Nov 2026 12:01:00 GMT" }, "", 60],
		[{ "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, "", 0],
		[{ "retry-after-ms": "1500", "retry-after": "2" }, "", 1.5],
		[{ "retry-after": "soon" }, "", undefined],
		[{ "retry-after": "99999999999" }, "", undefined],
		[{ "retry-after": "-1" }, "", undefined],
		[{}, "Please try again in 7m12.5s. Need more tokens?", 432.5],
		[{}, "Please retry after 20s", 20],
		[{}, '{"retry_after": 4.5}', 4.5],
		[{ "retry-after": "soon" }, "try again in 90ms", 0.09],
		[{}, "Too many requests", undefined],
	])("%j with the text %j asks for %j seconds", (headers, text, seconds) => {
		expect(readRetryAfter(new Headers(headers as Record<string, string>), text, now)).toBe(seconds);
	});
});
