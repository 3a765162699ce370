import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Region, regions, tasks } from "../../src/providers/provider.ts";
import { rank } from "../../src/router/rank.ts";
import { modes, type Route, type TaskAnalysis, type Wish } from "../../src/router/route.ts";
import { taskOf } from "../../src/router/task.ts";
import { createModel, createScriptedProvider, quality } from "./scripted-provider.ts";

const wish = (facts: Partial<Wish> = {}): Wish => ({
	author: "telegram:1",
	text: "Hallo",
	previous: [],
	regions: ["local", "eu", "us", "asia", "china"],
	mode: "balanced",
	...facts,
});

const strong: TaskAnalysis = { label: "coding", demand: "strong", confidence: 0.9 };
const fast: TaskAnalysis = { label: "chat", demand: "fast", confidence: 0.9 };

function route(name: string, region: Region, facts: Parameters<typeof createModel>[1]): Route {
	const model = createModel(`${name}-model`, facts);
	const isPaid = facts?.price !== undefined;
	return { provider: createScriptedProvider(name, { region, models: [model], isPaid }), model };
}

const qwen = route("qwen", "eu", { quality: quality(0.9), tokensPerSecond: 60, price: { input: 2, output: 6 } });
const groq = route("groq", "us", { quality: quality(0.75), tokensPerSecond: 500 });
const deepseek = route("deepseek", "china", {
	quality: quality(0.85),
	tokensPerSecond: 50,
	price: { input: 0.3, output: 1.2 },
});
const local = route("local", "local", { quality: quality(0.5), tokensPerSecond: 15 });
const all = [local, deepseek, groq, qwen];
const names = (routes: readonly Route[]): string[] => routes.map(({ provider }) => provider.name);
const ranked = (facts: Partial<Wish>, task: TaskAnalysis, share: (route: Route) => number = () => 1): string[] =>
	names(rank(all, wish(facts), task, share));

describe("the ranking", () => {
	it("prefers Qwen for what needs a strong model and Groq for what must be quick", () => {
		expect(ranked({}, strong)[0]).toBe("qwen");
		expect(ranked({}, fast)[0]).toBe("groq");
	});

	it("sends the overflow of strong tasks to DeepSeek where the person permits it", () => {
		expect(names(rank([local, deepseek, groq], wish(), strong, () => 1))[0]).toBe("deepseek");
		expect(names(rank([local, deepseek, groq], wish({ regions: ["local", "us"] }), strong, () => 1))[0]).toBe("groq");
	});

	it("keeps to this machine where the regions say so, and prefers it for the thrifty", () => {
		expect(ranked({ regions: ["local"] }, strong)).toEqual(["local"]);
		expect(ranked({ mode: "thrift" }, strong)[0]).toBe("local");
	});

	it("follows the mode: the best answer or the quickest", () => {
		expect(ranked({ mode: "quality" }, fast)[0]).toBe("qwen");
		expect(ranked({ mode: "speed" }, strong)[0]).toBe("groq");
	});

	it("spares a quota that is nearly used up", () => {
		expect(ranked({}, { label: "writing", demand: "any", confidence: 1 })[0]).toBe("groq");
		expect(
			ranked({}, { label: "writing", demand: "any", confidence: 1 }, ({ provider }) =>
				provider.name === "groq" ? 0 : 1,
			)[0],
		).not.toBe("groq");
	});

	it("sends a long text where it leaves room for the conversation", () => {
		const small = route("small", "eu", { quality: quality(0.8), contextTokens: 4_000 });
		const large = route("large", "eu", { quality: quality(0.7), contextTokens: 100_000 });
		const text = "Wort ".repeat(2_000);

		expect(names(rank([small, large], wish(), strong, () => 1))).toEqual(["small", "large"]);
		expect(names(rank([small, large], wish({ text }), strong, () => 1))).toEqual(["large", "small"]);
	});

	it("never names a route outside the permitted regions, whatever else speaks for it", () => {
		fc.assert(
			fc.property(
				fc.array(fc.record({ region: fc.constantFrom(...regions), value: fc.double({ min: 0, max: 1, noNaN: true }) })),
				fc.subarray([...regions]),
				fc.constantFrom(...modes),
				fc.constantFrom(...tasks),
				(offers, permitted, mode, label) => {
					const routes = offers.map(({ region, value }) => route("x", region, { quality: quality(value) }));
					const result = rank(routes, wish({ regions: permitted, mode }), { ...fast, label }, () => 1);

					expect(result.every(({ provider }) => permitted.includes(provider.region))).toBe(true);
					expect(result.length).toBe(routes.filter(({ provider }) => permitted.includes(provider.region)).length);
				},
			),
			{ numRuns: 100 },
		);
	});

	it("decides a hundred routes in a moment", () => {
		const routes = Array.from({ length: 100 }, () => groq);
		const begun = performance.now();
		rank(routes, wish(), taskOf("Hallo", []), () => 1);
		expect(performance.now() - begun).toBeLessThan(100);
	});
});
