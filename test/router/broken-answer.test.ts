import { describe, expect, it } from "vitest";
import type { ProviderErrorKind } from "../../src/providers/provider.ts";
import { createRouterParts, failure } from "./router-parts.ts";
import { createModel, createScriptedProvider, quality } from "./scripted-provider.ts";

/** Shows a part of its answer, then fails. */
function breaking(name: string, text = `Teil von ${name}`, kind: ProviderErrorKind = "network") {
	const provider = createScriptedProvider(name, { isPaid: true, models: [createModel(name, priced)] });
	provider.script(async (_, { onText }) => {
		onText?.(text);
		throw failure(kind, { usage: { inputTokens: 100, outputTokens: 10, isEstimated: true } });
	});
	return provider;
}
const priced = { price: { input: 1_000, output: 1_000 }, tokensPerSecond: 1_000, quality: quality(1) };

/** Asked after all the others. */
function last(name: string) {
	return createScriptedProvider(name, { models: [createModel(name, { tokensPerSecond: 1, quality: quality(0) })] });
}

describe("a broken answer", () => {
	it("starts again elsewhere, and the new text takes its place", async () => {
		const { ask } = createRouterParts([breaking("a"), last("b")]);
		const shown: string[] = [];

		const answer = await ask({}, { onText: (text) => shown.push(text) });

		expect(shown).toEqual(["Teil von a", "Antwort von b"]);
		expect(answer.decision.provider).toBe("b");
		expect(answer.isBroken).toBeUndefined();
	});

	it("starts again at most twice; then the longest text so far stays, marked as broken", async () => {
		const providers = [breaking("a"), breaking("b", "Teil, der am längsten ist"), breaking("c")];
		const fourth = last("d");
		const { ask, lines } = createRouterParts([...providers, fourth]);

		const { completion, decision, isBroken } = await ask();

		expect({ text: completion.text, isBroken }).toEqual({ text: "Teil, der am längsten ist", isBroken: true });
		expect(decision).toMatchObject({ provider: "b", model: "b", cost: 0.11 });
		expect(decision.attempts.map(({ failure }) => failure)).toEqual(["network", "network", "network"]);
		expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
		expect(fourth.calls).toHaveLength(0);
		expect(lines.at(-1)?.text).toBe("answer broken off");
	});

	it("stays as well when nobody is left who could give a whole one", async () => {
		const [first, second] = [breaking("a"), last("b")];
		second.script(failure("overload"));
		const { ask } = createRouterParts([first, second]);

		expect(await ask()).toMatchObject({ completion: { text: "Teil von a" }, isBroken: true });
	});

	it("does not stay when it was the filter that took it back", async () => {
		const { ask } = createRouterParts([breaking("a", "Teil", "content")]);
		await expect(ask()).rejects.toMatchObject({ kind: "content" });
	});

	it("is the person's own when they ended it", async () => {
		const provider = createScriptedProvider("a");
		const end = new AbortController();
		provider.script(async (_, { onText }) => {
			onText?.("Teil");
			end.abort();
			throw failure("network");
		});
		const { ask } = createRouterParts([provider]);

		await expect(ask({}, { signal: end.signal })).rejects.toMatchObject({ kind: "aborted" });
	});
});
