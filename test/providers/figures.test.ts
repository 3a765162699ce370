import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { usualDeadlines } from "../../src/providers/deadlines.ts";
import { createProviders, providerSpecs } from "../../src/providers/index.ts";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";

/** Published limits: unit, window, kind, zone, scope and figure. */
const limits = [
	["groq", "requests/minute rolling UTC model 30"],
	["groq", "requests/day rolling UTC model 1000"],
	["groq", "tokens/minute rolling UTC model 8000"],
	["groq", "tokens/day rolling UTC model 200000"],
	["openrouter", "requests/minute rolling UTC provider 20"],
	["openrouter", "requests/day calendar UTC provider 50"],
	["cloudflare", "credits/day calendar UTC provider 10000"],
	["cloudflare", "requests/minute rolling UTC provider 300"],
	["ionos", "requests/minute rolling UTC provider 300"],
	["ovhcloud", "requests/minute rolling UTC model 400"],
] as const;

/** Published prices per million tokens, in the provider's currency. */
const prices = [
	["qwen", "qwen3.8-max", 2, 6],
	["qwen", "qwen3.8-flash", 0.15, 0.47],
	["groq", "openai/gpt-oss-120b", 0.15, 0.6],
	["groq", "openai/gpt-oss-20b", 0.075, 0.3],
	["groq", "qwen/qwen3.8-27b", 0.8, 4],
	["deepseek", "deepseek-v4-pro", 1.32, 3.96],
	["deepseek", "deepseek-flash", 0.3, 1.2],
	["mistral", "mistral-large-4", 0.7, 2.1],
	["mistral", "mistral-small-latest", 0.15, 0.6],
	["mistral", "ministral-14b-latest", 0.2, 0.2],
	["mistral", "ministral-8b-latest", 0.15, 0.15],
	["ionos", "openai/gpt-oss-120b", 0.15, 0.65],
	["ionos", "mistralai/Mistral-Small-24B-Instruct", 0.1, 0.3],
	["ovhcloud", "gpt-oss-120b", 0.08, 0.4],
] as const;

const specOf = (name: string) => {
	const spec = providerSpecs.find((one) => one.name === name);
	if (!spec) throw new Error(name);
	return spec;
};

describe("the built-in figures", () => {
	it.each(limits)("of %s have the window %s in every model", (name, wanted) => {
		for (const model of specOf(name).models) {
			const known = model.limits.map(
				({ unit, window, kind, timeZone, scope = "model", maximum }) =>
					`${unit}/${window} ${kind} ${timeZone} ${scope} ${maximum}`,
			);
			expect(known).toContain(wanted);
			expect(known).toHaveLength(limits.filter(([one]) => one === name).length);
		}
	});

	it("know no limits where a provider tells them or has none", () => {
		for (const name of ["qwen", "deepseek", "mistral", "scaleway", "local"]) {
			expect(specOf(name).models.flatMap((model) => model.limits)).toEqual([]);
		}
	});

	it.each(prices)("of %s have the price of %s", (name, id, input, output) => {
		expect(specOf(name).models.find((model) => model.id === id)?.price).toEqual({ input, output });
	});

	it("ask Groq for short answers only: it books them before they begin", () => {
		for (const { maxAnswerTokens } of specOf("groq").models) {
			expect(maxAnswerTokens).toBeGreaterThanOrEqual(700);
			expect(maxAnswerTokens).toBeLessThanOrEqual(1_000);
		}
	});

	it("give up a server that is silent for 10 seconds at the start or for 15 in between", () => {
		expect(usualDeadlines).toMatchObject({ firstDataMilliseconds: 10_000, idleMilliseconds: 15_000 });
		expect(specOf("local").deadlines?.firstDataMilliseconds).toBe(60_000);
	});
});

describe("a server that refuses every field it does not know", () => {
	let server: FakeLanguageModel;

	beforeEach(async () => {
		server = await createFakeLanguageModel({ models: ["mistral-small-latest"], knownFields: [] });
	});
	afterEach(() => server.close());

	it("is asked by the client for Mistral once, without extra fields", async () => {
		const parts = { clock: systemClock, log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "" };
		const settings = { name: "mistral", apiKey: "k", baseUrl: server.baseUrl, models: ["mistral-small-latest"] };
		const [provider] = createProviders([settings], parts);
		const [model] = provider?.models ?? [];
		if (!provider || !model) throw new Error("no provider");
		await provider.complete(model, { messages: [{ role: "user", content: "Hallo" }], maxTokens: 10 });
		expect(server.requests).toHaveLength(1);
		expect(Object.keys(server.requests[0]?.body ?? {}).toSorted()).toEqual([
			"max_tokens",
			"messages",
			"model",
			"stream",
		]);
	});
});
