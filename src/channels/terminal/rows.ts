import { displayWidth } from "../markdown/width.ts";

const escapeCharacter = "\u001b";
/** One sequence for colour or form, or all text up to the next one. */
const formOrText = new RegExp(`(${escapeCharacter}\\[[0-9;]*m)|([^${escapeCharacter}]+|${escapeCharacter})`, "g");
const tabColumns = 8;

/** Breaks text into rows of at most `columns`, each of which starts with the colours that were on in its line. */
export function rowsOf(text: string, columns: number): readonly string[] {
	return text.split("\n").flatMap((line) => rowsOfLine(line, Math.max(columns, 2)));
}

function rowsOfLine(line: string, columns: number): readonly string[] {
	const rows: string[] = [];
	let forms = "";
	let row = "";
	let used = 0;
	for (const [, form, text = ""] of line.matchAll(formOrText)) {
		if (form !== undefined) {
			forms += form;
			row += form;
			continue;
		}
		for (const { segment } of new Intl.Segmenter("de").segment(text)) {
			const shown = segment === "\t" ? " ".repeat(tabColumns - (used % tabColumns)) : segment;
			const width = displayWidth(shown);
			if (used + width > columns) {
				rows.push(row);
				row = forms;
				used = 0;
			}
			row += shown;
			used += width;
		}
	}
	return [...rows, row];
}
