import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import type { Completion } from "../../src/providers/provider.ts";
import { type Behaviour, createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";

const request = { messages: [{ role: "user", content: "Hallo" }], maxTokens: 10 } as const;
const chunk = (delta: object | null, finish_reason: string | null = null): string =>
	`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

describe("the client for OpenAI-compatible servers", () => {
	let server: FakeLanguageModel;

	beforeEach(async () => {
		server = await createFakeLanguageModel({ models: ["first", "second"] });
	});
	afterEach(() => server.close());

	function ask(
		name = "groq",
		fetch = globalThis.fetch,
	): (index?: 0 | 1, onText?: (text: string) => void) => Promise<Completion> {
		const settings = { name, apiKey: "sk-geheim", baseUrl: server.baseUrl, models: ["first", "second"] };
		const [provider] = createProviders([settings], {
			clock: systemClock,
			log: createLog("silent", []),
			eurPerUsd: 0.87,
			dataDirectory: "",
			fetch,
		});
		return async (index = 0, onText = () => undefined) => {
			const model = provider?.models[index];
			if (!provider || !model) throw new Error("no provider");
			return provider.complete(model, request, { onText });
		};
	}
	const answerTo = (behaviour: Behaviour): Promise<Completion> => {
		server.next(behaviour);
		return ask()();
	};

	it.each([
		["qwen", { enable_thinking: false }],
		["groq", { reasoning_effort: "none" }],
		["deepseek", { thinking: { type: "disabled" } }],
	])("switches thinking off at %s in its own way", async (name, fields) => {
		await ask(name)();
		expect(server.requests[0]?.body).toMatchObject({ ...fields, stream_options: { include_usage: true } });
	});

	it("sends the key, and nothing of the environment", async () => {
		vi.stubEnv("OPENAI_ORG_ID", "org-geheim");
		vi.stubEnv("OPENAI_PROJECT_ID", "project-geheim");
		vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1");
		await ask()();
		vi.unstubAllEnvs();
		expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-geheim");
		expect(JSON.stringify(server.requests[0]?.headers)).not.toMatch(/org-|project-/);
	});

	it("leaves out fields that a server refuses, and remembers them for this model", async () => {
		const refusal = { status: 400, body: { error: { message: "Unknown parameter: 'stream_options'" } } };
		const complete = ask();
		server.next(refusal, {});
		expect((await complete()).usage.isEstimated).toBe(true);
		await complete();
		await complete(1);
		expect(server.requests.map(({ body }) => "stream_options" in body)).toEqual([true, false, false, true]);
	});

	it("asks only once more when fields are refused, and not at all for other faults", async () => {
		const refusal = { status: 422, body: { detail: "reasoning_effort: extra fields not permitted" } };
		server.next(refusal, refusal, { status: 400, body: { error: { message: "no" } } });
		await expect(ask()()).rejects.toMatchObject({ kind: "bad-request" });
		await expect(ask()()).rejects.toMatchObject({ kind: "bad-request" });
		expect(server.requests).toHaveLength(3);
	});

	it("reads the usage in Groq's own field", async () => {
		expect((await answerTo({ usage: "groq" })).usage).toMatchObject({ inputTokens: 2, isEstimated: false });
	});

	it("tells the limits that stand in the headers", async () => {
		const headers = { "x-ratelimit-limit-tokens": "8000", "x-ratelimit-remaining-tokens": "7000" };
		const { observed } = await answerTo({ headers });
		expect(observed).toEqual([{ unit: "tokens", window: "minute", maximum: 8_000, remaining: 7_000 }]);
	});

	it.each([": keep-alive\n\n", "\n\n", "event: ping\n\n"])(
		"is not confused by %j between the chunks",
		async (keepAlive) => {
			expect((await answerTo({ keepAlive })).text).toBe("Antwort auf: Hallo");
		},
	);

	it("takes odd streams as they are meant", async () => {
		const raw = [
			"data:",
			'{"choices":[]}\r\n\r\n',
			'data:{"choices":null}\r\n\r\ndata: null\n\n',
			chunk(null),
			chunk({ content: "Ge" }),
			chunk({
				content: [
					{ type: "thinking", text: "hm" },
					{ type: "text", text: "rn" },
				],
			}),
			chunk({ content: "\ud83d" }),
			chunk({ content: "\udc4b" }),
			'data: {"choices":[{"finish_reason":"stop"}]}\n\n',
			'data: {"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\n',
			'data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}}',
		];
		const completion = await answerTo({ raw });
		expect(completion.text).toBe("Gern👋");
		expect(completion.usage).toEqual({ inputTokens: 5, outputTokens: 7, isEstimated: false });
	});

	it("takes the whole answer of a server that does not stream", async () => {
		const body = {
			choices: [{ message: { content: "Gern." }, finish_reason: "stop" }],
			usage: { prompt_tokens: 1, completion_tokens: 2 },
		};
		expect(await answerTo({ body: `\n\n${JSON.stringify(body, null, 2)}` })).toMatchObject({
			text: "Gern.",
			finishReason: "stop",
		});
	});

	it("takes an answer whose stream breaks behind the finish reason", async () => {
		const completion = await answerTo({
			raw: [chunk({ content: "Gern." }), chunk({}, "stop")],
			broken: { afterChunks: 0, how: "close" },
		});
		expect(completion).toMatchObject({ text: "Gern.", usage: { isEstimated: true } });
	});

	it.each([
		[{ error: { message: "no", code: 429 } }, "rate-limit"],
		[{ error: "plain text" }, "overload"],
		[{ code: "InternalError", message: "no" }, "overload"],
		[{ error: { message: "content_filter triggered" } }, "content"],
	])("sees the refusal %j in the middle of a stream", async (error, kind) => {
		await expect(answerTo({ text: "Ein halber Satz", inBandError: { afterChunks: 3, error } })).rejects.toMatchObject({
			kind,
		});
	});

	it("gives up a line without end", async () => {
		const raw = [
			"data: ",
			..."x"
				.repeat(12)
				.split("")
				.map((letter) => letter.repeat(100_000)),
		];
		await expect(answerTo({ raw })).rejects.toMatchObject({ kind: "bad-answer" });
	});

	it("hears a stream out, so that the connection can be used again", async () => {
		const raw = [chunk({ content: "Gern." }), chunk({}, "stop"), "data: [DONE]\n\n"];
		await answerTo({ raw, tokenMilliseconds: 60 });
		await vi.waitFor(() => expect(server.requests[0]?.isAnswered).toBe(true), { timeout: 5_000 });
		expect(server.requests[0]?.isAborted).toBe(false);
	});

	it("never shows half a character", async () => {
		const seen: string[] = [];
		server.next({ raw: [chunk({ content: "Hi \ud83d" }), chunk({ content: "\udc4b" }), chunk({}, "stop")] });
		await ask()(0, (text) => seen.push(text));
		expect(seen).toEqual(["Hi 👋"]);
	});
});
