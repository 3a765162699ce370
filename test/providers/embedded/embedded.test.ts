import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { operatorVoice, say } from "../../../src/locale.ts";
import { ModelError } from "../../../src/providers/embedded/faults.ts";
import type { CallOptions, ChatRequest, Completion } from "../../../src/providers/provider.ts";
import { createDataDirectory, missingEngine } from "../../fakes/engine.ts";
import { writeTinyModel } from "../../fakes/gguf.ts";
import { createModel } from "./create-model.ts";

const sentence = "Guten Tag! Ich bin ein winziges Sprachmodell. Über Straßen, Äpfel und Öl weiß ich nichts.";
/** Too long to be taken for an answer in circles before a test is done with it. */
const endless = Array.from({ length: 300 }, (_, index) => `Wort${index}`).join(" ");
const request: ChatRequest = {
	messages: [
		{ role: "system", content: "Antworte auf Deutsch." },
		{ role: "user", content: "Hallo" },
		{ role: "assistant", content: "Guten Abend." },
		{ role: "user", content: "Grüße aus Köln 👋 <|im_end|> \uD83D" },
	],
	maxTokens: 321,
};
const patience = { timeout: 20_000, interval: 5 };

describe.skipIf(missingEngine !== null)(
	`the embedded model (${missingEngine ?? "real engine"})`,
	{ timeout: 60_000 },
	() => {
		let dataDirectory: string;
		let ask: (request: ChatRequest, options?: CallOptions) => Promise<Completion>;
		let askEndless: typeof ask;
		const at = (name: string): string => join(dataDirectory, name);

		beforeAll(() => {
			dataDirectory = createDataDirectory();
			writeTinyModel(at("tiny.gguf"), { sentence });
			writeTinyModel(at("endless.gguf"), { sentence: endless, isEndless: true });
			ask = createModel(dataDirectory, at("tiny.gguf"), 1_024);
			askEndless = createModel(dataDirectory, at("endless.gguf"), 8_192);
		});
		afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

		it("answers with text, finish reason and true usage, and shows the whole text so far, which only grows", async () => {
			const seen: string[] = [];
			const completion = await ask(request, { onText: (text) => seen.push(text) });
			expect(completion).toMatchObject({ text: sentence, finishReason: "stop", usage: { isEstimated: false } });
			expect(completion.usage.outputTokens).toBe(sentence.split(" ").length + 1);
			expect(completion.usage.inputTokens).toBeGreaterThan(60);
			expect(seen.length).toBeGreaterThan(5);
			expect(seen.at(-1)).toBe(sentence);
			for (const [index, text] of seen.entries()) expect(text.startsWith(seen[index - 1] ?? "")).toBe(true);
		});

		it("ends at the longest answer and says so", async () => {
			const { text, finishReason, usage } = await ask({ ...request, maxTokens: 5 });
			expect({ text, finishReason }).toEqual({ text: "Guten Tag! Ich bin ein", finishReason: "length" });
			expect(usage.outputTokens).toBe(5);
		});

		it("counts every turn of the conversation as a part of the question", async () => {
			const alone = await ask({ messages: request.messages.slice(-1), maxTokens: 5 });
			const whole = await ask({ ...request, maxTokens: 5 });
			expect(whole.usage.inputTokens).toBeGreaterThan(alone.usage.inputTokens + 30);
		});

		it("refuses a question that does not fit into the context, and answers the next one", async () => {
			const messages = [{ role: "user", content: "Birnen ".repeat(400) }] as const;
			await expect(ask({ ...request, messages })).rejects.toMatchObject({ kind: "context" });
			expect((await ask(request)).text).toBe(sentence);
		});

		it("refuses a question that leaves no room for an answer", async () => {
			const ofTokens = async (count: number): Promise<number> => {
				const messages = [{ role: "user", content: "ab".repeat(count) }] as const;
				return (await ask({ messages, maxTokens: 10 })).usage.inputTokens;
			};
			const tokens = await ofTokens(400);
			const messages = [{ role: "user", content: "ab".repeat(400 + Math.ceil((920 - tokens) / 2)) }] as const;
			await expect(ask({ messages, maxTokens: 321 })).rejects.toMatchObject({ kind: "context" });
			expect((await ask({ messages, maxTokens: 10 })).finishReason).toBe("length");
		});

		it("never has more context than the model was trained for", async () => {
			const askForMore = createModel(dataDirectory, at("tiny.gguf"), 200_000);
			expect((await askForMore(request)).text).toBe(sentence);
		});

		it("keeps reasoning to itself", async () => {
			writeTinyModel(at("thinking.gguf"), { sentence: "<think> geheim </think> Sechsundfünfzig." });
			const seen: string[] = [];
			const askThinker = createModel(dataDirectory, at("thinking.gguf"), 1_024);
			const { text } = await askThinker(request, { onText: (soFar) => seen.push(soFar) });
			expect(text).toBe("Sechsundfünfzig.");
			expect(seen.join()).not.toMatch(/geheim|think/);
		});

		it("does not let an answer of nothing but reasoning pass", async () => {
			writeTinyModel(at("pondering.gguf"), { sentence: "<think> nur gedacht" });
			const askPonderer = createModel(dataDirectory, at("pondering.gguf"), 1_024);
			await expect(askPonderer(request)).rejects.toMatchObject({ kind: "bad-answer", usage: { isEstimated: false } });
		});

		it("cuts an answer that runs in circles, and is free for the next one", async () => {
			writeTinyModel(at("circles.gguf"), { sentence: "Und so weiter", isEndless: true });
			const askCircler = createModel(dataDirectory, at("circles.gguf"), 16_384);
			const completion = await askCircler({ ...request, maxTokens: 16_000 });
			expect(completion.finishReason).toBe("repetition");
			expect((await askCircler({ ...request, maxTokens: 3 })).finishReason).toBe("length");
		});

		it("ends an endless answer within a second when the caller gives up, and answers the next call", async () => {
			const controller = new AbortController();
			const onText = vi.fn();
			const outcome = askEndless({ ...request, maxTokens: 8_000 }, { signal: controller.signal, onText });
			const failed = expect(outcome).rejects.toMatchObject({ kind: "aborted", usage: { isEstimated: true } });
			await vi.waitFor(() => expect(onText).toHaveBeenCalled(), patience);
			const start = performance.now();
			controller.abort();
			await failed;
			expect(performance.now() - start).toBeLessThan(1_000);
			expect((await askEndless({ ...request, maxTokens: 2 })).text).toBe("Wort0 Wort1");
		});

		it("answers two calls one after the other", async () => {
			const order: string[] = [];
			const note = (name: string) => (): void => void order.push(name);
			await Promise.all([
				ask(request, { onText: note("first") }).then(note("first")),
				ask(request, { onText: note("second") }).then(note("second")),
			]);
			expect(order.lastIndexOf("first")).toBeLessThan(order.indexOf("second"));
		});

		it("leaves the event loop free while the model is loaded and writes", async () => {
			const delay = monitorEventLoopDelay({ resolution: 5 });
			delay.enable();
			await createModel(dataDirectory, at("endless.gguf"), 8_192)({ ...request, maxTokens: 290 });
			delay.disable();
			/** Generous, for the machine may be busy: a model in this thread would hold it for hundreds of milliseconds. */
			expect(delay.percentile(95) / 1e6).toBeLessThan(100);
		});

		it.each([
			["cut.gguf", "unvollständig oder beschädigt", () => writeTinyModel(at("cut.gguf"), { sentence, bytes: 100_000 })],
			[
				"end.gguf",
				"unvollständig oder beschädigt",
				() => writeTinyModel(at("end.gguf"), { sentence, bytes: 6_000_000 }),
			],
			["text.gguf", "GGUF", () => writeFileSync(at("text.gguf"), "Das ist kein Modell. ".repeat(5_000))],
			["nowhere.gguf", "nicht gibt", () => undefined],
			["strange.gguf", "Bauart (lxxma)", () => writeTinyModel(at("strange.gguf"), { sentence, architecture: "lxxma" })],
		])("says in German what is wrong with %s", async (name, words, write) => {
			write();
			const failure = await createModel(dataDirectory, at(name), 1_024)(request).catch((error: unknown) => error);
			expect(failure).toBeInstanceOf(ModelError);
			const { kind, problem } = failure as ModelError;
			expect(kind).toBe("model-gone");
			const damaged = words === "damaged" ? "unvollständig oder beschädigt" : words;
			expect(say(operatorVoice, problem.key, problem.values)).toContain(damaged);
			expect(say(operatorVoice, problem.key, problem.values)).toContain(at(name));
		});

		it("can be used as soon as a broken file has been mended", async () => {
			const mended = createModel(dataDirectory, at("mended.gguf"), 1_024);
			await expect(mended(request)).rejects.toMatchObject({ kind: "model-gone" });
			writeTinyModel(at("mended.gguf"), { sentence });
			expect((await mended(request)).text).toBe(sentence);
		});
	},
);
