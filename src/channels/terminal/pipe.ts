import type { Message } from "../../assistant/message.ts";
import { say } from "../../locale.ts";
import { renderTerminal } from "../markdown/markdown.ts";
import { shownText, type TerminalParts, type TerminalPlace, type Writer } from "./place.ts";

/** Nothing as long as this is answered, so the rest need not be read. */
const longestInput = 1_000_000;

/** Everything that comes through the pipe is one message; its finished answer is all that goes out. */
export function createPipe(parts: TerminalParts, writer: Writer): TerminalPlace {
	const { input, output, hasColours, voice } = parts;
	const ending = Promise.withResolvers<void>();
	let isStopped = false;

	async function ask(accept: (messages: readonly Message[]) => void): Promise<void> {
		const text = await readAll();
		if (isStopped) return;
		if (text.trim() === "") return leave(say(voice, "terminal.nothingRead"));
		try {
			accept([writer.message(text)]);
		} catch {
			await leave(say(voice, "terminal.notKept"));
		}
	}

	/** Without the line break that `echo` adds. An input that breaks off ends there. */
	async function readAll(): Promise<string> {
		let text = "";
		input.setEncoding("utf8");
		try {
			for await (const chunk of input) {
				text += String(chunk);
				if (text.length > longestInput) break;
			}
		} catch (error) {
			if (!isStopped) throw error;
		}
		return text.replace(/^\ufeff/, "").replace(/\r?\n$/, "");
	}

	async function leave(text: string): Promise<void> {
		await write(text);
		ending.resolve();
	}

	/** Resolves also when nobody reads any more. */
	function write(text: string): Promise<void> {
		return new Promise((resolve) => void output.write(`${text}\n`, () => resolve()));
	}

	return {
		async start(accept) {
			output.on("error", () => ending.resolve());
			ask(accept).catch(() => ending.resolve());
		},
		open(message, record) {
			return {
				show: () => undefined,
				async finish(answer) {
					// Whoever pipes a question wants its answer and no other: what an earlier run left goes nowhere.
					if (answer !== null && record.deliveredParts === 0 && writer.wrote(message)) {
						const columns = output.columns || Number.POSITIVE_INFINITY;
						await write(renderTerminal(shownText(answer), { columns, hasColours }));
					}
					if (answer !== null) record.save([message.id], 1);
					if (writer.wrote(message)) ending.resolve();
				},
				abandon: () => undefined,
			};
		},
		async stop() {
			isStopped = true;
			input.destroy();
		},
		async close() {},
		ended: ending.promise,
	};
}
