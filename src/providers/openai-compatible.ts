import OpenAI from "openai";
import type { Piece } from "./answer.ts";
import { RefusedError } from "./errors.ts";
import { type ClientParts, type Dialect, guardedCall } from "./guards.ts";
import { type BodyFields, createFieldSender, type Fields } from "./optional-fields.ts";
import type { ChatRequest, Model, Provider } from "./provider.ts";

/** The SDK's own timer must never win against our deadlines. */
const sdkTimeoutMilliseconds = 86_400_000;

/**
 * Client for every server that speaks OpenAI's chat completions. The SDK sends the request; the stream is read here,
 * because the SDK takes a stream that breaks off for a short answer.
 */
export function createOpenAiCompatible(parts: ClientParts): Provider["complete"] {
	const { settings, credential } = parts;
	const client = new OpenAI({
		apiKey: settings.apiKey ?? "none",
		baseURL: settings.baseUrl,
		fetch: async (url, init) => refuse(await parts.fetch(url, init)),
		fetchOptions: { redirect: "manual" },
		maxRetries: 0,
		timeout: sdkTimeoutMilliseconds,
		logLevel: "off",
		organization: null,
		project: null,
		adminAPIKey: null,
		webhookSecret: null,
	});
	const sendFields = createFieldSender();

	function send(fields: Fields, signal: AbortSignal): Promise<Response> {
		if (!credential) return sendWith(client, fields, signal);
		return credential.send(
			({ token, baseUrl }) => sendWith(client.withOptions({ apiKey: token, baseURL: baseUrl }), fields, signal),
			signal,
		);
	}

	async function sendWith(client: OpenAI, fields: Fields, signal: AbortSignal): Promise<Response> {
		const body = fields as unknown as OpenAI.ChatCompletionCreateParamsStreaming;
		try {
			return await client.chat.completions.create(body, { signal }).asResponse();
		} catch (error) {
			throw error instanceof Error && error.cause instanceof RefusedError ? error.cause : error;
		}
	}

	return (model, request, options) => {
		const fields = fieldsOf(parts, model, request);
		const dialect: Dialect = {
			send: (signal) => sendFields(model.id, fields, (body) => send(body, signal)),
			pieceOf,
			errorOf,
		};
		return guardedCall(parts, dialect, request, options);
	};
}

function fieldsOf({ spec }: ClientParts, model: Model, request: ChatRequest): BodyFields {
	return {
		required: {
			model: model.id,
			messages: request.messages.map(({ role, content }) => ({ role, content: content.toWellFormed() })),
			max_tokens: request.maxTokens,
			stream: true,
		},
		optional: { stream_options: { include_usage: true }, ...spec.extraBody?.(model.id) },
	};
}

/** Reads refusals in place of the SDK, which drops every body that has no field `error`. */
async function refuse(response: Response): Promise<Response> {
	if (response.ok) return response;
	throw new RefusedError(response.status, await response.text(), response.headers);
}

interface Part {
	readonly type?: unknown;
	readonly text?: unknown;
}
interface Delta {
	readonly content?: unknown;
	readonly reasoning_content?: unknown;
	readonly reasoning?: unknown;
}
interface Choice {
	readonly delta?: Delta | null;
	/** Of a server that does not stream. */
	readonly message?: Delta | null;
	readonly finish_reason?: unknown;
	readonly usage?: TokenCounts | null;
}
interface TokenCounts {
	readonly prompt_tokens?: unknown;
	readonly completion_tokens?: unknown;
}
interface Chunk {
	readonly choices?: readonly (Choice | null)[] | null;
	readonly usage?: TokenCounts | null;
	readonly x_groq?: { readonly usage?: TokenCounts | null } | null;
	readonly error?: unknown;
	readonly errors?: unknown;
	readonly message?: unknown;
}

function pieceOf(chunk: Chunk): Piece {
	const choice = Array.isArray(chunk.choices) ? (chunk.choices as Chunk["choices"])?.[0] : undefined;
	const delta = choice?.delta ?? choice?.message;
	const counts = chunk.usage ?? chunk.x_groq?.usage ?? choice?.usage;
	return {
		text: textOf(delta?.content),
		reasoning: textOf(delta?.reasoning_content) ?? textOf(delta?.reasoning),
		finishReason: textOf(choice?.finish_reason),
		usage: counts ? { input: countOf(counts.prompt_tokens), output: countOf(counts.completion_tokens) } : undefined,
	};
}

/** Content is a string, or a list of parts of which only the text ones are for people. */
function textOf(content: unknown): string | undefined {
	if (typeof content === "string") return content;
	if (!Array.isArray(content)) return undefined;
	return content
		.map((part: Part | null) => (part?.type === "text" && typeof part.text === "string" ? part.text : ""))
		.join("");
}

/** No call takes more: a larger figure is a mistake, and would use up every quota. */
const mostTokens = 100_000_000;

function countOf(value: unknown): number {
	return typeof value === "number" && value > 0 && value <= mostTokens ? Math.ceil(value) : 0;
}

/** Some servers send `{"code": …, "message": …}` in place of a chunk. */
function errorOf(chunk: Chunk): unknown {
	if (chunk.error) return chunk.error;
	if (Array.isArray(chunk.errors) && chunk.errors.length > 0) return chunk.errors;
	return chunk.choices === undefined && typeof chunk.message === "string" ? chunk : undefined;
}
