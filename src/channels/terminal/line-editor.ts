import { createInterface } from "node:readline";
import { PassThrough, type Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../clock.ts";
import type { History } from "./history.ts";
import { createPasteFilter } from "./paste.ts";
import type { PromptLine, TerminalOutput } from "./screen.ts";

export type TerminalInput = Readable & { setRawMode?(isRaw: boolean): unknown };

export interface LineEditor extends PromptLine {
	/** Takes back the line that Enter has just left standing above the cursor. */
	erase(shown: string): void;
	/** Gives the terminal back. Nothing is read any more. */
	close(): void;
}

export interface LineEvents {
	/** Enter: what was written with everything pasted, and what stands on the screen. */
	line(text: string, shown: string): void;
	/** Ctrl-C; `hadText`: it has emptied the line. */
	interrupt(hadText: boolean): void;
	/** Nothing more will come: Ctrl-D, the terminal is gone, or `close` was called. */
	end(): void;
}

const bracketedPaste = { on: "\u001b[?2004h", off: "\u001b[?2004l" };

/** Node's line editor with history, and with pasted blocks as one piece: a label stands for them until Enter. */
export function createLineEditor(
	parts: {
		readonly input: TerminalInput;
		readonly output: TerminalOutput;
		readonly prompt: string;
		readonly history: History;
		readonly clock: Clock;
		pasteLabel(number: number, lines: number): string;
	},
	events: LineEvents,
): LineEditor {
	const { input, output, prompt, history, clock } = parts;
	let isOpen = true;
	const pastes = new Map<string, string>();
	const setRawMode = (isRaw: boolean): void => void input.setRawMode?.(isRaw);
	const keys = Object.assign(new PassThrough(), { setRawMode });
	const editor = createInterface({
		input: keys,
		output,
		terminal: true,
		prompt,
		history: [...history.entries],
		historySize: 500,
		removeHistoryDuplicates: true,
		escapeCodeTimeout: 50,
		tabSize: 8,
	});
	/** One by one: of several characters at once the editor does not notice that they wrap. */
	const press = (text: string): void => {
		for (const character of text) keys.write(character);
	};
	const filter = createPasteFilter(clock, {
		keys: press,
		paste(text) {
			const label = parts.pasteLabel(pastes.size + 1, text.split("\n").length);
			pastes.set(label, text);
			press(label);
		},
	});
	const decoder = new StringDecoder("utf8");
	const push = (chunk: Buffer | string): void => filter.push(typeof chunk === "string" ? chunk : decoder.write(chunk));

	editor.on("line", (shown) => {
		const text = [...pastes].reduce((line, [label, paste]) => line.replace(label, () => paste), shown);
		if (text.trim() !== "") history.add(text);
		events.line(text, shown);
	});
	editor.on("SIGINT", () => {
		const hadText = editor.line !== "";
		for (const name of hadText ? ["e", "u"] : []) editor.write(null, { ctrl: true, name });
		events.interrupt(hadText);
	});
	editor.on("close", () => {
		isOpen = false;
		const { rows } = editor.getCursorPos();
		output.write(`${rows > 0 ? `\u001b[${rows}A` : ""}\r\u001b[J${bracketedPaste.off}`);
		input.off("data", push);
		input.pause();
		events.end();
	});
	input.on("data", push);
	input.resume();
	for (const gone of ["end", "error", "close"]) input.once(gone, () => editor.close());
	output.write(bracketedPaste.on);

	/** Rows of the prompt with `text` behind it, by the editor's own reckoning. */
	function heightWith(text: string): number {
		editor.setPrompt(prompt + text);
		const { rows } = editor.getCursorPos();
		editor.setPrompt(prompt);
		return rows + 1;
	}

	return {
		cursorRow: () => (isOpen ? editor.getCursorPos().rows : 0),
		height: () => (isOpen ? heightWith(editor.line.slice(editor.cursor)) : 0),
		show: () => (isOpen ? editor.prompt(true) : undefined),
		erase: (shown) => void output.write(`\u001b[${heightWith(shown)}A\r\u001b[J`),
		close: () => editor.close(),
	};
}
