import type { Span, Style } from "./document.ts";

/** How a platform writes the beginning and the end of a look. */
export interface Marks {
	/** `run`: the spans that will stand between the marks. `before`, `after`: the neighbouring characters. */
	open(style: Style, run: readonly Span[], before: string, after: string): readonly [opening: string, closing: string];
	text(span: Span, before: string): string;
	/** What must stand between two marks that would melt into another mark. */
	between(written: string, opening: string): string;
}

/** Writes spans with properly nested marks; neighbours share the marks that they have in common. */
export function nest(spans: readonly Span[], marks: Marks): string {
	let written = "";
	let open: { readonly style: Style; readonly closing: string }[] = [];
	for (const [index, span] of spans.entries()) {
		const shared = commonStart(open, span.styles);
		for (const mark of open.slice(shared).toReversed()) written += mark.closing;
		open = open.slice(0, shared);
		for (const [depth, style] of span.styles.entries()) {
			if (depth < shared) continue;
			const run = runOf(spans, index, depth);
			const before = spans[index - 1]?.text.at(-1) ?? "";
			const after = spans[index + run.length]?.text.at(0) ?? "";
			const [opening, closing] = marks.open(style, run, before, after);
			written += marks.between(written, opening) + opening;
			open.push({ style, closing });
		}
		written += marks.text(span, written);
	}
	for (const mark of open.toReversed()) written += mark.closing;
	return written;
}

function commonStart(open: readonly { readonly style: Style }[], styles: readonly Style[]): number {
	let shared = 0;
	while (shared < open.length && open[shared]?.style === styles[shared]) shared++;
	return shared;
}

/** The spans from `index` on that have the same styles down to `depth`. */
function runOf(spans: readonly Span[], index: number, depth: number): readonly Span[] {
	const styles = spans[index]?.styles ?? [];
	let end = index + 1;
	while (end < spans.length && styles.slice(0, depth + 1).every((style, level) => spans[end]?.styles[level] === style))
		end++;
	return spans.slice(index, end);
}
