import type { Clock } from "../clock.ts";

/** No server sends a longer line for good reasons. */
export const longestLine = 1_000_000;
const lastBytesMilliseconds = 1_000;

/** `end`: this was the last line of the answer · `enough`: the rest is not wanted, the connection is given up. */
export type AfterLine = "more" | "end" | "enough";

export class LineTooLongError extends Error {
	override readonly name = "LineTooLongError";
}

/**
 * The lines of a byte stream as UTF-8, without their ends. Resolves when the stream ends, when `take` has heard enough or
 * when the signal aborts: look at the signal to tell these apart.
 */
export async function readLines(
	body: ReadableStream<Uint8Array>,
	signal: AbortSignal,
	clock: Clock,
	take: (line: string) => AfterLine,
): Promise<void> {
	const reader = body.getReader();
	const giveUp = (): void => void reader.cancel().catch(() => undefined);
	signal.addEventListener("abort", giveUp, { once: true });
	const split = createLineSplitter();
	let next: AfterLine | "ended" = "more";
	try {
		do {
			const { done, value } = await reader.read();
			for (const line of split(value)) {
				next = take(line);
				if (next !== "more") return;
			}
			if (done) next = "ended";
		} while (next === "more");
	} finally {
		signal.removeEventListener("abort", giveUp);
		if (next === "end") finishBody(reader, clock, giveUp).catch(() => undefined);
		else if (next !== "ended") giveUp();
	}
}

/** Bytes in, complete lines out; `undefined` means that the stream ended. */
function createLineSplitter(): (bytes: Uint8Array | undefined) => readonly string[] {
	const decoder = new TextDecoder();
	let tail = "";
	return (bytes) => {
		const text = tail + (bytes ? decoder.decode(bytes, { stream: true }) : `${decoder.decode()}\n`);
		/** A line may end with CR alone, unless its LF is still to come. */
		const lines = text.split(text.includes("\r") ? /\r?\n|\r(?!$)/ : "\n");
		tail = lines.pop() ?? "";
		if (tail.length > longestLine) throw new LineTooLongError(`line of more than ${longestLine} characters`);
		return lines;
	};
}

/** Reads the last bytes behind the answer, so that the connection can be used again. */
async function finishBody(
	reader: ReadableStreamDefaultReader<Uint8Array>,
	clock: Clock,
	giveUp: () => void,
): Promise<void> {
	const cancelTimer = clock.after(lastBytesMilliseconds, giveUp);
	try {
		while (!(await reader.read()).done);
	} finally {
		cancelTimer();
	}
}
