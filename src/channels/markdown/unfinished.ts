import { closeInline, runAtEnd } from "./open-marks.ts";
import { halfReference } from "./references.ts";

/**
 * Markdown whose end is still being written, as a text that reads well now: what is open is closed, half marks are held
 * back. Only its last block changes, so that everything before stays as it will be.
 */
export function finishOpenMarkup(source: string): string {
	const fence = openFence(source);
	if (fence) return withoutHalfFence(source, fence);
	const at = startOfLastBlock(source);
	return finishTable(source.slice(0, at) + closeInline(withoutHalfMarks(source.slice(at))));
}

const fenceLine = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^\n]*)$/gm;

/** The marks of the code fence that is open at the end. */
function openFence(source: string): string | null {
	let open: string | null = null;
	for (const [, marks = "", rest = ""] of source.matchAll(fenceLine)) {
		if (open === null) open = marks.startsWith("`") && rest.includes("`") ? null : marks;
		else if (marks.startsWith(open) && rest.trim() === "") open = null;
	}
	return open;
}

/** Holds back a closing fence that is only half there. */
function withoutHalfFence(source: string, fence: string): string {
	const [half = ""] = /\n[ \t>]*[`~]+$/.exec(source) ?? [];
	const marks = half.trim().replace(/^[>\s]+/, "");
	return marks !== "" && marks.length < fence.length && fence.startsWith(marks)
		? source.slice(0, -half.length)
		: source;
}

const blockStart = /^[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]|^[ \t>]*\|/;
const headingOrFence = /^[ \t>]*(?:#{1,6}[ \t]|`{3,}|~{3,})/;

/** Marks never reach over a blank line, a list item, a heading, a row or code. */
function startOfLastBlock(source: string): number {
	let end = source.length;
	for (;;) {
		const start = source.lastIndexOf("\n", end - 1) + 1;
		const line = source.slice(start, end);
		if (end < source.length && (line.trim() === "" || headingOrFence.test(line)))
			return Math.min(end + 1, source.length);
		if (start === 0 || blockStart.test(line)) return start;
		end = start - 1;
	}
}

const onlyMarks =
	/(?:^|\n)[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]+\[[ xX]?\]?)?|#{1,6}|[-=*_][-=*_ \t]*|`{1,2}|~{1,2})?[ \t]*$/;

/** A last line of nothing but a marker, half a character reference and half an escape wait for what follows. */
function withoutHalfMarks(block: string): string {
	const text = block.replace(onlyMarks, "").replace(halfReference, "");
	return runAtEnd(text, "\\") % 2 === 1 ? text.slice(0, -1) : text;
}

const halfDelimiter = /^[\s|:-]*$/;

/** A table whose delimiter row is missing or half written becomes one at once; a row of one bar waits. */
function finishTable(source: string): string {
	const start = startOfTable(source);
	if (start === source.length) return source;
	const before = source.slice(0, start);
	const table = source.slice(start);
	const [header = "", delimiter = "", ...rows] = table.trimEnd().split("\n");
	if (header.startsWith("||") || halfDelimiter.test(header)) return halfDelimiter.test(header) ? before : source;
	if (!halfDelimiter.test(delimiter)) return source;
	if (rows.length === 0) return `${before}${header}\n|${" --- |".repeat(columnsOf(header))}`;
	if (halfDelimiter.test(rows.at(-1) ?? "")) rows.pop();
	return before + [header, delimiter, ...rows].join("\n");
}

/** Where the rows at the very end begin. */
function startOfTable(source: string): number {
	let start = source.length;
	for (;;) {
		const line = start < 2 ? 0 : source.lastIndexOf("\n", start - 2) + 1;
		if (start === 0 || !/^ {0,3}\|/.test(source.slice(line, line + 4))) return start;
		start = line;
	}
}

function columnsOf(header: string): number {
	const inner = header.trim().replace(/^\|/, "").replace(/\|$/, "");
	return inner.replaceAll("\\|", "").split("|").length;
}
