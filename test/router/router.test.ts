import { describe, expect, it } from "vitest";
import { type ChatMessage, providerErrorKinds } from "../../src/providers/provider.ts";
import { reactions } from "../../src/router/reactions.ts";
import { estimateTokens } from "../../src/router/tokens.ts";
import { createRouterParts, failure, wish } from "./router-parts.ts";
import { createModel, createScriptedProvider, quality } from "./scripted-provider.ts";

/** Three providers in the order in which a greeting asks them. */
function three() {
	return [1_000, 100, 10].map((tokensPerSecond, index) =>
		createScriptedProvider(["first", "second", "third"][index] ?? "", {
			models: [createModel(`m${index + 1}`, { tokensPerSecond })],
		}),
	) as [
		ReturnType<typeof createScriptedProvider>,
		ReturnType<typeof createScriptedProvider>,
		ReturnType<typeof createScriptedProvider>,
	];
}

const callsOf = (providers: readonly { readonly calls: readonly unknown[] }[]): number[] =>
	providers.map(({ calls }) => calls.length);

describe("the router", () => {
	it("lets the best route answer and tells what it decided and what it cost", async () => {
		const model = createModel("m", { price: { input: 1, output: 2 } });
		const provider = createScriptedProvider("qwen", { models: [model], isPaid: true });
		const { ask, lines } = createRouterParts([provider]);
		provider.script({ usage: { inputTokens: 1_000, outputTokens: 500, isEstimated: false } });

		const { completion, decision } = await ask();

		expect(completion.text).toBe("Antwort von qwen");
		expect(decision).toEqual({
			task: { label: "chat", demand: "fast", confidence: 0.8 },
			mode: "balanced",
			provider: "qwen",
			label: "QWEN",
			model: "m",
			region: "eu",
			attempts: [{ provider: "qwen", model: "m", milliseconds: 0 }],
			cost: 0.002,
		});
		expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatchObject({ text: "answered", facts: { task: "chat", provider: "qwen", model: "m" } });
		expect(JSON.stringify(lines)).not.toContain("Hallo");
	});

	it.each(providerErrorKinds.filter((kind) => reactions[kind].next !== "nobody" && kind !== "context"))(
		"asks the next provider after %s and never the failed one again",
		async (kind) => {
			const providers = three();
			providers[0].script(failure(kind));
			const { ask, lines } = createRouterParts(providers);

			const { decision } = await ask();

			expect(decision.provider).toBe("second");
			expect(decision.attempts.map(({ failure }) => failure)).toEqual([kind, undefined]);
			expect(callsOf(providers)).toEqual([1, 1, 0]);
			expect(lines.filter(({ text }) => text === "answered")).toHaveLength(1);
		},
	);

	it("passes a paused provider over without calling it, until its pause is over", async () => {
		const providers = three();
		providers[0].script(failure("overload"), "wieder da");
		const { ask, clock } = createRouterParts(providers);
		await ask();
		await ask();
		expect(callsOf(providers)).toEqual([1, 2, 0]);

		await clock.advance(30_000);

		expect((await ask()).completion.text).toBe("wieder da");
	});

	it("asks the same provider's next model when one model is out", async () => {
		const models = [createModel("big", { quality: quality(0.9) }), createModel("small", { quality: quality(0.5) })];
		const provider = createScriptedProvider("groq", { models });
		provider.script(failure("model-gone"), "klein");
		const { ask } = createRouterParts([provider]);

		const { decision } = await ask();

		expect(provider.calls.map(({ model }) => model)).toEqual(["big", "small"]);
		expect(decision.model).toBe("small");
	});

	it("does not let a person wait for the second model of a server that hangs", async () => {
		const models = [createModel("big", { quality: quality(0.9) }), createModel("small", { quality: quality(0.9) })];
		const [hanging, other] = [createScriptedProvider("groq", { models }), createScriptedProvider("local")];
		hanging.script(failure("timeout"));
		const { ask } = createRouterParts([hanging, other]);

		expect((await ask()).decision.attempts).toMatchObject([{ failure: "timeout" }, { provider: "local" }]);
		expect(callsOf([hanging, other])).toEqual([1, 1]);
	});

	it.each([
		["content", "content"],
		["bad-request", "bad-request"],
		["aborted", "aborted"],
	] as const)("does not wander through the providers with %s", async (kind, expected) => {
		const providers = three();
		providers[0].script(failure(kind));
		const { ask } = createRouterParts(providers);

		await expect(ask()).rejects.toMatchObject({ name: "RouterError", kind: expected, nextTryAt: undefined });
		expect(callsOf(providers)).toEqual([1, 0, 0]);
	});

	it("asks nobody outside the permitted regions, not even when everybody else is out", async () => {
		const abroad = createScriptedProvider("deepseek", { region: "china" });
		const home = createScriptedProvider("local", { region: "local" });
		home.script(failure("network"));
		const { ask } = createRouterParts([abroad, home]);

		await expect(ask({ regions: ["local", "eu"] })).rejects.toMatchObject({ kind: "busy" });
		await expect(ask({ regions: ["eu"] })).rejects.toMatchObject({ kind: "no-provider" });
		expect(abroad.calls).toHaveLength(0);
	});

	it("survives a provider that breaks its promise about errors", async () => {
		const providers = three();
		providers[0].script(() => Promise.reject(new TypeError("defect")));
		const { ask } = createRouterParts(providers);

		expect((await ask()).decision.attempts[0]?.failure).toBe("bad-answer");
	});

	it("calls nobody and says busy when the ledger is broken", async () => {
		const providers = three();
		const { ask, database } = createRouterParts(providers);
		database.close();

		await expect(ask()).rejects.toMatchObject({ name: "RouterError", kind: "busy", nextTryAt: undefined });
		expect(callsOf(providers)).toEqual([0, 0, 0]);
	});

	it("gives the answer that came while the ledger broke", async () => {
		const provider = createScriptedProvider("a");
		const { ask, database } = createRouterParts([provider]);
		provider.script(async () => {
			database.close();
			return { text: "trotzdem" };
		});

		expect((await ask()).completion.text).toBe("trotzdem");
	});
});

describe("what is asked of a route", () => {
	it("fits its context and its tokens per minute, question and answer together", async () => {
		const limit = { unit: "tokens", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 3_000 } as const;
		const models = [
			createModel("limited", { tokensPerSecond: 1_000, contextTokens: 100_000, limits: [limit] }),
			createModel("wide", { tokensPerSecond: 10, contextTokens: 100_000 }),
			createModel("tiny", { tokensPerSecond: 1, contextTokens: 1_500 }),
		];
		const provider = createScriptedProvider("groq", { models });
		provider.script(failure("overload"), failure("overload"), "gut");
		const { router } = createRouterParts([provider]);
		const rooms: number[] = [];
		const sized = (inputTokens: number): ChatMessage[] => {
			rooms.push(inputTokens);
			return [{ role: "user", content: "x" }];
		};

		await router.complete(wish, sized);

		expect(rooms).toEqual([2_000, 99_000, 750]);
		expect(provider.calls.map(({ request }) => request.maxTokens)).toEqual([1_000, 1_000, 750]);
	});

	it("is too long when the question fits nobody", async () => {
		const provider = createScriptedProvider("local", { models: [createModel("m", { contextTokens: 2_000 })] });
		const { router, lines } = createRouterParts([provider]);
		const content = "Wort ".repeat(2_000);

		await expect(router.complete({ ...wish, text: content }, () => [{ role: "user", content }])).rejects.toMatchObject({
			kind: "too-long",
		});
		expect(lines.at(-1)?.facts.attempts).toMatchObject([{ failure: "too-large" }]);
		expect(provider.calls).toHaveLength(0);
	});

	it("is booked before the call and settled with what was used, and the headers of failures are kept too", async () => {
		const limit = { unit: "tokens", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 3_000 } as const;
		const provider = createScriptedProvider("groq", { models: [createModel("m", { limits: [limit] })] });
		const { ask, quota, clock } = createRouterParts([provider]);
		const used = () => quota.report().providers[0]?.windows.find(({ unit }) => unit === "tokens")?.used;
		provider.script(async () => {
			expect(used()).toBe(estimateTokens("Hallo") + 1_000);
			return { usage: { inputTokens: 40, outputTokens: 2, isEstimated: false } };
		});
		await ask();
		expect(used()).toBe(42);
		expect(quota.usedToday("telegram:1")).toMatchObject({ answers: 1, tokens: 42 });

		const resetAt = clock.now() + 90_000;
		const observed = [{ unit: "tokens", window: "minute", maximum: 6_000, remaining: 10, resetAt } as const];
		provider.script(failure("overload", { observed }));
		await expect(ask()).rejects.toMatchObject({ kind: "busy" });

		expect(quota.report().providers[0]?.windows[0]).toMatchObject({
			used: 5_990,
			limit: 6_000,
			source: "header",
			resetAt,
		});
		expect(quota.usedToday("telegram:1").answers).toBe(1);
	});

	it.each([
		["rate-limit", "", 0],
		["network", "", 0],
		["timeout", "", estimateTokens("Hallo") + estimateTokens("")],
		["network", "Teil", estimateTokens("Hallo") + estimateTokens("Teil")],
	] as const)("that failed with %s after showing '%s' uses up %d tokens", async (kind, shown, tokens) => {
		const provider = createScriptedProvider("groq");
		const { ask, quota } = createRouterParts([provider]);
		provider.script(async (_, { onText }) => {
			if (shown) onText?.(shown);
			throw failure(kind);
		});

		if (shown) expect(await ask()).toMatchObject({ completion: { text: shown }, isBroken: true });
		else await expect(ask()).rejects.toMatchObject({ kind: "busy" });

		expect(quota.usedToday("telegram:1")).toMatchObject({ answers: 0, tokens });
		expect(quota.report().providers[0]?.windows[0]?.used).toBe(tokens === 0 ? 0 : 1);
	});
});
