import type { Clock } from "../clock.ts";
import { type AfterLine, LineTooLongError, longestLine, readLines } from "./lines.ts";

/**
 * The JSON objects of an answer, one after another, however the server packs them: server-sent events, also such whose
 * data stands on several lines, one object a line, or a single object over many lines. Its content type does not decide,
 * for proxies and small servers send a wrong one. Everything around the objects is skipped. Throws a SyntaxError for
 * what should be JSON and is none. When the signal aborts it simply ends: look at the signal.
 */
export async function readChunks(
	body: ReadableStream<Uint8Array>,
	signal: AbortSignal,
	clock: Clock,
	take: (chunk: object) => "more" | "enough",
): Promise<void> {
	const packing = createUnpacking(take);
	await readLines(body, signal, clock, packing.line);
	if (!signal.aborted) packing.end();
}

interface Unpacking {
	readonly line: (line: string) => AfterLine;
	/** No line is left: an object that still waits for its end is taken or refused. */
	end(): void;
}

function createUnpacking(take: (chunk: object) => "more" | "enough"): Unpacking {
	/** Begun on the lines before: the data of one event, or a body, whose end is the end of everything. */
	let pending: { readonly kind: "event" | "body"; text: string } | undefined;

	function takeJson(json: string): AfterLine {
		const chunk: unknown = JSON.parse(json);
		return typeof chunk === "object" && chunk !== null ? take(chunk) : "more";
	}
	function takeOrWait(kind: "event" | "body", text: string): AfterLine {
		if (!pending) {
			if (text === "") return "more";
			try {
				return takeJson(text);
			} catch (error) {
				if (!(error instanceof SyntaxError)) throw error;
				pending = { kind, text };
				return "more";
			}
		}
		pending.text += `\n${text}`;
		if (pending.text.length > longestLine) throw new LineTooLongError(`more than ${longestLine} characters of JSON`);
		return "more";
	}
	function takePending(): AfterLine {
		const json = pending?.text;
		pending = undefined;
		return json === undefined ? "more" : takeJson(json);
	}

	return {
		line(line) {
			if (pending?.kind === "body") return takeOrWait("body", line);
			if (line.startsWith("data:")) {
				const value = line.slice(5).trim();
				if (value !== "[DONE]") return takeOrWait("event", value);
				return takePending() === "enough" ? "enough" : "end";
			}
			const text = line.trim();
			if (text === "") return takePending();
			return text.startsWith("{") || text.startsWith("[") ? takeOrWait("body", text) : "more";
		},
		end: () => void takePending(),
	};
}
