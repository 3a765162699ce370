import { gapBetween, type Line, leadOf, type Span, textOf } from "./document.ts";

/** The text of a message without any formatting: what Telegram counts. */
function visibleText(lines: readonly Line[]): string {
	return drawn(lines, textOf);
}

/** The same with the addresses of its links, as long as there is room for them. */
export function plainText(lines: readonly Line[], limit: number): string {
	const withTargets = drawn(lines, textWithTargets);
	return withTargets.length <= limit ? withTargets : visibleText(lines);
}

function drawn(lines: readonly Line[], text: (spans: readonly Span[]) => string): string {
	return lines
		.map((line, index) => gapBetween(lines[index - 1] ?? null, line) + leadOf(line) + text(line.spans))
		.join("");
}

/** Text with the address behind each link, unless the text is the address. */
export function textWithTargets(spans: readonly Span[]): string {
	let written = "";
	let label = "";
	for (const [index, span] of spans.entries()) {
		const target = targetOf(span);
		const next = spans[index + 1];
		written += span.text;
		label = target === null ? "" : label + span.text;
		if (target !== null && (!next || targetOf(next) !== target)) {
			if (label !== target) written += ` (${target})`;
			label = "";
		}
	}
	return written;
}

export function targetOf(span: Span): string | null {
	const link = span.styles.find((style) => style.startsWith("link:"));
	return link === undefined ? null : link.slice("link:".length);
}
