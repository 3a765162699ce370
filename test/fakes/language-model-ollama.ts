import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import {
	type Behaviour,
	createFakeLanguageModel,
	type FakeLanguageModel,
	type FakeLanguageModelOptions,
	type SeenRequest,
	sendJson,
} from "./language-model.ts";
import { countTokens, findMessageFault } from "./language-model-rules.ts";
import { endStream, piecesOf, startStream, writeChunks } from "./language-model-stream.ts";

export interface FakeOllamaOptions extends Pick<FakeLanguageModelOptions, "answer" | "behave" | "models" | "port"> {
	/** Names that /api/ps shows; none unless told. */
	readonly loaded?: readonly string[];
	/** Context in tokens beyond which the prompt is cut silently, as the original does; 4,096 unless asked for more. */
	readonly defaultContext?: number;
}

export interface FakeOllama extends FakeLanguageModel {
	/** Calls of /api/chat, in order. */
	readonly chats: readonly SeenRequest[];
}

/** Ollama's native API over a real socket: NDJSON, errors as `{"error": "text"}`, other fields than OpenAI's. */
export async function createFakeOllama(options: FakeOllamaOptions = {}): Promise<FakeOllama> {
	const models = options.models ?? ["gemma4:e4b"];
	const chats: SeenRequest[] = [];
	const queue: Behaviour[] = [];
	let behave: (request: SeenRequest) => Behaviour = options.behave ?? (() => ({}));

	function fallback(request: SeenRequest, response: ServerResponse): boolean {
		const describe = (name: string): object => ({ name, model: name, size: 1, details: { family: "gemma" } });
		const known: Record<string, () => unknown> = {
			"/": () => "Ollama is running",
			"/api/version": () => ({ version: "0.24.0" }),
			"/api/tags": () => ({ models: models.map(describe) }),
			"/api/ps": () => ({ models: (options.loaded ?? []).map(describe) }),
			"/api/show": () => ({ capabilities: ["completion"], details: {}, model_info: {} }),
		};
		if (request.path === "/api/chat") {
			chat(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
			return true;
		}
		const body = known[request.path];
		if (body) sendJson(request, response, 200, body());
		return body !== undefined;
	}

	async function chat(request: SeenRequest, response: ServerResponse): Promise<void> {
		chats.push(request);
		const { body } = request;
		if (!models.includes(String(body.model))) {
			return sendJson(request, response, 404, { error: `model '${body.model}' not found` });
		}
		const fault = findMessageFault(body);
		if (fault) return sendJson(request, response, 400, { error: fault });
		const told = queue.shift() ?? behave(request);
		if (told.firstTokenMilliseconds) await wait(told.firstTokenMilliseconds, undefined, { ref: false });
		if (told.status !== undefined || told.body !== undefined) {
			return sendJson(request, response, told.status ?? 200, told.body ?? "", told.headers);
		}
		const text = told.text ?? options.answer?.(request) ?? `Antwort auf: ${request.question}`;
		const thoughts = piecesOf(told.reasoning ?? "", told).map((piece) => ({
			role: "assistant",
			content: "",
			thinking: piece,
		}));
		const pieces = piecesOf(text, told).map((piece) => ({ role: "assistant", content: piece }));
		const messages = [...thoughts, ...pieces];
		startStream(response, "application/x-ndjson", told);
		const head = { model: body.model, created_at: new Date(request.at).toISOString() };
		const lines = messages.map((message) => `${JSON.stringify({ ...head, message, done: false })}\n`);
		if (!(await writeChunks(response, told, lines))) return;
		const counts =
			told.usage === "none" ? {} : { prompt_eval_count: promptCount(request), eval_count: messages.length };
		const reason = told.finishReason === null ? {} : { done_reason: told.finishReason ?? "stop" };
		const done = { ...head, message: { role: "assistant", content: "" }, done: true, ...reason, ...counts };
		await endStream(request, response, told, `${JSON.stringify(done)}\n`);
	}

	function promptCount(request: SeenRequest): number {
		const context = Number(request.body.options?.num_ctx ?? options.defaultContext ?? 4_096);
		return Math.min(context, countTokens(request.body));
	}

	const server = await createFakeLanguageModel({ models, fallback, ...(options.port ? { port: options.port } : {}) });
	return {
		...server,
		chats,
		next: (...behaviours) => void queue.push(...behaviours),
		behave: (replacement) => {
			behave = replacement;
		},
	};
}
