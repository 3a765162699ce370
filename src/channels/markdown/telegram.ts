import { gapBetween, type Line, leadOf, type Span, type Style, textOf } from "./document.ts";
import { momentOf } from "./moment.ts";
import { type Marks, nest } from "./nest.ts";
import { plainText } from "./plain.ts";
import type { Sheet } from "./split.ts";

/** Telegram cuts what is more without a word. */
const maximumEntities = 100;

const tags: Readonly<Record<string, string>> = { bold: "b", italic: "i", struck: "s", code: "code" };

const marks: Marks = {
	open(style, run) {
		const moment = run[0] && style.startsWith("time:") ? momentOf(run[0]) : undefined;
		if (moment) return [`<tg-time unix="${moment.seconds}" format="${moment.isClock ? "t" : "dt"}">`, "</tg-time>"];
		if (style.startsWith("link:")) return [`<a href="${escapeHtml(style.slice("link:".length))}">`, "</a>"];
		return [`<${tags[style]}>`, `</${tags[style]}>`];
	},
	text: (span) => escapeHtml(span.text),
	between: () => "",
};

/** Telegram's HTML. Counted is the text after parsing; markup is free, but only so many entities are kept. */
export const telegramSheet = (longest: number): Sheet => ({
	limit: { units: longest, marks: maximumEntities },
	size(line, previous) {
		const opening = (isCodeStart(line, previous) ? 1 : 0) + (isQuoteStart(line, previous) ? 1 : 0);
		return {
			units: gapBetween(previous, line).length + leadOf(line).length + textOf(line.spans).length,
			marks: opening + drawSpans(line).split("</").length - 1,
		};
	},
	draw: (lines) => ({ markup: lines.map(drawLine).join(""), plain: plainText(lines, longest) }),
});

function drawLine(line: Line, index: number, lines: readonly Line[]): string {
	const previous = lines[index - 1] ?? null;
	const next = lines[index + 1] ?? null;
	let drawn = escapeHtml(leadOf(line)) + drawSpans(line);
	// Telegram trims plain spaces at the start of a message: the first line would lose its indent.
	if (!previous && !line.code) drawn = drawn.replace(/^ +/, (spaces) => "\u00a0".repeat(spaces.length));
	if (line.code) drawn = drawCode(drawn, line, previous, next);
	if (isQuoteStart(line, previous)) drawn = `<blockquote>${drawn}`;
	if (line.quoteDepth > 0 && !(next && next.quoteDepth > 0)) drawn += "</blockquote>";
	return gapBetween(previous, line) + drawn;
}

function drawCode(drawn: string, line: Line, previous: Line | null, next: Line | null): string {
	const language = line.code?.language ? ` class="language-${escapeHtml(line.code.language)}"` : null;
	const opening = language === null ? "<pre>" : `<pre><code${language}>`;
	const closing = language === null ? "</pre>" : "</code></pre>";
	return (isCodeStart(line, previous) ? opening : "") + drawn + (next?.code === line.code ? "" : closing);
}

function isCodeStart(line: Line, previous: Line | null): boolean {
	return line.code !== null && previous?.code !== line.code;
}

function isQuoteStart(line: Line, previous: Line | null): boolean {
	return line.quoteDepth > 0 && !(previous && previous.quoteDepth > 0);
}

function drawSpans(line: Line): string {
	return nest(line.spans.map(withoutLookAroundCode), marks);
}

/** Telegram knows no code inside other looks: the code stays and interrupts them. */
function withoutLookAroundCode(span: Span): Span {
	const codeOnly: readonly Style[] = ["code"];
	return span.styles.includes("code") ? { text: span.text, styles: codeOnly } : span;
}

function escapeHtml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
