import { describe, expect, it } from "vitest";
import { providerErrorOf, RefusedError } from "../../src/providers/errors.ts";
import { providerSpecs } from "../../src/providers/index.ts";
import type { ProviderErrorKind } from "../../src/providers/provider.ts";

/** Bodies as the providers really word them; from their documentation and from bug reports. */
const refusals: readonly (readonly [
	provider: string,
	status: number | undefined,
	body: string,
	kind: ProviderErrorKind,
])[] = [
	["qwen", 401, '{"code":"invalid_api_key","message":"Incorrect API key provided."}', "auth"],
	["qwen", 403, '{"code":"AccessDenied.Unpurchased","message":"Access to model denied."}', "no-allowance"],
	[
		"qwen",
		403,
		'{"code":"AllocationQuota.FreeTierOnly","message":"The free tier of the model has been exhausted."}',
		"no-allowance",
	],
	[
		"qwen",
		400,
		'{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}',
		"money",
	],
	[
		"qwen",
		400,
		'{"code":"data_inspection_failed","message":"Input data may contain inappropriate content."}',
		"content",
	],
	["qwen", 400, '{"code":"DataInspectionFailed","message":"…"}', "content"],
	["qwen", 404, '{"code":"model_not_found","message":"The model does not exist."}', "model-gone"],
	["qwen", 429, '{"code":"insufficient_quota","message":"You exceeded your current quota."}', "rate-limit"],
	["qwen", 429, '{"code":"Throttling.RateQuota","message":"Requests rate limit exceeded."}', "rate-limit"],
	["qwen", 400, '{"code":"InvalidParameter","message":"Range of input length should be [1, 30720]"}', "bad-request"],
	[
		"groq",
		413,
		'{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 8000, Requested 9012, please reduce your message size","code":"rate_limit_exceeded"}',
		"too-large",
	],
	[
		"groq",
		429,
		'{"message":"Rate limit reached on tokens per day (TPD): Limit 200000, Used 199990, Requested 900. Please try again in 6m1s. Need more? Visit /settings/billing","code":"rate_limit_exceeded"}',
		"rate-limit",
	],
	[
		"groq",
		400,
		'{"message":"Please reduce the length of the messages or completion.","code":"context_length_exceeded"}',
		"context",
	],
	["groq", 400, '{"message":"spend limit","code":"blocked_api_access"}', "money"],
	["groq", 400, '{"message":"The model `x` has been decommissioned","code":"model_decommissioned"}', "model-gone"],
	["groq", 403, '{"message":"blocked","code":"model_permission_blocked_org"}', "no-allowance"],
	["groq", 498, '{"message":"flex tier capacity exceeded"}', "overload"],
	["deepseek", 402, '{"message":"Insufficient Balance","type":"unknown_error"}', "money"],
	["deepseek", 400, '{"message":"This model\'s maximum context length is 131072 tokens."}', "context"],
	["deepseek", 400, '{"message":"Model Not Exist"}', "model-gone"],
	["deepseek", 422, '{"message":"unknown field"}', "bad-request"],
	["deepseek", 429, "", "rate-limit"],
	["deepseek", 403, '{"message":"billing is overdue"}', "money"],
	["deepseek", 429, '{"message":"You exceeded your current quota","code":"insufficient_quota"}', "money"],
	[
		"local",
		400,
		'{"code":400,"message":"request (9000 tokens) exceeds the available context size (8192 tokens)","type":"exceed_context_size_error"}',
		"context",
	],
	["local", 404, '{"error":"model \'gemma4:e4b\' not found"}', "model-gone"],
	["local", 503, '{"message":"Loading model","type":"unavailable_error"}', "overload"],
	["local", 500, "<html>502 Bad Gateway</html>", "overload"],
	["local", undefined, '{"code":500,"message":"context size has been exceeded","type":"server_error"}', "context"],
	["local", undefined, '"model runner has unexpectedly stopped"', "overload"],
	["groq", undefined, '{"message":"slow down","type":"rate_limit_error"}', "rate-limit"],
	["groq", undefined, '{"message":"no","code":401}', "auth"],
	[
		"groq",
		429,
		'{"message":"Rate limit exceeded","type":"rate_limited","code":"1300","limit-req-minute":0}',
		"no-allowance",
	],
	["groq", 418, "", "bad-request"],
];

const factsOf = (name: string): Parameters<typeof providerErrorOf>[1] => {
	const spec = providerSpecs.find((one) => one.name === name);
	if (!spec) throw new Error(name);
	return { ...spec, apiKey: "sk-geheim", now: 0 };
};

describe("what a refusal means", () => {
	it.each(refusals)("%s, status %s, %s: %s", (name, status, body, kind) => {
		expect(providerErrorOf(new RefusedError(status, body, new Headers()), factsOf(name)).kind).toBe(kind);
	});

	it("sees in the headers that there is no allowance at all", () => {
		const headers = new Headers({ "x-ratelimit-limit-req-minute": "0" });
		expect(providerErrorOf(new RefusedError(429, "{}", headers), factsOf("groq")).kind).toBe("no-allowance");
	});

	it("carries the limits that came with the refusal", () => {
		const headers = new Headers({ "x-ratelimit-limit-requests": "1000", "x-ratelimit-remaining-requests": "0" });
		const { observed } = providerErrorOf(new RefusedError(429, "", headers), factsOf("groq"));
		expect(observed).toEqual([{ unit: "requests", window: "day", maximum: 1_000, remaining: 0 }]);
	});

	it("names the status and a plain code, nothing else of the body", () => {
		const body = '{"message":"Du sagtest: Geheimnis","type":"invalid_request_error","code":"rate_limit_exceeded"}';
		const { message } = providerErrorOf(new RefusedError(429, body, new Headers()), factsOf("groq"));
		expect(message).toBe("groq: HTTP 429 rate_limit_exceeded");
	});

	it.each([
		[new TypeError("terminated"), "network", "groq: connection failed"],
		[
			new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) }),
			"network",
			"groq: connection failed (ECONNREFUSED)",
		],
		[new SyntaxError('Unexpected token in "Geheimnis"'), "bad-answer", "groq: unreadable answer"],
	])("takes %s for %s", (error, kind, message) => {
		expect(providerErrorOf(error, factsOf("groq"))).toMatchObject({ kind, message, cause: undefined });
	});
});
