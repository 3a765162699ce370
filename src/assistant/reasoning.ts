/** What a model thought aloud before its answer. Only at the beginning: further down the tag is part of an explanation. */
const thoughts = /^\s*<(think|thinking|reasoning)>[\s\S]*?(?:<\/\1>\s*|$)/i;
const openings = ["<think>", "<thinking>", "<reasoning>"];

/** The providers take reasoning out; this is the last look before the chat. Works on growing text, too. */
export function withoutReasoning(text: string): string {
	const start = text.trimStart().toLowerCase();
	const isUnfinishedTag = start !== "" && openings.some((tag) => tag.startsWith(start));
	return isUnfinishedTag ? "" : text.replace(thoughts, "");
}
