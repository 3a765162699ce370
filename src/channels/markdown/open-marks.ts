/** An opening run of `*`, `_` or `~` that still waits for its end. */
interface OpenRun {
	readonly mark: string;
	readonly at: number;
	readonly length: number;
	/** Marks not yet closed. */
	count: number;
}

/** The text of an unfinished block with half links shown as their label and every open mark closed. */
export function closeInline(text: string): string {
	const whole = withoutHalfLink(text).replace(/<(https?:\/\/[^\s<>]*)$/i, "$1");
	return closeRuns(closeFormula(withoutTrailingRun(whole)));
}

/** `[label](https://exa`, `[label]` and `[lab` at the end become the label: the address is not complete. */
function withoutHalfLink(text: string): string {
	const target = text.lastIndexOf("](");
	if (target >= 0 && isOpenTarget(text.slice(target + 1))) return withoutBracket(text.slice(0, target));
	const bracket = /\[[^[\]\n]*\]?$/.exec(text);
	return bracket && text[bracket.index + 1] !== "^" ? withoutBracket(text.replace(/\]$/, "")) : text;
}

function isOpenTarget(target: string): boolean {
	let depth = 0;
	for (const character of target) {
		if (character === "\n") return false;
		if (character === "(") depth++;
		if (character === ")" && --depth === 0) return false;
	}
	return true;
}

function withoutBracket(text: string): string {
	const at = text.lastIndexOf("[");
	if (at < 0 || text[at - 1] === "\\") return text;
	return text.slice(0, text[at - 1] === "!" ? at - 1 : at) + text.slice(at + 1);
}

/** Whether the marks at the very end open or close will be known later; what they close is closed below anyway. */
function withoutTrailingRun(text: string): string {
	const at = text.length - runAtEnd(text, "*_~`");
	return text[at - 1] === "\\" ? text : text.slice(0, at);
}

/** How many of the last characters are among `marks`. */
export function runAtEnd(text: string, marks: string): number {
	let length = 0;
	while (length < text.length && marks.includes(text.charAt(text.length - 1 - length))) length++;
	return length;
}

/** An open formula keeps its backslashes only when its end is there. */
function closeFormula(text: string): string {
	if (text.split("$$").length % 2 === 0) return `${text}$$`;
	if (text.lastIndexOf("\\[") > text.lastIndexOf("\\]")) return `${text}\\]`;
	return text.lastIndexOf("\\(") > text.lastIndexOf("\\)") ? `${text}\\)` : text;
}

function closeRuns(text: string): string {
	const open: OpenRun[] = [];
	let at = 0;
	while (at < text.length) {
		const mark = text.charAt(at);
		if (mark === "\\") {
			at += 2;
		} else if (mark === "`") {
			const end = endOfCode(text, at);
			if (end === null) return closeAll(closeCode(text, at), open);
			at = end;
		} else if (mark === "*" || mark === "_" || mark === "~") {
			const length = runLength(text, at);
			takeRun(text, { mark, at, length, count: length }, open);
			at += length;
		} else {
			at++;
		}
	}
	return closeAll(text, open);
}

function runLength(text: string, at: number): number {
	let end = at;
	while (text[end] === text[at]) end++;
	return end - at;
}

/** Where the code that starts here is over, or null when its end is not written yet. */
function endOfCode(text: string, at: number): number | null {
	const length = runLength(text, at);
	for (let next = text.indexOf("`", at + length); next >= 0; next = text.indexOf("`", next)) {
		const run = runLength(text, next);
		next += run;
		if (run === length) return next;
	}
	return null;
}

function closeCode(text: string, at: number): string {
	const length = runLength(text, at);
	if (text.slice(at + length).trim() === "") return text.slice(0, at);
	return text + "`".repeat(length);
}

/** Closes what the run closes and opens the rest of it, by the flanking rules of CommonMark in short. */
function takeRun(text: string, run: OpenRun, open: OpenRun[]): void {
	const before = text.charAt(run.at - 1);
	const after = text.charAt(run.at + run.length);
	const isInsideWord = /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
	if (run.mark === "_" && isInsideWord) return;
	if (/\S/.test(before)) {
		for (let index = open.length - 1; index >= 0 && run.count > 0; index--) {
			const opener = open[index];
			if (opener?.mark !== run.mark) continue;
			const closed = Math.min(opener.count, run.count);
			opener.count -= closed;
			run.count -= closed;
			open.length = opener.count === 0 ? index : index + 1;
		}
	}
	if (run.count > 0 && run.count <= 3 && /\S/.test(after) && !isInsideWord) open.push(run);
}

function closeAll(text: string, open: readonly OpenRun[]): string {
	let closed = text.trimEnd();
	for (const run of open.toReversed()) {
		if (closed.length <= run.at + run.length) closed = closed.slice(0, run.at).trimEnd();
		else closed += run.mark.repeat(run.count);
	}
	return open.length > 0 ? closed : text;
}
