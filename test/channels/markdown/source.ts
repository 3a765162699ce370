import { lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { decodeReferences } from "../../../src/channels/markdown/references.ts";

/** What a Markdown text contains, as marked reads it without any of our changes. */
export interface Source {
	/**
	 * What a reader sees, as words between white space, in order: text, code, raw HTML, escaped characters. Not: marks,
	 * language names, link titles, used definitions, list markers. Table rows come cell by cell.
	 */
	readonly words: readonly string[];
	/** Targets of links and images, each of which must be followed or shown. Not: anchors, images inside links. */
	readonly targets: readonly string[];
	readonly codeBlocks: readonly string[];
	/** Code in text, outside of links, headings' marks and tables. */
	readonly inlineCode: readonly string[];
	/** First words of list items that stand inside other items, with those of the item around them. */
	readonly nestedItems: readonly { readonly outer: string; readonly inner: string }[];
	/** First words of task items and their state. */
	readonly tasks: readonly { readonly text: string; readonly isDone: boolean }[];
	/** Cells of each table, row by row. */
	readonly tables: readonly (readonly (readonly string[])[])[];
}

interface Collected {
	text: string;
	readonly targets: string[];
	readonly codeBlocks: string[];
	readonly inlineCode: string[];
	readonly nestedItems: { outer: string; inner: string }[];
	readonly tasks: { text: string; isDone: boolean }[];
	readonly tables: string[][][];
}

export function readSource(markdown: string): Source {
	const seen: Collected = {
		text: "",
		targets: [],
		codeBlocks: [],
		inlineCode: [],
		nestedItems: [],
		tasks: [],
		tables: [],
	};
	for (const token of lexer(markdown)) readBlock(token as MarkedToken, seen);
	return { ...seen, words: seen.text.split(/[\s\p{Cc}]+/u).filter((word) => word !== "") };
}

function readBlock(token: MarkedToken | Tokens.Generic, seen: Collected): void {
	if (token.type === "code") {
		const code = token.text.replace(/\n$/, "");
		if (code.trim() !== "") seen.codeBlocks.push(code);
		seen.text += `${code}\n`;
	} else if (token.type === "table") {
		readTable(token as Tokens.Table, seen);
	} else if (token.type === "list") {
		for (const item of (token as Tokens.List).items) readItem(item, seen);
	} else if (token.type === "html") {
		seen.text += `${token.raw}\n`;
	} else if (token.type === "paragraph" || token.type === "heading" || token.type === "text") {
		seen.text += `${readInline(token.tokens ?? [], seen, false)}\n`;
	} else {
		for (const inner of "tokens" in token ? (token.tokens ?? []) : []) readBlock(inner as MarkedToken, seen);
	}
}

function readItem(item: Tokens.ListItem, seen: Collected): void {
	const start = firstLine(item);
	if (item.task) seen.tasks.push({ text: start, isDone: item.checked ?? false });
	for (const inner of item.tokens) {
		if (inner.type === "list")
			for (const nested of (inner as Tokens.List).items) {
				const innerStart = firstLine(nested);
				if (start && innerStart) seen.nestedItems.push({ outer: start, inner: innerStart });
			}
		readBlock(inner as MarkedToken, seen);
	}
}

function firstLine(item: Tokens.ListItem): string {
	const first = item.tokens.find((token) => token.type === "text" || token.type === "paragraph");
	if (!first || item.tokens.find((token) => token.type !== "checkbox" && token.type !== "space") !== first) return "";
	return (
		readInline((first as Tokens.Text).tokens ?? [], null, false)
			.split(/[\n\0]/)[0]
			?.trim() ?? ""
	);
}

function readTable(table: Tokens.Table, seen: Collected): void {
	const rows = [table.header, ...table.rows].map((row) => row.map((cell) => readInline(cell.tokens, seen, true)));
	seen.tables.push(rows.map((row) => row.map((cell) => cell.replaceAll("\0", ""))));
	for (const row of rows) seen.text += `${row.join("\n")}\n`;
}

function readInline(tokens: readonly Token[], seen: Collected | null, isCodeHidden: boolean): string {
	return tokens.map((token) => readSpan(token as MarkedToken, seen, isCodeHidden)).join("");
}

function readSpan(token: MarkedToken, seen: Collected | null, isCodeHidden: boolean): string {
	switch (token.type) {
		case "codespan":
			if (!isCodeHidden) seen?.inlineCode.push(token.text);
			return token.text;
		case "link":
		case "image":
			if (token.href !== "" && !token.href.startsWith("#")) seen?.targets.push(decodeReferences(token.href));
			// The target may follow a label at once, so that a word ends with the label.
			return `\0${readInline(token.tokens ?? [], token.type === "link" ? withoutTargets(seen) : null, true)}\0`;
		case "br":
			return "\n";
		case "checkbox":
			return "";
		case "text":
			return decodeReferences(token.raw);
		case "escape":
			return token.text;
		default:
			return "tokens" in token && token.tokens ? readInline(token.tokens, seen, isCodeHidden) : token.raw;
	}
}

/** An image inside a link shows its label only. */
function withoutTargets(seen: Collected | null): Collected | null {
	return seen && { ...seen, targets: [] };
}
