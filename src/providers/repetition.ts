import { openFence } from "./clean-end.ts";
import { createKnownSentences } from "./known-sentences.ts";

/** How much text goes by between two looks. */
const stepCharacters = 250;
/** Searched for further back in the text, to find the length of a circle. */
const probeCharacters = 60;
const longestCircle = 1_000;
/** Repeated without any change, so much of it is no refrain any more. */
const circlingProse = 1_500;
/** Empty tables, matrices of zeros and drawings repeat themselves for longer. */
const circlingSigns = 2_400;

/** Watches an answer as it grows. */
export interface Repetition {
	/** How many characters are worth keeping once the text runs in circles; undefined as long as it does not. */
	look(textSoFar: string): number | undefined;
}

/**
 * Notices an answer that runs in circles: the same word, sentence, paragraph or lines again and again, also where only
 * counters go on or the order changes. Lists, tables, code and poems, which repeat their form but not their content, pass.
 */
export function createRepetition(): Repetition {
	const sentences = createKnownSentences();
	let nextLook = stepCharacters;

	return {
		look(text) {
			/** Shorter than before: what was shown turned out to be reasoning. */
			const isNewText = text.length < nextLook - stepCharacters;
			if (text.length < nextLook && !isNewText) return undefined;
			nextLook = text.length + stepCharacters;
			return endOfFirstCircle(text) ?? sentences.look(text);
		},
	};
}

/** Where the text has gone round once, when its end is nothing but repetition to the letter. */
function endOfFirstCircle(text: string): number | undefined {
	if (text.length < circlingProse) return undefined;
	const probe = text.slice(-probeCharacters);
	const tail = text.slice(-probeCharacters - longestCircle);
	const lastPlace = tail.length - probeCharacters;
	for (let place = lastPlace; place > 0; ) {
		place = tail.lastIndexOf(probe, place - 1);
		if (place < 0) return undefined;
		const circle = lastPlace - place;
		const start = startOfRepetition(text, circle);
		if (text.length - start >= Math.max(needed(text, circle), 2 * circle)) return nextEnd(text, start, circle);
	}
	return undefined;
}

/** From here on every character is the one that stood `circle` characters before. */
function startOfRepetition(text: string, circle: number): number {
	let start = text.length;
	while (start > circle && text.charCodeAt(start - 1) === text.charCodeAt(start - 1 - circle)) start -= 1;
	return start;
}

function needed(text: string, circle: number): number {
	const letters = text.slice(-Math.max(circle, probeCharacters)).match(/\p{L}/gu)?.length ?? 0;
	const isProse = letters > Math.max(circle, probeCharacters) / 2 && openFence(text) === undefined;
	return isProse ? circlingProse : circlingSigns;
}

/** `start`, or the end of the sentence or line that goes on there, if a circle has such ends at all. */
function nextEnd(text: string, start: number, circle: number): number {
	const before = text.slice(Math.max(0, start - 20), start);
	if (/([.!?…]["“”’»)*_]*|\n)\s*$/.test(before)) return start;
	const rest = text.slice(start, start + circle + 1);
	const end = /[.!?…]["“”’»)*_]*(?=\s)|(?=\n)/.exec(rest) ?? (/\s$/.test(before) ? null : /(?=\s)/.exec(rest));
	return end ? start + end.index + end[0].length : start;
}
