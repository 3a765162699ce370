/** How far a cut may move back in search of a better place. */
const longestRetreat = 1_500;

/** The beginning of a text, not longer than `longest` characters: up to the end of a paragraph, sentence, line or word. */
export function cutCleanly(text: string, longest: number): string {
	if (text.length <= longest) return text;
	/** Room for the end of a code block. */
	const head = text.slice(0, longest - 4);
	const isNear = (end: number): boolean => end > 0 && end > head.length - longestRetreat;
	const paragraph = head.lastIndexOf("\n\n");
	const line = Math.max(head.lastIndexOf("\n"), openFence(head) ? 0 : lastSentenceEnd(head));
	const end = [paragraph, line, head.lastIndexOf(" ")].find(isNear) ?? head.length;
	return endCleanly(head.slice(0, end));
}

/** Without white space and half characters at the end, and with an open code block closed. */
export function endCleanly(text: string): string {
	const trimmed = (isHalfPair(text) ? text.slice(0, -1) : text).trimEnd();
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
function lastSentenceEnd(text: string): number {
	const start = Math.max(0, text.length - longestRetreat);
	let end = 0;
	for (const match of text.slice(start).matchAll(/[.!?…]["“”’»)\]*_]*(?=\s)/g))
		end = start + match.index + match[0].length;
	return end;
}
