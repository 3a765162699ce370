import type { MarkedToken, Token, Tokens } from "marked";
import { type Span, type Style, textOf } from "./document.ts";
import { linkSpans } from "./links.ts";
import { decodeReferences } from "./references.ts";

/** Inline tokens as spans; a text may contain line breaks here, see `brokenIntoLines`. */
export function spansOf(tokens: readonly Token[], styles: readonly Style[] = []): readonly Span[] {
	return tokens.flatMap((token) => spansOfToken(token as MarkedToken | Tokens.Generic, styles));
}

function spansOfToken(token: MarkedToken | Tokens.Generic, styles: readonly Style[]): readonly Span[] {
	switch (token.type) {
		case "strong":
			return spansOf(token.tokens ?? [], withStyle(styles, "bold"));
		case "em":
			return spansOf(token.tokens ?? [], withStyle(styles, "italic"));
		case "del":
			return spansOf(token.tokens ?? [], withStyle(styles, "struck"));
		case "codespan":
			return [{ text: token.text, styles: withStyle(styles, "code") }];
		case "link":
			return linkSpans(spansOf(token.tokens ?? [], styles), decodeReferences(token.href), styles);
		case "image": {
			const label = { text: textOf(spansOf(token.tokens ?? [])) || decodeReferences(token.text), styles };
			return linkSpans([label], decodeReferences(token.href), styles);
		}
		case "escape":
			return [{ text: token.text, styles }];
		case "br":
			return [{ text: "\n", styles: [] }];
		case "checkbox":
			return [];
		case "text":
			return token.tokens ? spansOf(token.tokens, styles) : [{ text: decodeReferences(token.raw), styles }];
		default:
			return [{ text: token.raw, styles }];
	}
}

function withStyle(styles: readonly Style[], style: Style): readonly Style[] {
	return styles.includes(style) ? styles : [...styles, style];
}

/** One array of spans per line, without the white space around a line break, equal neighbours joined. */
export function brokenIntoLines(spans: readonly Span[]): readonly (readonly Span[])[] {
	const lines: Span[][] = [[]];
	for (const span of spans) {
		for (const [index, text] of span.text.split("\n").entries()) {
			if (index > 0) lines.push([]);
			const line = lines.at(-1) ?? [];
			const isCode = span.styles.includes("code");
			append(line, { text: isCode || line.length > 0 ? text : text.replace(/^[ \t]+/, ""), styles: span.styles });
		}
	}
	return lines.map(withoutTrailingSpace);
}

function append(line: Span[], span: Span): void {
	if (span.text === "") return;
	const last = line.at(-1);
	if (last && hasStyles(last, span.styles))
		line[line.length - 1] = { text: last.text + span.text, styles: span.styles };
	else line.push(span);
}

function hasStyles(span: Span, styles: readonly Style[]): boolean {
	return span.styles.length === styles.length && span.styles.every((style, index) => style === styles[index]);
}

function withoutTrailingSpace(line: readonly Span[]): readonly Span[] {
	const last = line.at(-1);
	if (!last || last.styles.includes("code")) return line;
	const text = last.text.trimEnd();
	return text === last.text ? line : [...line.slice(0, -1), ...(text ? [{ text, styles: last.styles }] : [])];
}
