import { describe, expect, it } from "vitest";
import { providerErrorOf, RefusedError } from "../../src/providers/errors.ts";
import { providerSpecs } from "../../src/providers/index.ts";
import { refusals } from "./refusals.ts";

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
