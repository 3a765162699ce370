import type { Piece } from "./answer.ts";
import { RefusedError } from "./errors.ts";
import { type ClientParts, type Dialect, guardedCall } from "./guards.ts";
import { type BodyFields, createFieldSender, type Fields } from "./optional-fields.ts";
import type { ChatRequest, Model, Provider } from "./provider.ts";

/** Ollama's native API: its OpenAI-compatible one ignores the context size and cuts long chats without a word. */
export function createOllama(parts: ClientParts): Provider["complete"] {
	const sendFields = createFieldSender();
	const { apiKey, baseUrl } = parts.settings;
	const url = `${baseUrl}/api/chat`;
	/** Ollama itself wants no key, a proxy before it may. */
	const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };

	async function send(body: Fields, signal: AbortSignal): Promise<Response> {
		const response = await parts.fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json", ...authorization },
			body: JSON.stringify(body),
			redirect: "manual",
			signal,
		});
		if (response.ok) return response;
		throw new RefusedError(response.status, await response.text(), response.headers);
	}

	return (model, request, options) => {
		const fields = fieldsOf(model, request);
		const dialect: Dialect = {
			send: (signal) => sendFields(model.id, fields, (body) => send(body, signal)),
			pieceOf,
			errorOf: (chunk: Chunk) => chunk.error,
		};
		return guardedCall(parts, dialect, request, options);
	};
}

function fieldsOf(model: Model, request: ChatRequest): BodyFields {
	return {
		required: {
			model: model.id,
			messages: request.messages.map(({ role, content }) => ({ role, content: content.toWellFormed() })),
			stream: true,
			options: { num_ctx: model.contextTokens, num_predict: request.maxTokens },
		},
		/** gpt-oss cannot stop thinking, only think less. */
		optional: { think: /gpt-oss/i.test(model.id) ? "low" : false },
	};
}

interface Chunk {
	readonly message?: { readonly content?: unknown; readonly thinking?: unknown } | null;
	readonly done?: unknown;
	readonly done_reason?: unknown;
	readonly prompt_eval_count?: unknown;
	readonly eval_count?: unknown;
	readonly error?: unknown;
}

function pieceOf(chunk: Chunk): Piece {
	const input = numberOf(chunk.prompt_eval_count);
	const output = numberOf(chunk.eval_count);
	return {
		text: stringOf(chunk.message?.content),
		reasoning: stringOf(chunk.message?.thinking),
		finishReason: chunk.done === true ? stringOf(chunk.done_reason) : undefined,
		usage: output === undefined ? undefined : { input: input ?? 0, output },
	};
}

function stringOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
	return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}
