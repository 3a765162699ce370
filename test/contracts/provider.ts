import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import { type ChatRequest, type Model, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { createHurriedClock } from "../fakes/clock.ts";
import type { Behaviour, SeenRequest } from "../fakes/language-model.ts";

export interface ProviderUnderTest {
	create(clock: Clock): Provider;
	/** What the server does with the next request. */
	next(behaviour: Behaviour): void;
	/** Chat requests that reached the server. */
	readonly requests: readonly SeenRequest[];
	/** The server goes away. */
	stop(): Promise<void>;
}

export const secretKey = "sk-geheim-0123456789abcdef";
const request: ChatRequest = {
	messages: [
		{ role: "system", content: "Antworte auf Deutsch." },
		{ role: "user", content: "Grüße aus Köln 👋 \u{1F468}‍👩‍👧\nWas ist 7 mal 8?" },
	],
	maxTokens: 321,
};
const longText = "Fünf Wörter über schöne Äpfel. ".repeat(20).trim();
const patience = { timeout: 10_000, interval: 10 };

/** What every provider keeps to. Runs over the list, so that a newcomer is tested without being asked. */
export function describeProvider(title: string, setup: () => Promise<ProviderUnderTest>): void {
	describe(`the provider ${title}`, () => {
		let server: ProviderUnderTest;
		let provider: Provider;

		beforeEach(async () => {
			server = await setup();
			provider = server.create(systemClock);
		});
		afterEach(() => server.stop());

		const modelOf = ({ models: [model] }: Provider): Model => {
			if (!model) throw new Error("no model");
			return model;
		};
		const failureOf = async (behaviour: Behaviour, clock: Clock = systemClock): Promise<ProviderError> => {
			server.next(behaviour);
			const patient = server.create(clock);
			const outcome = await patient.complete(modelOf(patient), request).catch((error: unknown) => error);
			expect(outcome).toBeInstanceOf(ProviderError);
			return outcome as ProviderError;
		};

		it("answers with text, finish reason and usage", async () => {
			server.next({ text: longText });
			const completion = await provider.complete(modelOf(provider), request);
			expect(completion).toMatchObject({ text: longText, finishReason: "stop", usage: { isEstimated: false } });
			expect(completion.usage.inputTokens).toBeGreaterThan(0);
			expect(completion.usage.outputTokens).toBeGreaterThan(0);
		});

		it("sends the messages unchanged and names the longest answer", async () => {
			await provider.complete(modelOf(provider), request);
			const body = server.requests[0]?.body;
			expect(body?.messages).toEqual(request.messages);
			expect(body?.max_tokens ?? body?.max_completion_tokens ?? body?.options?.num_predict).toBe(321);
			expect(body?.model).toBe(modelOf(provider).id);
		});

		it("sends a lone surrogate as a replacement character", async () => {
			const messages = [{ role: "user", content: "a\uD83Db" }] as const;
			await provider.complete(modelOf(provider), { messages, maxTokens: 321 });
			expect(server.requests[0]?.body?.messages).toEqual([{ role: "user", content: "a\uFFFDb" }]);
		});

		it("shows the whole text so far, which only grows", async () => {
			server.next({ text: longText });
			const seen: string[] = [];
			await provider.complete(modelOf(provider), request, { onText: (text) => seen.push(text) });
			expect(seen.length).toBeGreaterThan(5);
			expect(seen.at(-1)).toBe(longText);
			for (const [index, text] of seen.entries()) expect(text.startsWith(seen[index - 1] ?? "")).toBe(true);
		});

		it("reads characters whose bytes arrive one by one", async () => {
			server.next({ text: "Äß€👩‍👧", writeBytes: 1 });
			expect((await provider.complete(modelOf(provider), request)).text).toBe("Äß€👩‍👧");
		});

		it("keeps reasoning to itself", async () => {
			server.next({ text: "<think>geheim</think>\n\nSechsundfünfzig.", reasoning: "streng geheim" });
			const seen: string[] = [];
			const { text } = await provider.complete(modelOf(provider), request, { onText: (soFar) => seen.push(soFar) });
			expect(text).toBe("Sechsundfünfzig.");
			expect(seen.join()).not.toMatch(/geheim|think/);
		});

		it("estimates the usage when the server tells none", async () => {
			server.next({ text: longText, usage: "none" });
			const { usage } = await provider.complete(modelOf(provider), request);
			expect(usage).toMatchObject({ isEstimated: true, outputTokens: Math.ceil(longText.length / 3.3) });
		});

		it("ends within a second when the caller gives up, also at the server", async () => {
			server.next({ text: longText, broken: { afterChunks: 5, how: "stall" } });
			const controller = new AbortController();
			const onText = vi.fn();
			const outcome = provider.complete(modelOf(provider), request, { signal: controller.signal, onText });
			const failed = expect(outcome).rejects.toMatchObject({ kind: "aborted", usage: { isEstimated: true } });
			await vi.waitFor(() => expect(onText).toHaveBeenCalled(), patience);
			const start = performance.now();
			controller.abort();
			await failed;
			expect(performance.now() - start).toBeLessThan(1_000);
			await vi.waitFor(() => expect(server.requests[0]?.isAborted).toBe(true), patience);
		});

		it("asks nobody when the caller has given up before", async () => {
			const outcome = provider.complete(modelOf(provider), request, { signal: AbortSignal.abort() });
			await expect(outcome).rejects.toMatchObject({ kind: "aborted" });
			expect(server.requests).toEqual([]);
		});

		it.each(["reset", "close", "end"] as const)("never takes half an answer for a whole one (%s)", async (how) => {
			const failure = await failureOf({ text: longText, broken: { afterChunks: 5, how } });
			expect(failure.kind).toBe(how === "end" ? "bad-answer" : "network");
			expect(failure.usage?.isEstimated).toBe(true);
		});

		it("gives up a server that falls silent in the middle", async () => {
			const behaviour: Behaviour = { text: longText, broken: { afterChunks: 5, how: "stall" } };
			expect((await failureOf(behaviour, createHurriedClock(40))).kind).toBe("timeout");
		});

		it("gives up a server that never begins", async () => {
			const behaviour: Behaviour = { firstTokenMilliseconds: 3_600_000 };
			expect((await failureOf(behaviour, createHurriedClock(40))).kind).toBe("timeout");
		});

		it.each([
			[{ finishReason: null }, "bad-answer"],
			[{ finishReason: "error" }, "bad-answer"],
			[{ finishReason: "something_new" }, "bad-answer"],
			[{ text: "" }, "bad-answer"],
			[{ text: " \n" }, "bad-answer"],
			[{ text: "<think>nur gedacht" }, "bad-answer"],
			[{ text: "", reasoning: "nur gedacht", finishReason: "length" }, "bad-answer"],
			[{ text: "", finishReason: "content_filter" }, "content"],
			[{ body: "<html>Bitte anmelden</html>", headers: { "content-type": "text/html" } }, "bad-answer"],
			[{ body: { error: { message: "overloaded", code: 503 } } }, "overload"],
			[{ body: "" }, "bad-answer"],
			[{ body: "{" }, "bad-answer"],
		] satisfies [Behaviour, string][])("does not let %j pass as an answer", async (behaviour, kind) => {
			expect((await failureOf(behaviour)).kind).toBe(kind);
		});

		it.each([
			[401, "auth"],
			[402, "money"],
			[403, "auth"],
			[404, "model-gone"],
			[413, "too-large"],
			[500, "overload"],
			[503, "overload"],
			[529, "overload"],
		])("knows what status %i means, asks once and tells no secret", async (status, kind) => {
			const body = { error: { message: `No: ${secretKey}, you said "Grüße aus Köln"`, code: secretKey } };
			const failure = await failureOf({ status, body, headers: { "retry-after": "7" } });
			expect(failure).toMatchObject({ kind, retryAfterSeconds: 7, usage: undefined });
			expect(failure.message).toContain(String(status));
			expect(inspect(failure, { depth: 9, showHidden: true })).not.toMatch(new RegExp(`${secretKey}|Köln`));
			expect(server.requests).toHaveLength(1);
		});

		it("knows that status 429 asks for patience", async () => {
			const failure = await failureOf({ status: 429, headers: { "retry-after": "7" } });
			expect(["rate-limit", "burst"]).toContain(failure.kind);
			expect(failure.retryAfterSeconds).toBe(7);
			expect(server.requests).toHaveLength(1);
		});

		it("cuts an answer that runs in circles", async () => {
			server.next({ text: "ja ".repeat(40_000), chunkCharacters: 300, tokenMilliseconds: 1 });
			const { text, finishReason } = await provider.complete(modelOf(provider), request);
			expect(finishReason).toBe("repetition");
			expect(text).toBe("ja");
			await vi.waitFor(() => expect(server.requests[0]?.isAborted).toBe(true), patience);
		});

		it("says that nobody is there", async () => {
			await server.stop();
			await expect(provider.complete(modelOf(provider), request)).rejects.toMatchObject({ kind: "network" });
		});
	});
}
