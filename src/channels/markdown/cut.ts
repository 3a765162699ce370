import { type Line, leadOf, type Span, textOf } from "./document.ts";

/** A grapheme longer than this (stacked accents without end) is cut like text. */
const longestGrapheme = 200;

/** The line up to and from a position in its text. The second keeps the indent, not the marker. */
export function cutLine(line: Line, at: number): readonly [Line, Line] {
	const hanging = line.marker ? line.indent + line.marker.length + 1 : line.indent;
	const [head, tail] = cutSpans(line.spans, at);
	return [
		{ ...line, spans: head },
		{ ...line, isApart: false, isHeading: false, indent: hanging, marker: "", spans: tail },
	];
}

function cutSpans(spans: readonly Span[], at: number): readonly [readonly Span[], readonly Span[]] {
	let start = 0;
	for (const [index, span] of spans.entries()) {
		const inside = at - start;
		if (inside <= span.text.length) {
			const head = { ...span, text: span.text.slice(0, inside) };
			const tail = { ...span, text: span.text.slice(inside) };
			return [
				[...spans.slice(0, index), ...(head.text ? [head] : [])],
				[...(tail.text ? [tail] : []), ...spans.slice(index + 1)],
			];
		}
		start += span.text.length;
	}
	return [spans, []];
}

/**
 * The best position to cut a line whose first `longest` units fit: behind white space if that keeps at least `least`
 * units, else between graphemes. Looks only at text before the cut, so that it stays where it is while text is added.
 */
export function cutPosition(line: Line, longest: number, least: number): number {
	const text = firstUnits(line.spans, longest + longestGrapheme);
	if (text.length <= longest) return text.length;
	const word = Math.max(text.lastIndexOf(" ", longest), text.lastIndexOf("\t", longest));
	if (word >= Math.max(least, 1)) return Math.min(word + 1, longest);
	const grapheme = new Intl.Segmenter("de").segment(text).containing(longest);
	if (grapheme && grapheme.index > 0 && longest - grapheme.index < longestGrapheme) return grapheme.index;
	const isInsidePair = /[\ud800-\udbff]/.test(text.charAt(longest - 1)) && /[\udc00-\udfff]/.test(text.charAt(longest));
	return isInsidePair && longest > 1 ? longest - 1 : longest;
}

/** Text of the spans, no more than `units` of it. */
function firstUnits(spans: readonly Span[], units: number): string {
	let text = "";
	for (const span of spans) {
		if (text.length >= units) break;
		text += span.text.slice(0, units - text.length);
	}
	return text;
}

/** A lower bound of what a line takes on any platform, without drawing it. */
export function leastUnits(line: Line): number {
	return leadOf(line).length + textOf(line.spans).length;
}
