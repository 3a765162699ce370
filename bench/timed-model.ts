import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** How an answer comes: a first piece, then the others one by one. */
export interface Rhythm {
	readonly pieces: number;
	readonly firstMilliseconds: number;
	readonly gapMilliseconds: number;
}

/** Told by the number in the question: `Frage 12`. In milliseconds of `performance.now()`. */
interface Seen {
	requestAt?(question: number, at: number): void;
	lastTokenAt?(question: number, at: number): void;
}

/** The answer's last word: what shows it, shows all of it. */
export const lastWord = "Schluss.";

/**
 * A language model on loopback that notes when a request is there and when the last token is written. Unlike the strict
 * fake of the tests it judges nothing: what it costs the machine, the measured program cannot use.
 */
export async function createTimedModel(rhythm: Rhythm, seen: Seen = {}): Promise<{ baseUrl: string; close(): void }> {
	const pieces = answerIn(rhythm.pieces);

	async function answer(question: number, response: ServerResponse): Promise<void> {
		response.writeHead(200, { "content-type": "text/event-stream" });
		for (const [index, piece] of pieces.entries()) {
			await wait(index === 0 ? rhythm.firstMilliseconds : rhythm.gapMilliseconds);
			if (index < pieces.length - 1) response.write(event({ content: piece }));
			else response.end(`${event({ content: piece })}${event({}, "stop")}${usage}data: [DONE]\n\n`);
		}
		seen.lastTokenAt?.(question, performance.now());
	}

	const server = createServer(async (request, response) => {
		if (request.url === "/v1/chat/completions") {
			const question = numberOf(await read(request));
			seen.requestAt?.(question, performance.now());
			return answer(question, response);
		}
		const isModels = request.url === "/v1/models";
		response.writeHead(isModels ? 200 : 404, { "content-type": "application/json" });
		response.end(isModels ? '{"object":"list","data":[{"id":"test-model","object":"model"}]}' : "{}");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

/** German, or the assistant would ask once more; no two sentences alike, or the client would take it for a circle. */
function answerIn(count: number): readonly string[] {
	const sentence = (index: number): string =>
		`Das ist Teil ${index} der Antwort, und so geht es noch ein wenig weiter. `;
	return Array.from({ length: count }, (_, index) => (index < count - 1 ? sentence(index) : lastWord));
}

const head = { id: "chatcmpl-bench", object: "chat.completion.chunk", created: 0, model: "test-model" };
const event = (delta: object, finish_reason: string | null = null): string =>
	`data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const usage = `data: ${JSON.stringify({ ...head, choices: [], usage: { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 } })}\n\n`;

function numberOf(body: string): number {
	const { messages } = JSON.parse(body) as { messages: readonly { readonly content: string }[] };
	return Number(/Frage (\d+)/.exec(messages.at(-1)?.content ?? "")?.[1]);
}

async function read(request: IncomingMessage): Promise<string> {
	let text = "";
	for await (const part of request.setEncoding("utf8")) text += part;
	return text;
}
