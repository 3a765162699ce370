/** A line of the bot's own below an answer, also below one that ends in the middle of a code block. */
export function withLine(answer: string, line: string): string {
	const fences = answer.match(/^ {0,3}(?:```|~~~)/gm) ?? [];
	const isOpen = fences.length % 2 === 1;
	return `${answer}${isOpen ? `\n${fences.at(-1)?.trim()}` : ""}\n\n_${line}_`;
}
