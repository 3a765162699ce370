import type { MarkedToken, Token, Tokens } from "marked";
import { type Line, type Span, type Style, textLine } from "./document.ts";
import { brokenIntoLines, spansOf } from "./inline.ts";
import { tableLines } from "./table.ts";

/** Where a block stands. */
interface Place {
	readonly quoteDepth: number;
	readonly indent: number;
	readonly listDepth: number;
	/** Reference definitions that a link uses; the others are shown. */
	readonly usedTargets: ReadonlySet<string>;
}

const bullets = ["•", "◦", "▪"];
/** Deeper lists and quotes are drawn at this depth: the indent must leave room for text. */
const deepest = 8;
const widestIndent = 32;
const rule = "──────────";

/** Block tokens as lines. */
export function linesOf(tokens: readonly Token[], usedTargets: ReadonlySet<string>): readonly Line[] {
	return blocks(tokens, { quoteDepth: 0, indent: 0, listDepth: 0, usedTargets });
}

function blocks(tokens: readonly Token[], place: Place): readonly Line[] {
	const lines: Line[] = [];
	let isApart = false;
	for (const token of tokens) {
		const block = blockLines(token as MarkedToken | Tokens.Generic, place);
		const starts = isApart || token.type === "heading";
		for (const [index, line] of block.entries())
			lines.push(index === 0 ? { ...line, isApart: starts && lines.length > 0 } : line);
		isApart = endsWithBlankLine(token) || (isApart && block.length === 0);
	}
	return lines;
}

/** The source tells where blank lines stand; looseness of a list is not used, because a later item would change it. */
function endsWithBlankLine(token: Token): boolean {
	return token.type === "space" || /\n[ \t]*\n[ \t]*$/.test(token.raw);
}

function blockLines(token: MarkedToken | Tokens.Generic, place: Place): readonly Line[] {
	switch (token.type) {
		case "space":
		case "checkbox":
			return [];
		case "def":
			return place.usedTargets.has(token.href) ? [] : literal(token.raw, place);
		case "heading":
			return paragraph(spansOf(token.tokens ?? [], ["bold"]), place).map((line) => ({ ...line, isHeading: true }));
		case "hr":
			return paragraph([{ text: rule, styles: [] }], place);
		case "blockquote":
			return blocks(token.tokens ?? [], { ...place, quoteDepth: Math.min(place.quoteDepth + 1, deepest) });
		case "code":
			return codeLines(token as Tokens.Code, place);
		case "table":
			return tableLines(token as Tokens.Table).map((line) => ({ ...line, quoteDepth: place.quoteDepth }));
		case "list":
			return (token as Tokens.List).items.flatMap((item, index) => itemLines(token as Tokens.List, item, index, place));
		case "paragraph":
		case "text":
			return paragraph(spansOf(token.tokens ?? []), place);
		default:
			return literal(token.raw, place);
	}
}

/** Raw HTML, formulas, definitions: shown as they were written. */
function literal(raw: string, place: Place): readonly Line[] {
	return paragraph([{ text: raw.trimEnd(), styles: [] }], place);
}

function paragraph(spans: readonly Span[], place: Place): readonly Line[] {
	const { quoteDepth, indent } = place;
	return brokenIntoLines(spans).map((line) => ({ ...textLine, quoteDepth, indent, spans: line }));
}

function codeLines(token: Tokens.Code, place: Place): readonly Line[] {
	const text = token.text.replace(/\n$/, "");
	if (text.trim() === "") return [];
	const code = { language: /^[\w+#.-]{1,30}/.exec(token.lang ?? "")?.[0] ?? "" };
	const styles: readonly Style[] = [];
	return text.split("\n").map((line) => ({
		...textLine,
		quoteDepth: place.quoteDepth,
		code,
		spans: line === "" ? [] : [{ text: line, styles }],
	}));
}

function itemLines(list: Tokens.List, item: Tokens.ListItem, index: number, place: Place): readonly Line[] {
	const marker = markerOf(list, item, index, place.listDepth);
	const inside: Place = {
		...place,
		indent: Math.min(place.indent + marker.length + 1, widestIndent),
		listDepth: place.listDepth + (list.ordered ? 0 : 1),
	};
	const lines = blocks(item.tokens, inside);
	const before = list.items[index - 1];
	const isApart = before !== undefined && endsWithBlankLine(before as Token);
	const marked: Line = { ...textLine, quoteDepth: place.quoteDepth, indent: place.indent, marker, isApart };
	const [first, ...rest] = lines;
	if (!first) return [marked];
	// A nested list, a quote or code that comes first leaves the marker a line of its own.
	if (first.code || first.marker || first.quoteDepth > place.quoteDepth) return [marked, ...lines];
	return [{ ...first, indent: place.indent, marker, isApart }, ...rest];
}

function markerOf(list: Tokens.List, item: Tokens.ListItem, index: number, listDepth: number): string {
	const state = item.task ? (item.checked ? "☑" : "☐") : "";
	if (!list.ordered) return state || (bullets[Math.min(listDepth, bullets.length - 1)] ?? "•");
	const delimiter = /^\s*\d+([.)])/.exec(item.raw)?.[1] ?? ".";
	const number = `${Number(list.start || 0) + index}${delimiter}`;
	return state ? `${number} ${state}` : number;
}
