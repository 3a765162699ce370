import { PassThrough, Writable } from "node:stream";
import { displayWidth } from "../../src/channels/markdown/width.ts";

/** A terminal emulator small enough to trust: a grid, a cursor, scroll-back, and the sequences that we send. */
export interface FakeTerminal {
	/** What the program reads: the keyboard. */
	readonly input: PassThrough;
	/** What the program writes to. */
	readonly output: Writable & { columns: number; rows: number };
	/** Everything from the first line on, scrolled away or not, without trailing blanks and empty lines at the end. */
	lines(): string[];
	/** What the screen shows now. */
	visible(): string[];
	/** Everything that was written, sequences included. */
	written(): string;
	/** A narrower terminal wraps what stands there. */
	resize(columns: number): void;
}

const sequence = new RegExp(`${"\u001b"}\\[(\\??)(\\d*)([A-Za-z])`, "y");

export function createFakeTerminal(columns = 60, rows = 16): FakeTerminal {
	const grid: string[][] = [[]];
	let row = 0;
	let column = 0;
	let top = 0;
	let written = "";

	const line = (at: number): string[] => {
		while (grid.length <= at) grid.push([]);
		return grid[at] as string[];
	};

	function lineFeed(): void {
		row++;
		line(row);
		top = Math.max(top, row - output.rows + 1);
	}

	function put(character: string): void {
		const width = displayWidth(character);
		if (width === 0) {
			const cells = line(row);
			const before = Math.max(0, column - 1);
			cells[before] = (cells[before] ?? "") + character;
			return;
		}
		if (column + width > output.columns) {
			lineFeed();
			column = 0;
		}
		const cells = line(row);
		while (cells.length < column) cells.push(" ");
		cells[column] = character;
		for (let filler = 1; filler < width; filler++) cells[column + filler] = "";
		column += width;
	}

	function control(mark: string, number: number, name: string): void {
		if (mark === "?" || name === "m") return;
		const count = Math.max(1, number);
		if (name === "A") row = Math.max(top, row - count);
		else if (name === "B") row = Math.min(top + output.rows - 1, row + count);
		else if (name === "C") column = Math.min(output.columns - 1, column + count);
		else if (name === "D") column = Math.max(0, column - count);
		else if (name === "G") column = count - 1;
		else if (name === "K") line(row).splice(column);
		else if (name === "J" && number === 0) {
			line(row).splice(column);
			grid.splice(row + 1);
		} else throw new Error(`unknown sequence ${number}${name}`);
	}

	function feed(text: string): void {
		written += text;
		for (let at = 0; at < text.length; ) {
			sequence.lastIndex = at;
			const found = sequence.exec(text);
			if (found) {
				control(found[1] ?? "", Number(found[2] || 0), found[3] ?? "");
				at = sequence.lastIndex;
				continue;
			}
			const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
			at += character.length;
			if (character === "\n") {
				lineFeed();
				column = 0;
			} else if (character === "\r") column = 0;
			else put(character);
		}
	}

	const output = Object.assign(
		new Writable({
			decodeStrings: false,
			write(chunk, _encoding, done) {
				feed(String(chunk));
				done();
			},
		}),
		{ columns, rows },
	);
	const textOf = (cells: readonly string[]): string =>
		cells
			.map((cell) => cell ?? " ")
			.join("")
			.trimEnd();
	const trimmed = (texts: string[]): string[] => texts.slice(0, texts.findLastIndex((text) => text !== "") + 1);

	return {
		input: new PassThrough(),
		output,
		lines: () => trimmed(grid.map(textOf)),
		visible: () => trimmed(grid.slice(top).map(textOf)),
		written: () => written,
		resize(width) {
			const before = grid.splice(0);
			for (const [index, cells] of before.entries()) {
				if (index === row) {
					row = grid.length + Math.floor(column / width);
					column %= width;
				}
				do grid.push(cells.splice(0, width));
				while (cells.length > 0);
			}
			top = Math.max(0, grid.length - output.rows);
			output.columns = width;
			output.emit("resize");
		},
	};
}
