import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders, providerSpecs } from "../../src/providers/index.ts";
import type { Limit, Provider } from "../../src/providers/provider.ts";
import type { ProviderSettings } from "../../src/providers/spec.ts";

const create = (settings: Pick<ProviderSettings, "name"> & Partial<ProviderSettings>): Provider => {
	const parts = { clock: systemClock, log: createLog("silent", []), eurPerUsd: 0.5, dataDirectory: "" };
	const [provider] = createProviders([{ apiKey: "k", baseUrl: "https://x.example/v1", ...settings }], parts);
	if (!provider) throw new Error("no provider");
	return provider;
};
const listPriceOf = (name: string): unknown => providerSpecs.find((spec) => spec.name === name)?.models[0]?.price;

describe("the models of a provider", () => {
	it("have prices in EUR, whatever the list is in", () => {
		expect(listPriceOf("qwen")).toEqual({ input: 2, output: 6 });
		expect(create({ name: "qwen" }).models[0]?.price).toEqual({ input: 1, output: 3 });
		expect(create({ name: "ionos" }).models[0]?.price).toEqual(listPriceOf("ionos"));
	});

	it("keep an unknown id's price on the safe side", () => {
		expect(create({ name: "qwen", models: ["qwen9"] }).models[0]?.price).toEqual({ input: 2, output: 6 });
	});

	it("are limited as the operator says, where he says something", () => {
		const limits: readonly Limit[] = [
			{ unit: "requests", window: "day", kind: "rolling", timeZone: "UTC", maximum: 5 },
		];
		for (const model of create({ name: "groq", limits }).models) {
			expect(model).toMatchObject({ limits, areLimitsConfigured: true });
		}
		expect(create({ name: "groq" }).models[0]).not.toHaveProperty("areLimitsConfigured");
	});

	it("are free at OpenRouter when they end so, and only others make it paid", () => {
		const mixed = create({ name: "openrouter", models: ["a/b:free", "a/b"] });
		const [free, paid] = mixed.models;
		expect(free?.price).toEqual({ input: 0, output: 0 });
		expect(free?.limits).toHaveLength(2);
		expect(paid?.price.output).toBeGreaterThan(0);
		expect(paid?.limits).toEqual([]);
		expect(mixed.isPaid).toBe(true);
		expect(create({ name: "openrouter" }).isPaid).toBe(false);
	});

	it("are billed or not as the operator says, where they have a price", () => {
		expect(create({ name: "groq" }).isPaid).toBe(false);
		expect(create({ name: "groq", isPaid: true }).isPaid).toBe(true);
		expect(create({ name: "qwen" }).isPaid).toBe(true);
		expect(create({ name: "qwen", isPaid: false }).isPaid).toBe(false);
		expect(create({ name: "local", isPaid: true }).isPaid).toBe(false);
	});

	it("count neurons at Cloudflare, of one pot", () => {
		const { models, isPaid } = create({ name: "cloudflare" });
		expect(isPaid).toBe(false);
		const gemma = models.find(({ id }) => id.includes("gemma"));
		expect(gemma?.credits).toEqual({ input: 9_091, output: 27_273 });
		expect(gemma?.limits).toContainEqual({
			unit: "credits",
			window: "day",
			kind: "calendar",
			timeZone: "UTC",
			maximum: 10_000,
			scope: "provider",
		});
	});
});

describe("the price at DeepSeek", () => {
	it.each([
		["Monday 08:59", Date.UTC(2026, 10, 23, 0, 59), 0.5],
		["Monday 09:00", Date.UTC(2026, 10, 23, 1), 1],
		["Monday 11:59", Date.UTC(2026, 10, 23, 3, 59), 1],
		["Monday 12:00", Date.UTC(2026, 10, 23, 4), 0.5],
		["Friday 17:59", Date.UTC(2026, 10, 27, 9, 59), 1],
		["Friday 18:00", Date.UTC(2026, 10, 27, 10), 0.5],
		["Saturday 10:00", Date.UTC(2026, 10, 28, 2), 0.5],
		["Sunday 15:00", Date.UTC(2026, 10, 29, 7), 0.5],
		["Monday 09:00, Sunday night in the west", Date.UTC(2026, 10, 30, 1), 1],
	])("on %s in Beijing", (_, at, factor) => {
		expect(create({ name: "deepseek" }).priceFactor?.(at)).toBe(factor);
	});
});
