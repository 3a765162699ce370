/** So much text in a row that says nothing new is a circle. */
const mostKnown = 2_000;
/** A new sentence makes up for so many known ones of its length. */
const worthOfNew = 4;
/** Code, data and tables of figures repeat their form; what differs may be the figures alone. */
const weightOfSigns = 0.3;
/** Shorter sentences ("Ja.") may stand anywhere: they count only after many times. */
const shortLetters = 12;
const timesUntilKnown = { long: 2, short: 8 };

/** Watches the sentences and lines of a growing text for a row of them that were all there before. */
export interface KnownSentences {
	/** Where the row began, once it is long enough. */
	look(textSoFar: string): number | undefined;
}

/** Two sentences are the same when only a counter differs, or all their figures go on by the same step. */
export function createKnownSentences(): KnownSentences {
	let times = new Map<string, number>();
	let end = 0;
	let known = 0;
	/** Of the row; undefined while the text says something new. */
	let start: number | undefined;
	let isCode = false;

	function read(sentence: string): void {
		if (/^[ \t]*(```|~~~)/.test(sentence)) isCode = !isCode;
		const letters = sentence.match(/\p{L}/gu)?.length ?? 0;
		if (letters < 2) return;
		const weight = isCode || isMadeOfSigns(sentence, letters) ? weightOfSigns : 1;
		const isShort = letters < shortLetters;
		const keys = keysOf(sentence);
		const before = Math.max(...keys.map((key) => times.get(key) ?? 0));
		for (const key of keys) times.set(key, before + 1);
		if (before === 0) {
			if (!isShort) known = Math.max(0, known - sentence.length * weight * worthOfNew);
			if (known === 0) start = undefined;
			return;
		}
		start ??= end;
		if (before >= timesUntilKnown[isShort ? "short" : "long"]) known += sentence.length * weight;
	}

	return {
		look(text) {
			if (text.length < end) {
				times = new Map();
				end = known = 0;
				start = undefined;
				isCode = false;
			}
			const rest = text.slice(end);
			let from = 0;
			for (const { index, 0: mark } of rest.matchAll(/[.!?…]["“”’»)*_]*[ \t]+|\n+/g)) {
				const sentence = rest.slice(from, index + mark.length);
				read(sentence);
				from += sentence.length;
				end += sentence.length;
				if (known >= mostKnown) return start;
			}
			return undefined;
		},
	};
}

function isMadeOfSigns(sentence: string, letters: number): boolean {
	const brackets = sentence.match(/[{}[\]<>;="()]/g)?.length ?? 0;
	return letters * 2 < sentence.length || brackets >= 4;
}

/** With the first figure left out, and with every figure as its distance from the first. */
function keysOf(sentence: string): readonly string[] {
	const text = sentence.trim();
	const first = /\d+/.exec(text)?.[0];
	if (first === undefined) return [text];
	return [text.replace(first, "#"), text.replaceAll(/\d+/g, (figure) => `#${Number(figure) - Number(first)}`)];
}
