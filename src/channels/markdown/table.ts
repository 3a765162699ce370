import type { Tokens } from "marked";
import { type CodeBlock, type Line, type Span, textLine, textOf } from "./document.ts";
import { brokenIntoLines, spansOf } from "./inline.ts";
import { targetOf } from "./plain.ts";
import { displayWidth } from "./width.ts";

/** Longer cells hang out of their column instead of widening it. */
const widestColumn = 60;

/** A table as aligned code. Its links, which code cannot carry, follow in a line below. */
export function tableLines(table: Tokens.Table): readonly Line[] {
	const code: CodeBlock = { language: "" };
	const rows = [table.header, ...table.rows].map((row) => row.map((cell) => spansOf(cell.tokens)));
	const texts = rows.map((row) => row.map((spans) => textOf(spans).replaceAll("\n", " ")));
	const widths = table.header.map((_, column) => columnWidth(texts, column));
	const drawn = texts.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, table.align[column])));
	const separator = widths.map((width) => "-".repeat(width)).join("-+-");
	const lines = drawn.map((row) => row.join(" | ").trimEnd());
	lines.splice(1, 0, separator);
	const links = rows.flat(2).filter(isHiddenBehind);
	return [
		...lines.map((text) => ({ ...textLine, code, spans: [{ text, styles: [] }] })),
		...(links.length > 0 ? [{ ...textLine, spans: linkList(links) }] : []),
	];
}

/** A link whose address the text does not show. */
function isHiddenBehind(span: Span): boolean {
	const target = targetOf(span);
	return target !== null && target !== span.text;
}

function columnWidth(rows: readonly (readonly string[])[], column: number): number {
	let width = 3;
	for (const row of rows) width = Math.max(width, Math.min(displayWidth(row[column] ?? ""), widestColumn));
	return width;
}

function pad(cell: string, width: number, align: "left" | "right" | "center" | null | undefined): string {
	const missing = Math.max(width - displayWidth(cell), 0);
	const left = align === "right" ? missing : align === "center" ? Math.floor(missing / 2) : 0;
	return " ".repeat(left) + cell + " ".repeat(missing - left);
}

function linkList(links: readonly Span[]): readonly Span[] {
	const spans = links.flatMap((link, index) => (index > 0 ? [{ text: " · ", styles: [] }, link] : [link]));
	return brokenIntoLines(spans)[0] ?? [];
}
