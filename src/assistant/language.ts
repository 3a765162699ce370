import { bias, nounEvidence, spellingEvidence, wordEvidence } from "./language-evidence.ts";
import { requestedLanguage } from "./language-request.ts";

/** Shorter answers are not judged: two words are often undecidable. */
const leastCharacters = 40;
const maximumCharacters = 4_000;

/** The answer is long enough to be judged and is not German. Code, quotations, tables and addresses do not count. */
export function isForeign(answer: string): boolean {
	const prose = proseOf(answer);
	return prose.length >= leastCharacters && !isGerman(prose);
}

/** An answer in German is expected: neither the question's own language nor a request asks for another one. */
export function expectsGerman(question: string, previous: readonly string[]): boolean {
	const requests = [question, ...previous.toReversed()].map(requestedLanguage);
	const request = requests.find((language) => language !== undefined);
	if (request !== undefined) return request === "german";
	const prose = proseOf(question);
	return countOf(prose, /\p{L}+/gu) < 3 || isGerman(prose);
}

/**
 * German, Swiss German and Tyrolean among the languages of the world. Text without letters counts as German: nobody is
 * asked twice without a reason.
 */
export function isGerman(text: string): boolean {
	const sample = withoutNames(text.slice(0, maximumCharacters));
	const letters = countOf(sample, /\p{L}/gu);
	if (letters === 0) return true;
	if (countOf(sample, /\p{Script=Latin}/gu) < letters * 0.7) return false;

	const lowerCase = sample.toLowerCase();
	const words = lowerCase.match(/\p{L}+/gu) ?? [];
	const byWord = words.reduce((sum, word) => sum + (wordWeights.get(word) ?? 0), 0);
	const bySpelling = spellingEvidence.reduce((sum, [weight, form]) => sum + weight * countOf(lowerCase, form), 0);
	const byNouns = nounEvidence[0] * countOf(sample, nounEvidence[1]);
	return bias + (byWord + bySpelling + byNouns) / words.length > 0;
}

const wordWeights = wordEvidence.reduce((weights, [weight, words]) => {
	for (const word of words.split(" ")) weights.set(word, (weights.get(word) ?? 0) + weight);
	return weights;
}, new Map<string, number>());

const quotation = /["„“”«»]\s?[^"„“”«»\n]{1,200}?\s?["„“”«»]/gu;
const link = "(?:\\s+(?:of|the|in|and|to|from|a|on|for|is|du|de|la))";
const title = new RegExp(
	`\\p{Lu}[\\p{L}'’-]*${link}{0,3}(?:\\s+\\p{Lu}[\\p{L}'’-]*(?:${link}(?=\\s+\\p{Lu})){0,3})+`,
	"gu",
);

/** Titles and names of several words say nothing about the language around them, unless there is nothing else. */
function withoutNames(text: string): string {
	const unquoted = text.replace(quotation, " ");
	const rest = unquoted.replace(title, " ");
	return countOf(rest, /\p{L}/gu) >= 15 ? rest : unquoted;
}

function proseOf(markdown: string): string {
	return markdown
		.slice(0, maximumCharacters)
		.replace(/(```|~~~)[\s\S]*?(?:\1|$)/g, " ")
		.replace(/`[^`\n]*`/g, " ")
		.replace(/^\s*(?:>|\|).*$/gm, " ")
		.replace(/\b(?:https?:\/\/|www\.)\S+/gi, " ")
		.replace(quotation, " ")
		.replace(/\s+/g, " ")
		.trim();
}

function countOf(text: string, form: RegExp): number {
	return text.match(form)?.length ?? 0;
}
