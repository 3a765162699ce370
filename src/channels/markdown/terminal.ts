import { styleText } from "node:util";
import { cutLine } from "./cut.ts";
import { gapBetween, type Line, leadOf, type Span, textOf } from "./document.ts";
import { type Marks, nest } from "./nest.ts";
import { textWithTargets } from "./plain.ts";
import { displayWidth } from "./width.ts";

type Format = Parameters<typeof styleText>[0];

const formats: Readonly<Record<string, Format>> = {
	bold: "bold",
	italic: "italic",
	struck: "strikethrough",
	code: "cyan",
};

/** Colours and forms by escape sequences, whatever the process's own output is. */
function coloured(format: Format, text: string): string {
	return styleText(format, text, { validateStream: false });
}

const marks: Marks = {
	open(style, run) {
		if (style.startsWith("time:")) return ["", ""];
		const [opening = "", closing = ""] = coloured(formats[style] ?? "underline", "\0").split("\0");
		if (!style.startsWith("link:")) return [opening, closing];
		return [opening, closing + coloured("dim", textWithTargets(run).slice(textOf(run).length))];
	},
	text: (span) => span.text,
	between: () => "",
};

/** Lines for a terminal: prose wrapped at words with hanging indent, code as it is. */
export function drawTerminal(lines: readonly Line[], columns: number, hasColours: boolean): string {
	let drawn = "";
	for (const [index, line] of lines.entries()) {
		drawn += gapBetween(lines[index - 1] ?? null, line);
		drawn += wrapped(line, columns)
			.map((row) => drawRow(row, hasColours))
			.join("\n");
	}
	return drawn;
}

function drawRow(line: Line, hasColours: boolean): string {
	const quote = line.quoteDepth > 0 ? "> " : "";
	if (!hasColours) return quote + leadOf(line) + textWithTargets(line.spans);
	const text = line.code ? coloured("cyan", textOf(line.spans)) : nest(line.spans, marks);
	return (quote && coloured("dim", quote)) + leadOf(line) + text;
}

function wrapped(line: Line, columns: number): readonly Line[] {
	if (line.code) return [line];
	const rows: Line[] = [];
	let rest = line;
	for (;;) {
		const lead = displayWidth(leadOf(rest)) + (rest.quoteDepth > 0 ? 2 : 0);
		const at = wrapPosition(rest.spans, Math.max(columns - lead, 10));
		const [row, tail] = cutLine(rest, at);
		if (tail.spans.length === 0) return [...rows, row];
		rows.push(withoutLastSpace(row));
		rest = tail;
	}
}

/** The space behind the last word of a row would stand beyond the terminal's edge. */
function withoutLastSpace(line: Line): Line {
	const last = line.spans.at(-1);
	return last ? { ...line, spans: [...line.spans.slice(0, -1), { ...last, text: last.text.trimEnd() }] } : line;
}

/** Where the row ends: behind the last word that fits; a single word that is too long is left to the terminal. */
function wrapPosition(spans: readonly Span[], columns: number): number {
	const words = /[^ ]+ *| +/g;
	const text = textOf(spans);
	let used = 0;
	for (let word = words.exec(text); word; word = words.exec(text)) {
		const width = displayWidth(word[0].trimEnd());
		if (word.index > 0 && used + width > columns) return word.index;
		used += width + word[0].length - word[0].trimEnd().length;
	}
	return text.length;
}
