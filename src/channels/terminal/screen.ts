import type { Writable } from "node:stream";

/** A stream to a terminal knows its size. */
export type TerminalOutput = Writable & { readonly columns?: number; readonly rows?: number };

/** What stands below everything else: the line that a person is writing. */
export interface PromptLine {
	/** Rows between its first row and the cursor. */
	cursorRow(): number;
	/** Rows that it takes in all. */
	height(): number;
	/** Writes it at the cursor, which stands `cursorRow()` rows below its first row. */
	show(): void;
}

/** Rows that still change, above the prompt; what is done scrolls away upwards. Rows fit the terminal's width. */
export interface Screen {
	/** Replaces the changing rows, from the first one that differs. */
	draw(rows: readonly string[]): void;
	/** Leaves `rows` standing for good and `rest` changing below them. */
	commit(rows: readonly string[], rest: readonly string[]): void;
}

const clearBelow = "\u001b[J";
const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : "");

export function createScreen(output: TerminalOutput, prompt: PromptLine): Screen {
	let drawn: readonly string[] = [];
	let columns = output.columns;
	/** Rows that scrolled out of reach are no longer what they should be: only a full copy below mends that. */
	let isTorn = false;

	function paint(rows: readonly string[], isFinal: boolean): void {
		if (columns !== output.columns) {
			// The terminal has wrapped everything anew: where our rows stand now is unknown.
			columns = output.columns;
			drawn = [];
		}
		const available = Math.max(1, (output.rows || 24) - prompt.height() - 1);
		const reach = Math.max(0, drawn.length - available);
		const changed = firstDifference(drawn, rows);
		if (changed === drawn.length && changed === rows.length && !(isFinal && isTorn)) return;
		if (changed < reach) isTorn = true;
		if (!isTorn) write(changed, rows.slice(changed));
		else if (isFinal) write(reach, rows);
		else write(reach, rows.slice(-available));
		if (isFinal) isTorn = false;
		drawn = rows;
	}

	/** Replaces everything from the row `from` on. */
	function write(from: number, rows: readonly string[]): void {
		const cursorRow = prompt.cursorRow();
		output.cork();
		output.write(`${up(cursorRow)}\r${up(drawn.length - from)}${clearBelow}`);
		output.write(rows.map((row) => `${row}\n`).join("") + "\n".repeat(cursorRow));
		prompt.show();
		output.uncork();
	}

	return {
		draw: (rows) => paint(rows, false),
		commit(rows, rest) {
			paint([...rows, ...rest], true);
			drawn = rest;
		},
	};
}

function firstDifference(some: readonly string[], others: readonly string[]): number {
	const shorter = Math.min(some.length, others.length);
	for (let index = 0; index < shorter; index++) if (some[index] !== others[index]) return index;
	return shorter;
}
