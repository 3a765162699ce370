/** The tokens of the tiny model: control tokens, all bytes, single letters, and each word of the sentence as one token. */
export interface Vocabulary {
	readonly tokens: readonly { readonly text: string; readonly type: number; readonly score: number }[];
	/** The words of the sentence, in order. */
	readonly chain: readonly number[];
	readonly unknown: number;
	readonly begin: number;
	readonly turnEnd: number;
}

const types = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;
const letters = "\u2581abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüÄÖÜßẞ0123456789.,;:!?-–()\"„“'€";

export function createVocabulary(sentence: string): Vocabulary {
	const tokens: { text: string; type: number; score: number }[] = [];
	const add = (text: string, type: keyof typeof types, score = 0): number =>
		tokens.push({ text, type: types[type], score }) - 1;

	const unknown = add("<unk>", "unknown");
	const begin = add("<s>", "control");
	add("</s>", "control");
	add("<|im_start|>", "control");
	const turnEnd = add("<|im_end|>", "control");
	for (let byte = 0; byte < 256; byte++) add(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, "byte");
	for (const letter of letters) add(letter, "normal", -10);

	const words = sentence.split(" ").map((word, index) => (index > 0 ? ` ${word}` : word));
	const chain = words.map((word, index) => {
		/** A word that comes again gets invisible spaces, to stay a token of its own. */
		const isTaken = words.indexOf(word) < index || letters.includes(word);
		return add(word + (isTaken ? "\u200b".repeat(index) : ""), "userDefined", -1 - index * 0.001);
	});
	return { tokens, chain, unknown, begin, turnEnd };
}
