import type { Token } from "marked";
import { clean } from "./clean.ts";
import { isVisible, type Line, textLine, textOf } from "./document.ts";
import { lex } from "./lexer.ts";
import { linesOf } from "./lines.ts";
import { finishOpenMarkup } from "./unfinished.ts";

/** Longer texts are shown literally. Answers are far shorter; this only bounds what a hostile text can cost. */
const longestMarkdown = 50_000;

/**
 * Markdown as lines of spans. Never throws, whatever the text is. Empty only for text without visible characters.
 * `isUnfinished`: the end is still being written; open markup is closed and half markup held back.
 */
export function parse(markdown: string, isUnfinished: boolean): readonly Line[] {
	const source = clean(markdown);
	if (!isVisible(source)) return [];
	if (source.length > longestMarkdown) return literalLines(source);
	const lines = readMarkdown(isUnfinished ? finishOpenMarkup(source) : source);
	if (lines.some((line) => isVisible(line.marker + textOf(line.spans)))) return lines;
	return isUnfinished ? literalLines("…") : literalLines(source);
}

function readMarkdown(source: string): readonly Line[] {
	try {
		const tokens = lex(source);
		return linesOf(tokens, usedReferences(tokens));
	} catch (error) {
		// marked and the walk over its tokens are recursive: what nests too deep for the stack is shown as it was written.
		if (error instanceof RangeError) return literalLines(source);
		throw error;
	}
}

function literalLines(text: string): readonly Line[] {
	return text.split("\n").map((line) => ({ ...textLine, spans: line === "" ? [] : [{ text: line, styles: [] }] }));
}

/** Targets of links that do not name their address themselves, so that a definition elsewhere must have done it. */
function usedReferences(tokens: readonly Token[]): ReadonlySet<string> {
	const used = new Set<string>();
	const walk = (inner: readonly Token[]): void => {
		for (const token of inner) {
			if ((token.type === "link" || token.type === "image") && !token.raw.includes(`](`)) used.add(token.href);
			for (const child of childrenOf(token)) walk(child);
		}
	};
	walk(tokens);
	return used;
}

function childrenOf(token: Token): readonly (readonly Token[])[] {
	if (token.type === "list") return token.items.map((item: Token) => ("tokens" in item ? item.tokens : []));
	if (token.type === "table")
		return [token.header, ...token.rows].flat().map((cell: { tokens: Token[] }) => cell.tokens);
	return "tokens" in token && token.tokens ? [token.tokens] : [];
}
