import { describe, expect, it } from "vitest";
import { createCompose } from "../../src/assistant/conversation.ts";
import type { ProviderErrorKind } from "../../src/providers/provider.ts";
import type { Wish } from "../../src/router/route.ts";
import { estimateTokens } from "../../src/router/tokens.ts";
import { createRouterParts, failure, wish } from "./router-parts.ts";
import { createModel, createScriptedProvider, quality } from "./scripted-provider.ts";

const turn = (number: number) => ({ id: `m${number}`, question: `F${number} `.repeat(50), answer: "A ".repeat(100) });
const talk = createCompose("System", [1, 2, 3, 4].map(turn), "Frage?", estimateTokens);
const alone = createCompose("System", [], "Frage?", estimateTokens);

/** Providers of growing context, asked in this order. */
function growing(...contexts: readonly number[]) {
	return contexts.map((contextTokens, index) => {
		const facts = { contextTokens, tokensPerSecond: 1_000 / 10 ** index };
		return createScriptedProvider(["a", "b", "c", "d"][index] ?? "", { models: [createModel("m", facts)] });
	}) as [ReturnType<typeof createScriptedProvider>, ...ReturnType<typeof createScriptedProvider>[]];
}

const turnsOf = ({ calls }: ReturnType<typeof createScriptedProvider>): number[] =>
	calls.map(({ request }) => (request.messages.length - 2) / 2);

describe.each(["context", "too-large"] as const)("a conversation refused with %s", (kind) => {
	it("is asked once more on the same route with less than half of it", async () => {
		const [first, second] = growing(8_000, 16_000);
		first.script(failure(kind), "kürzer");
		const { router } = createRouterParts([first, ...(second ? [second] : [])]);

		const { completion, decision } = await router.complete(wish, talk);

		expect(completion.text).toBe("kürzer");
		expect(turnsOf(first)).toEqual([4, 1]);
		expect(decision.attempts.map(({ failure }) => failure)).toEqual([kind, undefined]);
		expect(second?.calls).toHaveLength(0);
	});

	it("goes whole to one that takes more when that was too long as well", async () => {
		const providers = growing(8_000, 16_000);
		providers[0].script(failure(kind));
		const { router } = createRouterParts(providers);

		expect((await router.complete(wish, talk)).decision.provider).toBe("b");
		expect(providers.map(turnsOf)).toEqual([[4, 1], [4]]);
	});

	it("goes on at once when there is nothing to leave out", async () => {
		const providers = growing(8_000, 16_000);
		providers[0].script(failure(kind));
		const { router } = createRouterParts(providers);

		expect((await router.complete(wish, alone)).decision.provider).toBe("b");
		expect(providers.map(({ calls }) => calls.length)).toEqual([1, 1]);
	});
});

describe("what is too long", () => {
	it("is no question for a window that holds nothing at all", async () => {
		const limit = { unit: "tokens", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 0 } as const;
		const provider = createScriptedProvider("a", { models: [createModel("m", { limits: [limit] })] });
		await expect(createRouterParts([provider]).ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: undefined });
	});

	it("for a context asks only larger ones, and has its own sentence when there is none", async () => {
		const providers = growing(32_000, 8_000, 16_000, 32_000);
		providers[0].script(failure("context"));
		const { router } = createRouterParts(providers);

		await expect(router.complete(wish, alone)).rejects.toMatchObject({ kind: "too-long" });
		expect(providers.map(({ calls }) => calls.length)).toEqual([1, 0, 0, 0]);
	});

	it("for a provider's limits asks no other model of it", async () => {
		const models = [createModel("big", { quality: quality(0.9) }), createModel("small", { quality: quality(0.9) })];
		const [limited, other] = [createScriptedProvider("a", { models }), createScriptedProvider("b")];
		limited.script(failure("too-large"));
		const { router } = createRouterParts([limited, other]);

		expect((await router.complete(wish, alone)).decision.provider).toBe("b");
		expect(limited.calls).toHaveLength(1);
	});

	it("says when the larger one is back if it only pauses", async () => {
		const providers = growing(8_000, 16_000);
		providers[0].script(failure("context"));
		providers[1]?.script(failure("rate-limit", { retryAfterSeconds: 60 }));
		const { router, clock } = createRouterParts(providers);

		await expect(router.complete(wish, alone)).rejects.toMatchObject({ kind: "busy", nextTryAt: clock.now() + 60_000 });
	});

	it("as a question alone goes to a larger context without a call", async () => {
		const providers = growing(2_000, 16_000);
		const { router } = createRouterParts(providers);
		const question = createCompose("System", [], "Wort ".repeat(2_000), estimateTokens);

		expect((await router.complete(wish, question)).decision).toMatchObject({ provider: "b" });
		expect(providers[0].calls).toHaveLength(0);
	});
});

describe.each(["no-allowance", "model-gone"] as const)("a model that is not to be had: %s", (kind) => {
	it("is replaced by the next one of its provider before another provider is asked", async () => {
		const models = ["big", "middle", "small"].map((id, index) =>
			createModel(id, { quality: quality(0.9 - index / 3) }),
		);
		const provider = createScriptedProvider("a", { models });
		const better = createScriptedProvider("b", { models: [createModel("m", { quality: quality(0.8) })] });
		provider.script(failure(kind), failure(kind), "klein");
		const { ask } = createRouterParts([provider, better]);

		expect((await ask()).decision.model).toBe("small");
		expect(provider.calls.map(({ model }) => model)).toEqual(["big", "middle", "small"]);
	});
});

describe("one that comes back while the others are asked", () => {
	it("is asked once more before nobody is left", async () => {
		const [first, second] = growing(8_000, 8_000);
		first.script(failure("rate-limit", { retryAfterSeconds: 7 }), "wieder da");
		const { ask, clock } = createRouterParts([first, ...(second ? [second] : [])]);
		second?.script(async () => {
			await clock.advance(9_000);
			throw failure("timeout");
		});

		expect((await ask()).completion.text).toBe("wieder da");
		expect(first.calls).toHaveLength(2);
	});
});

describe("the time that a person looks at nothing", () => {
	const ofKind = (kind: ProviderErrorKind, region: Wish["regions"][number] = "eu") =>
		["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => {
			const provider = createScriptedProvider(name, { region });
			return { provider, slowly: (wait: () => Promise<void>) => provider.script(async () => fail(kind, wait)) };
		});
	const fail = async (kind: ProviderErrorKind, wait: () => Promise<void>) => {
		await wait();
		throw failure(kind);
	};

	it("is a minute at most: then nobody else is asked", async () => {
		const all = ofKind("timeout");
		const { ask, clock } = createRouterParts(all.map(({ provider }) => provider));
		for (const { slowly } of all) slowly(async () => void (await clock.advance(10_000)));

		await expect(ask()).rejects.toMatchObject({ kind: "busy" });

		expect(all.filter(({ provider }) => provider.calls.length > 0)).toHaveLength(6);
	});

	it("does not count what a model of the own machine needs to be loaded", async () => {
		const [local, other] = [createScriptedProvider("local", { region: "local" }), createScriptedProvider("z")];
		const { ask, clock } = createRouterParts([local, other]);
		local.script(async () => fail("timeout", async () => void (await clock.advance(300_000))));

		expect((await ask()).decision.provider).toBe("z");
	});

	it("ends a call that works and works without a word", async () => {
		const [thinking, other] = [createScriptedProvider("a"), createScriptedProvider("b")];
		thinking.script((_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener("abort", reject)));
		const { ask, clock } = createRouterParts([thinking, other]);

		const answer = ask();
		await clock.advance(30_000);

		expect((await answer).decision.attempts).toMatchObject([{ provider: "a", failure: "timeout" }, { provider: "b" }]);
		expect(clock.pendingTimers()).toBe(0);
	});

	it("ends with the first word: after that a call takes the time it takes", async () => {
		const provider = createScriptedProvider("a");
		const { ask, clock } = createRouterParts([provider]);
		provider.script(async (_, { onText, signal }) => {
			onText?.("Es war einmal");
			await clock.advance(150_000);
			if (signal?.aborted) throw failure("aborted");
			return { text: "Es war einmal ein Ende." };
		});

		expect((await ask()).completion.text).toBe("Es war einmal ein Ende.");
	});
});
