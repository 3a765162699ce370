/**
 * The beginning of a text, not longer than `longest` characters: up to the end of a paragraph, sentence, line or word,
 * wherever one is found in its last tenth. A code block ends with a line and is closed.
 */
export function cutCleanly(text: string, longest: number): string {
	if (text.length <= longest) return text;
	/** Room for the end of a code block. */
	const head = text.slice(0, longest - 4);
	const nearest = Math.floor(head.length * 0.9);
	const line = head.lastIndexOf("\n");
	const ends = openFence(head)
		? [line]
		: [head.lastIndexOf("\n\n"), Math.max(line, lastSentenceEnd(head, nearest)), head.lastIndexOf(" ")];
	return endCleanly(head.slice(0, ends.find((end) => end > nearest) ?? head.length));
}

/** Without white space, half a character or the mark of an empty list item at the end; an open code block is closed. */
export function endCleanly(text: string): string {
	const trimmed = (isHalfPair(text) ? text.slice(0, -1) : text)
		.replace(/(?<=\n)[ \t]*(\d+[.)]|[-*+•]|#+)\s*$/, "")
		.trimEnd();
	const fence = openFence(trimmed);
	return fence ? `${trimmed}\n${fence}` : trimmed;
}

/** The fence of the code block in which the text ends; undefined outside of any. */
export function openFence(text: string): string | undefined {
	let open: string | undefined;
	for (const [, fence = ""] of text.matchAll(/^[ \t]*(```|~~~)/gm)) {
		if (open === undefined) open = fence;
		else if (open === fence) open = undefined;
	}
	return open;
}

/** Ends in the first half of a surrogate pair. */
export function isHalfPair(text: string): boolean {
	const last = text.charCodeAt(text.length - 1);
	return last >= 0xd800 && last <= 0xdbff;
}

/** The place behind the last full stop or its like, with quotation marks and brackets that belong to it; 0 for none. */
function lastSentenceEnd(text: string, start: number): number {
	let end = 0;
	for (const match of text.slice(start).matchAll(/[.!?…]["“”’»)*_]*(?=\s)/g))
		end = start + match.index + match[0].length;
	return end;
}
