import type { ByteAnswer } from "../fakes/byte-server.ts";

/** An answer of one of the two protocols, as bytes. */
export interface Stream {
	readonly name: string;
	readonly protocol: "openai" | "ollama";
	readonly contentType: string;
	readonly body: Buffer;
	/** So many bytes of the body hold everything up to the finish reason. */
	readonly finishedAt: number;
	/** What a person reads of it. */
	readonly text: string;
}

/** How one stream is cut. */
export interface Cut {
	readonly stream: Stream;
	readonly framing: "chunked" | "length" | "until the end";
	/** `clean`: HTTP itself ends as it should, only the body is not whole. */
	readonly end: "reset" | "close" | "clean";
	/** Bytes of the body that are sent; negative within the headers. */
	readonly bodyBytes: number;
	/** The client gets every byte and a regular end: what stands in front of the cut counts. */
	readonly isClean: boolean;
}

const text = "Grüße aus Köln! 👋🏽 Die Äpfel – süß & saftig – kosten 2 €.\n\n- „Schön“ 😀\n- 👨‍👩‍👧 für alle";

function piecesOf(whole: string): readonly string[] {
	return whole.match(/.{1,5}/gsu) ?? [];
}

function streamOf(
	name: string,
	protocol: Stream["protocol"],
	before: readonly object[],
	finish: object,
	after: readonly string[],
): Stream {
	const isEvents = protocol === "openai";
	const pack = (chunk: object): string =>
		isEvents ? `data: ${JSON.stringify(chunk)}\n\n` : `${JSON.stringify(chunk)}\n`;
	const head = before.map(pack).join("");
	/** The object alone is enough: the end of its line may be missing. */
	const finishedAt = Buffer.byteLength(head + pack(finish).trimEnd());
	return {
		name,
		protocol,
		contentType: isEvents ? "text/event-stream" : "application/x-ndjson",
		body: Buffer.from(head + pack(finish) + after.join("")),
		finishedAt,
		text,
	};
}

const delta = (fields: object, finish_reason: string | null = null): object => ({
	id: "chatcmpl-1",
	choices: [{ index: 0, delta: fields, finish_reason }],
});
const contents = (whole: string): readonly object[] => piecesOf(whole).map((content) => delta({ content }));
const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 60 } })}\n\n`;
const done = "data: [DONE]\n\n";
const message = (fields: object): object => ({ model: "test", message: { role: "assistant", ...fields }, done: false });
const messages = (whole: string): readonly object[] => piecesOf(whole).map((content) => message({ content }));
const end = {
	model: "test",
	message: { role: "assistant", content: "" },
	done: true,
	done_reason: "stop",
	prompt_eval_count: 9,
	eval_count: 60,
};

export const streams: readonly Stream[] = [
	streamOf(
		"OpenAI's events",
		"openai",
		[delta({ role: "assistant", content: "" }), ...contents(text)],
		delta({}, "stop"),
		[usage, done],
	),
	streamOf(
		"events with thoughts in the text",
		"openai",
		contents(`<think>Öl? „Nein“ 🤔</think>\n\n${text}`),
		delta({}, "stop"),
		[usage, done],
	),
	streamOf(
		"events with thoughts beside it",
		"openai",
		[delta({ reasoning_content: "Hmm, süß 🤔" }), ...contents(text)],
		delta({}, "stop"),
		[done],
	),
	streamOf("Ollama's lines", "ollama", messages(text), end, ["\n"]),
	streamOf(
		"lines with thoughts",
		"ollama",
		[message({ content: "", thinking: "Öl? 🤔" }), ...messages(`<think>Öl</think>${text}`)],
		end,
		["\n"],
	),
];

/** The cut with this number: always the same for the same seed. */
export function cutOf(seed: number, number: number): { readonly cut: Cut; readonly plan: ByteAnswer } {
	const random = createRandom(seed + number * 7_919);
	const pick = <Value>(list: readonly [Value, ...Value[]]): Value =>
		list[Math.floor(random() * list.length)] ?? list[0];
	const stream = pick(streams as readonly [Stream, ...Stream[]]);
	const framing = pick(["chunked", "length", "until the end"] as const);
	const end = pick(framing === "length" ? ["reset", "close"] : ["reset", "close", "clean"]) as Cut["end"];
	const head = headOf(stream, framing);
	const bodyBytes = placeOf(stream, end === "clean" ? 0 : head.length, random);
	const part = stream.body.subarray(0, Math.max(0, bodyBytes));
	const body = framing === "chunked" ? chunked(part, random, end === "clean") : part;
	const wire = bodyBytes < 0 ? head.subarray(0, head.length + bodyBytes) : Buffer.concat([head, body]);
	const isClean = bodyBytes >= 0 && (end === "clean" || (end === "close" && framing === "until the end"));
	return {
		cut: { stream, framing, end, bodyBytes, isClean },
		plan: { parts: split(wire, random), end: end === "reset" ? "reset" : "close" },
	};
}

/** A third of the cuts lies about the finish reason, a few in the headers, the others anywhere. */
function placeOf({ body, finishedAt }: Stream, headBytes: number, random: () => number): number {
	const kind = random();
	if (kind < 0.05) return -Math.ceil(random() * headBytes);
	const from = kind < 0.35 ? finishedAt - 40 : 0;
	return from + Math.floor(random() * (body.length + 1 - from));
}

function headOf({ contentType, body }: Stream, framing: Cut["framing"]): Buffer {
	const size = {
		chunked: "transfer-encoding: chunked\r\n",
		length: `content-length: ${body.length}\r\n`,
		"until the end": "",
	};
	return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\n${size[framing]}connection: close\r\n\r\n`);
}

/** In chunks of random size; without a clean end the last one promises more than there is. */
function chunked(body: Buffer, random: () => number, isClean: boolean): Buffer {
	const parts: Buffer[] = [];
	for (let at = 0; at < body.length; ) {
		const size = 1 + Math.floor(random() * 400);
		const part = body.subarray(at, at + size);
		const isLast = at + size >= body.length;
		parts.push(Buffer.from(`${(isLast && !isClean ? part.length + 7 : part.length).toString(16)}\r\n`), part);
		if (!isLast || isClean) parts.push(Buffer.from("\r\n"));
		at += size;
	}
	return Buffer.concat([...parts, Buffer.from(isClean ? "0\r\n\r\n" : "")]);
}

/** Into one to four writes, anywhere. */
function split(wire: Buffer, random: () => number): readonly Buffer[] {
	const borders = Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * wire.length));
	const all = [0, ...borders.toSorted((one, other) => one - other), wire.length];
	return all.slice(1).map((border, index) => wire.subarray(all[index], border));
}

/** Mulberry32: numbers from 0 to 1, the same ones for the same seed. */
function createRandom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
