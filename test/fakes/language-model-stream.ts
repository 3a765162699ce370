import type { ServerResponse } from "node:http";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { type Behaviour, type SeenRequest, sendJson } from "./language-model.ts";
import { countTokens } from "./language-model-rules.ts";

type Told = Behaviour & { readonly text: string };
type Chunk = Record<string, unknown>;

/** Writes the answer as server-sent events, or as one JSON body when no stream was asked for. */
export async function writeAnswer(request: SeenRequest, response: ServerResponse, told: Told): Promise<void> {
	if (told.raw) return writeRaw(request, response, told.raw, told);
	if (request.body.stream !== true) return sendJson(request, response, 200, wholeBody(request, told), told.headers);
	startStream(response, "text/event-stream; charset=utf-8", told);
	const chunks = chunksOf(request, told);
	const isComplete = await writeChunks(response, told, chunks.map(eventOf));
	if (isComplete) await endStream(request, response, told, "data: [DONE]\n\n");
}

export function startStream(response: ServerResponse, contentType: string, told: Behaviour): void {
	response.socket?.setNoDelay(true);
	response.writeHead(200, { "content-type": contentType, "cache-control": "no-cache", ...told.headers });
	response.flushHeaders();
}

/** Writes chunk after chunk in the told rhythm; false when the behaviour broke the stream off. */
export async function writeChunks(
	response: ServerResponse,
	told: Behaviour,
	chunks: readonly string[],
): Promise<boolean> {
	for (const [index, chunk] of chunks.entries()) {
		if (response.destroyed) return false;
		if (index === told.broken?.afterChunks) return breakOff(response, told.broken.how);
		if (index === told.inBandError?.afterChunks) {
			await write(response, told, `data: ${JSON.stringify(told.inBandError.error)}\n\n`);
			response.end();
			return false;
		}
		if (index > 0 && told.tokenMilliseconds) await wait(told.tokenMilliseconds, undefined, { ref: false });
		if (told.keepAlive !== undefined) response.write(told.keepAlive);
		await write(response, told, chunk);
	}
	if (told.broken && told.broken.afterChunks >= chunks.length) return breakOff(response, told.broken.how);
	return true;
}

export async function endStream(
	request: SeenRequest,
	response: ServerResponse,
	told: Behaviour,
	last: string,
): Promise<void> {
	if (response.destroyed) return;
	request.isAnswered = true;
	await write(response, told, last);
	response.end();
}

function breakOff(response: ServerResponse, how: "reset" | "close" | "end" | "stall"): false {
	if (how === "reset") response.socket?.resetAndDestroy();
	if (how === "close") response.socket?.end();
	if (how === "end") response.end();
	return false;
}

/** With `writeBytes` each write waits a turn, so that the pieces arrive as separate reads. */
async function write(response: ServerResponse, told: Behaviour, text: string): Promise<void> {
	if (!told.writeBytes) return void response.write(text);
	const bytes = Buffer.from(text);
	for (let start = 0; start < bytes.length; start += told.writeBytes) {
		response.write(bytes.subarray(start, start + told.writeBytes));
		await turn();
	}
}

async function writeRaw(
	request: SeenRequest,
	response: ServerResponse,
	raw: readonly (string | Uint8Array)[],
	told: Behaviour,
): Promise<void> {
	startStream(response, "text/event-stream; charset=utf-8", told);
	for (const part of raw) {
		response.write(part);
		await wait(told.tokenMilliseconds ?? 0, undefined, { ref: false });
	}
	if (told.broken) return void breakOff(response, told.broken.how);
	request.isAnswered = true;
	response.end();
}

const eventOf = (chunk: Chunk): string => `data: ${JSON.stringify(chunk)}\n\n`;

function chunksOf(request: SeenRequest, told: Told): readonly Chunk[] {
	const head = { id: "chatcmpl-fake", object: "chat.completion.chunk", created: 0, model: request.body.model };
	const withDelta = (delta: Chunk, finish_reason: string | null = null): Chunk => ({
		...head,
		choices: [{ index: 0, delta, finish_reason }],
	});
	const field = told.reasoningField ?? "reasoning_content";
	const thoughts = piecesOf(told.reasoning ?? "", told).map((piece) => withDelta({ [field]: piece }));
	const pieces = piecesOf(told.text, told).map((piece) => withDelta({ content: piece }));
	const usage = usageOf(request, thoughts.length + pieces.length);
	const extra = told.usage === "groq" ? { x_groq: { id: "req_fake", usage } } : {};
	const finish = told.finishReason === undefined ? "stop" : told.finishReason;
	const end = finish === null ? [] : [{ ...withDelta({}, finish), ...extra }];
	const isUsageAsked = request.body.stream_options?.include_usage === true || told.usage === "unasked";
	const last = isUsageAsked && told.usage !== "groq" && told.usage !== "none" ? [{ ...head, choices: [], usage }] : [];
	return [withDelta({ role: "assistant", content: "" }), ...thoughts, ...pieces, ...end, ...last];
}

/** The text in pieces of whole code points. */
export function piecesOf(text: string, { chunkCharacters = 4 }: Behaviour): readonly string[] {
	const characters = Array.from(text);
	const count = Math.ceil(characters.length / chunkCharacters);
	return Array.from({ length: count }, (_, index) =>
		characters.slice(index * chunkCharacters, (index + 1) * chunkCharacters).join(""),
	);
}

function usageOf(request: SeenRequest, completionTokens: number): Chunk {
	const promptTokens = countTokens(request.body);
	return {
		prompt_tokens: promptTokens,
		completion_tokens: completionTokens,
		total_tokens: promptTokens + completionTokens,
	};
}

function wholeBody(request: SeenRequest, told: Told): Chunk {
	const message = { role: "assistant", content: told.text };
	const finish_reason = told.finishReason === undefined ? "stop" : told.finishReason;
	const usage = told.usage === "none" ? {} : { usage: usageOf(request, piecesOf(told.text, told).length) };
	return {
		id: "chatcmpl-fake",
		object: "chat.completion",
		created: 0,
		model: request.body.model,
		choices: [{ index: 0, message, finish_reason }],
		...usage,
	};
}
