import { cutLine, cutPosition, leastUnits } from "./cut.ts";
import { isVisible, type Line, leadOf, textOf } from "./document.ts";
import type { RenderedPart } from "./rendered.ts";

interface Size {
	readonly units: number;
	/** Formatting marks, which Telegram counts. */
	readonly marks: number;
}

/** How a platform draws lines. */
export interface Sheet {
	readonly limit: Size;
	/** What the line adds behind `previous` in one message, closing marks included; null: it is the first. */
	size(line: Line, previous: Line | null): Size;
	draw(lines: readonly Line[]): RenderedPart;
}

/**
 * Lines as messages within the sheet's limits: cut before a paragraph, else a line, else a word, else a grapheme.
 * Works from left to right and never looks beyond the first line that does not fit, so that earlier messages stay the
 * same while text is added at the end.
 */
export function split(lines: readonly Line[], sheet: Sheet): readonly RenderedPart[] {
	const parts: RenderedPart[] = [];
	let part = startPart();
	const waiting: Line[] = lines.toReversed();
	const flush = (kept: number): void => {
		const torn = part.lines.splice(kept);
		if (part.lines.some((line) => isVisible(leadOf(line) + textOf(line.spans)))) parts.push(sheet.draw(part.lines));
		waiting.push(...torn.toReversed());
		part = startPart();
	};
	for (let line = waiting.pop(); line; line = waiting.pop()) {
		if (fits(part, line, sheet)) add(part, line, sheet);
		else if (isHalfFull(part.size, sheet)) {
			waiting.push(line);
			flush(lastGoodEnd(part, line, sheet));
		} else {
			const longest = longestStart(part, line, sheet);
			const at = longest > 0 ? cutPosition(line, longest, leastOfCut(part, sheet)) : 0;
			const [head, tail] = cutLine(line, at);
			if (at > 0) add(part, head, sheet);
			if (tail.spans.length > 0) waiting.push(at > 0 ? tail : line);
			flush(part.lines.length);
		}
	}
	flush(part.lines.length);
	return parts;
}

interface Part {
	readonly lines: Line[];
	/** Size of the part after each of its lines. */
	readonly sizes: Size[];
	size: Size;
}

const nothing: Size = { units: 0, marks: 0 };

function startPart(): Part {
	return { lines: [], sizes: [], size: nothing };
}

function sizeWith(part: Part, line: Line, sheet: Sheet): Size {
	const more = sheet.size(line, part.lines.at(-1) ?? null);
	return { units: part.size.units + more.units, marks: part.size.marks + more.marks };
}

function isWithin(size: Size, limit: Size): boolean {
	return size.units <= limit.units && size.marks <= limit.marks;
}

function fits(part: Part, line: Line, sheet: Sheet): boolean {
	if (leastUnits(line) > sheet.limit.units) return false;
	return isWithin(sizeWith(part, line, sheet), sheet.limit);
}

function add(part: Part, line: Line, sheet: Sheet): void {
	part.size = sizeWith(part, line, sheet);
	part.lines.push(line);
	part.sizes.push(part.size);
}

function isHalfFull(size: Size, sheet: Sheet): boolean {
	return size.units * 2 >= sheet.limit.units || size.marks * 2 >= sheet.limit.marks;
}

/** How many lines stay in the part: up to its last paragraph if that leaves it half full, never ending with a heading. */
function lastGoodEnd(part: Part, next: Line, sheet: Sheet): number {
	const all = [...part.lines, next];
	const isHalfFullAt = (kept: number): boolean => isHalfFull(part.sizes[kept - 1] ?? nothing, sheet);
	let line = part.lines.length;
	for (let kept = part.lines.length; kept > 0 && isHalfFullAt(kept); kept--) {
		if (all[kept - 1]?.isHeading) {
			if (line === kept) line = kept - 1;
		} else if (all[kept]?.isApart) return kept;
	}
	return Math.max(line, 1);
}

/** A cut inside a line shall leave the message half full where it can. */
function leastOfCut(part: Part, sheet: Sheet): number {
	return Math.floor(sheet.limit.units / 2) - part.size.units;
}

/** How many units of the line's text still fit into the part. */
function longestStart(part: Part, line: Line, sheet: Sheet): number {
	let low = 0;
	let high = Math.min(sheet.limit.units, textOf(line.spans).length);
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (isWithin(sizeWith(part, cutLine(line, middle)[0], sheet), sheet.limit)) low = middle;
		else high = middle - 1;
	}
	return low;
}
