import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type ChatBody, findFault, findKeyFault, lastQuestion } from "./language-model-rules.ts";
import { writeAnswer } from "./language-model-stream.ts";

/** How one request is answered. Empty: at once, complete, with usage. */
export interface Behaviour {
	/** Replaces the answer that the server would give. */
	readonly text?: string;
	/** Characters (code points) of a chunk; 4 unless told. */
	readonly chunkCharacters?: number;
	readonly firstTokenMilliseconds?: number;
	/** Between two chunks. */
	readonly tokenMilliseconds?: number;
	/** Another status than 200, sent with `body` and `headers` at once. */
	readonly status?: number;
	/** Sent as it is instead of an answer; an object as JSON. */
	readonly body?: unknown;
	/** Replaces or adds headers. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Writes of a raw stream, sent as they are instead of an answer. */
	readonly raw?: readonly (string | Uint8Array)[];
	/** After so many chunks the stream breaks: `reset` by RST, `close` by a bare FIN, `end` with a proper HTTP end, `stall` never. */
	readonly broken?: { readonly afterChunks: number; readonly how: "reset" | "close" | "end" | "stall" };
	/** After so many chunks this object comes as a chunk of its own, then the stream ends. */
	readonly inBandError?: { readonly afterChunks: number; readonly error: unknown };
	/** Bytes of one write to the socket: splits UTF-8 and lines anywhere. */
	readonly writeBytes?: number;
	/** A comment line or blank line before each chunk. */
	readonly keepAlive?: string;
	/** `groq`: inside x_groq as well; `none`: never sent; `unasked`: sent like Mistral, whatever the request says. */
	readonly usage?: "asked" | "groq" | "none" | "unasked";
	/** Sent in its own field before the text. */
	readonly reasoning?: string;
	readonly reasoningField?: "reasoning_content" | "reasoning";
	/** `null`: none is ever sent. */
	readonly finishReason?: string | null;
}

export interface SeenRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** Parsed JSON of a POST, otherwise empty. */
	readonly body: ChatBody;
	/** Text of the last message by the user. */
	readonly question: string;
	/** Milliseconds since 1970. */
	readonly at: number;
	/** True once the client went away before the answer was complete. */
	isAborted: boolean;
	/** True once the answer was sent completely. */
	isAnswered: boolean;
}

export interface FakeLanguageModelOptions {
	/** Refuses every other key with 401; without it none is asked for. */
	readonly apiKey?: string;
	/** Others are 404; `test-model` unless told. */
	readonly models?: readonly string[];
	/** Refuses body fields outside the common ones and these with 400. Without it any field passes. */
	readonly knownFields?: readonly string[];
	/** Takes the content of a message as a list of text parts, too. */
	readonly takesTextParts?: true;
	readonly answer?: (request: SeenRequest) => string;
	/** Applies while nothing is queued by `next`. */
	readonly behave?: (request: SeenRequest) => Behaviour;
	/** Answers anything but the two paths of the API; returns false when it does not know the path. */
	readonly fallback?: (request: SeenRequest, response: ServerResponse) => boolean;
	readonly port?: number;
}

export interface FakeLanguageModel {
	/** `http://127.0.0.1:PORT` */
	readonly origin: string;
	/** With `/v1`, as a base URL. */
	readonly baseUrl: string;
	/** Calls of `/v1/chat/completions`, in order. */
	readonly requests: readonly SeenRequest[];
	/** Everything else that was asked. */
	readonly otherRequests: readonly SeenRequest[];
	/** One behaviour for each of the next requests, in order. */
	next(...behaviours: readonly Behaviour[]): void;
	/** From now on, while nothing is queued. */
	behave(behave: (request: SeenRequest) => Behaviour): void;
	close(): Promise<void>;
}

/** A real HTTP server that speaks OpenAI's chat completions as strictly as the originals. */
export async function createFakeLanguageModel(options: FakeLanguageModelOptions = {}): Promise<FakeLanguageModel> {
	const models = options.models ?? ["test-model"];
	const requests: SeenRequest[] = [];
	const otherRequests: SeenRequest[] = [];
	const queue: Behaviour[] = [];
	let behave: (request: SeenRequest) => Behaviour = options.behave ?? (() => ({}));

	async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request = await readRequest(incoming);
		response.on("close", () => {
			request.isAborted = !request.isAnswered;
		});
		const isChat = request.path === "/v1/chat/completions";
		(isChat ? requests : otherRequests).push(request);
		if (isChat && request.method === "POST") return answerChat(request, response);
		if (options.fallback?.(request, response)) return;
		if (request.path === "/v1/models") return listModels(request, response);
		sendJson(request, response, 404, {
			error: { message: `no such path ${request.path}`, type: "invalid_request_error" },
		});
	}

	function listModels(request: SeenRequest, response: ServerResponse): void {
		const fault = findKeyFault(request, options);
		const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "fake" }));
		sendJson(request, response, fault?.status ?? 200, fault ? { error: fault } : { object: "list", data });
	}

	async function answerChat(request: SeenRequest, response: ServerResponse): Promise<void> {
		const fault = findFault(request, { ...options, models });
		if (fault) {
			const { status, message, code } = fault;
			return sendJson(request, response, status, { error: { message, type: "invalid_request_error", code } });
		}
		const behaviour = queue.shift() ?? behave(request);
		if (behaviour.firstTokenMilliseconds) await wait(behaviour.firstTokenMilliseconds, undefined, { ref: false });
		if (behaviour.status !== undefined || behaviour.body !== undefined) {
			return sendJson(request, response, behaviour.status ?? 200, behaviour.body ?? "", behaviour.headers);
		}
		const text = behaviour.text ?? (options.answer ?? defaultAnswer)(request);
		await writeAnswer(request, response, { ...behaviour, text });
	}

	const server = createServer((incoming, response) => {
		serve(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
	});
	await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	return {
		origin,
		baseUrl: `${origin}/v1`,
		requests,
		otherRequests,
		next: (...behaviours) => void queue.push(...behaviours),
		behave: (replacement) => {
			behave = replacement;
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function defaultAnswer(request: SeenRequest): string {
	return `Antwort auf: ${request.question}`;
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
	let text = "";
	incoming.setEncoding("utf8");
	for await (const part of incoming) text += part;
	const body = (text === "" ? {} : JSON.parse(text)) as ChatBody;
	return {
		method: incoming.method ?? "",
		path: incoming.url ?? "",
		headers: incoming.headers,
		body,
		question: lastQuestion(body),
		at: Date.now(),
		isAborted: false,
		isAnswered: false,
	};
}

/** Strings go out as they are, everything else as JSON. */
export function sendJson(
	request: SeenRequest,
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): void {
	request.isAnswered = true;
	response.writeHead(status, { "content-type": "application/json", ...headers });
	response.end(typeof body === "string" ? body : JSON.stringify(body));
}
