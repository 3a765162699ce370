import { describe, expect, it } from "vitest";
import { cloudflare } from "../../src/providers/cloudflare.ts";
import { groq } from "../../src/providers/groq.ts";
import { readLimitHeaders, readLimitTexts, readRetryAfter, readSeconds } from "../../src/providers/limit-headers.ts";
import { mistral } from "../../src/providers/mistral.ts";
import { openrouter } from "../../src/providers/openrouter.ts";
import { scaleway } from "../../src/providers/scaleway.ts";

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

	it.each([
		["in seconds since 1970", String(now / 1_000 + 60), now + 60_000],
		["longer than its window", "999999999999d", undefined],
		["a number that could be anything", "99999999", undefined],
		["below zero", "-1s", undefined],
		["words", "bald", undefined],
	])("have a reset %s (%s)", (_, reset, resetAt) => {
		const headers = new Headers({ "x-ratelimit-limit-requests": "1000", "x-ratelimit-reset-requests": reset });
		expect(readLimitHeaders(groq.limitHeaders ?? [], headers, now)[0]?.resetAt).toBe(resetAt);
	});

	it.each([
		["1000", "5000", { maximum: 1_000, remaining: 1_000 }],
		["9".repeat(26), "5", { remaining: 5 }],
		["-1", "5", { remaining: 5 }],
		["1e9", "NaN", undefined],
		["1,000", "0x10", undefined],
	])("are believed only where they can be (%s, %s)", (limit, remaining, figures) => {
		const headers = new Headers({ "x-ratelimit-limit-requests": limit, "x-ratelimit-remaining-requests": remaining });
		const expected = figures ? [{ unit: "requests", window: "day", ...figures }] : [];
		expect(readLimitHeaders(groq.limitHeaders ?? [], headers, now)).toEqual(expected);
	});

	it("are read at Mistral by the minute and by the month", () => {
		const headers = new Headers({
			"x-ratelimit-limit-req-minute": "720",
			"x-ratelimit-remaining-req-minute": "717",
			"x-ratelimit-limit-tokens-minute": "5000000",
			"x-ratelimit-remaining-tokens-minute": "4999911",
			"x-ratelimit-limit-tokens-month": "1000000000",
			"x-ratelimit-remaining-tokens-month": "999000000",
			"x-ratelimit-tokens-query-cost": "52",
		});
		expect(readLimitHeaders(mistral.limitHeaders ?? [], headers, now)).toEqual([
			{ unit: "requests", window: "minute", maximum: 720, remaining: 717 },
			{ unit: "tokens", window: "minute", maximum: 5_000_000, remaining: 4_999_911 },
			{ unit: "tokens", window: "month", maximum: 1_000_000_000, remaining: 999_000_000 },
		]);
	});

	it("mean a minute at Scaleway, for requests as well", () => {
		const headers = new Headers({
			"x-ratelimit-limit-requests": "600",
			"x-ratelimit-remaining-requests": "599",
			"x-ratelimit-reset-requests": "250ms",
			"x-ratelimit-limit-tokens": "1000000",
			"x-ratelimit-remaining-tokens": "999976",
			"x-ratelimit-reset-tokens": "35ms",
		});
		expect(readLimitHeaders(scaleway.limitHeaders ?? [], headers, now)).toEqual([
			{ unit: "requests", window: "minute", maximum: 600, remaining: 599, resetAt: now + 250 },
			{ unit: "tokens", window: "minute", maximum: 1_000_000, remaining: 999_976, resetAt: now + 35 },
		]);
	});

	it("keep for how many models they count", () => {
		const table = [{ unit: "requests", window: "day", scope: "provider", maximum: "a", remaining: "b" }] as const;
		expect(readLimitHeaders(table, new Headers({ a: "5" }), now)).toEqual([
			{ unit: "requests", window: "day", scope: "provider", maximum: 5 },
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
		[{}, "Please retry after 20 seconds.", 20],
		[{}, "Try again in 1.5 Minutes", 90],
		[{ "x-ms-retry-after-ms": "1500" }, "", 1.5],
		[{}, '{"retry_after": 4.5}', 4.5],
		[{ "retry-after": "soon" }, "try again in 90ms", 0.09],
		[{}, "Too many requests", undefined],
		[{ "x-ratelimit-reset": String(now + 90_000) }, "", 90],
		[{}, `{"metadata":{"headers":{"X-RateLimit-Reset":"${now + 3_600_000}"}}}`, 3_600],
		[{ "x-ratelimit-reset": String(now / 1_000 + 5) }, "", 5],
		[{ "x-ratelimit-reset": String(now - 1_000) }, "", 0],
		[{ "x-ratelimit-reset": "60" }, "", undefined],
		[{ "retry-after": "3", "x-ratelimit-reset": String(now + 90_000) }, "", 3],
	])("%j with the text %j asks for %j seconds", (headers, text, seconds) => {
		expect(readRetryAfter(new Headers(headers as Record<string, string>), text, now)).toBe(seconds);
	});
});

describe("limits told in the text of a refusal", () => {
	it.each([
		[
			groq,
			"Rate limit reached for model `m` on tokens per day (TPD): Limit 200000, Used 199990, Requested 900.",
			[{ unit: "tokens", window: "day", maximum: 200_000, remaining: 10 }],
		],
		[
			groq,
			"Rate limit reached on requests per minute (RPM): Limit 30, Used 31, Requested 1.",
			[{ unit: "requests", window: "minute", maximum: 30, remaining: 0 }],
		],
		[groq, "Request too large on tokens per minute (TPM): Limit 8000, Requested 9012", []],
		[
			openrouter,
			'{"message":"Rate limit exceeded: free-models-per-day. Add 10 credits","metadata":{"headers":{"X-RateLimit-Limit":"50","X-RateLimit-Remaining":"0"}}}',
			[{ unit: "requests", window: "day", scope: "provider", maximum: 50, remaining: 0 }],
		],
		[
			openrouter,
			"Rate limit exceeded: free-models-per-day-high-balance.",
			[{ unit: "requests", window: "day", scope: "provider", remaining: 0 }],
		],
		[
			openrouter,
			"Rate limit exceeded: free-models-per-min.",
			[{ unit: "requests", window: "minute", scope: "provider", remaining: 0 }],
		],
		[
			cloudflare,
			'{"errors":[{"code":3036,"message":"You have used up your daily free allocation of 10,000 neurons."}]}',
			[{ unit: "credits", window: "day", scope: "provider", remaining: 0 }],
		],
		[cloudflare, '{"errors":[{"code":3040,"message":"No more data centers"}]}', []],
	] as const)("%# are read", ({ limitTexts = [] }, text, observed) => {
		expect(readLimitTexts(limitTexts, text)).toEqual(observed);
	});
});
