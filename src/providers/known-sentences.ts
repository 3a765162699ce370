/** So much text in a row that says nothing new is a circle. */
const mostKnown = 2_400;
/** So much in which nothing but figures is new: songs that count, timetables and lists of conversions are shorter. */
const mostCounted = 10_000;
/** A new sentence makes up for so many known ones of its length, one with new figures for fewer. */
const worth = { new: 4, counted: 0.5 };
/** Code, tables and data repeat their form; plans and instructions number what stays the same. */
const weights = { signs: 0.3, numbered: 0.5 };
/** Shorter sentences ("Ja.") may stand anywhere: they count only after many times. */
const shortLetters = 12;
const timesUntilKnown = { long: 2, short: 8 };

/** `12.`, `| 12 |`, `[12:04]`, `Schritt 12:` or `## Kapitel 12`: the number at the beginning says nothing. */
const label = /^[^\p{L}\d]*(?:\d[\d.:]*\s?[.):\]|–-](?=\s|$)|\p{L}+ \d+[*_]*(?:[:)]|$))/u;

/** Watches the sentences and lines of a growing text for a row of them that were all there before. */
export interface KnownSentences {
	/** Where the row began, once it is long enough. */
	look(textSoFar: string): number | undefined;
}

/** Two sentences are the same when only the number at their beginning differs; other figures say a little. */
export function createKnownSentences(): KnownSentences {
	let times = new Map<string, number>();
	let end = 0;
	let known = 0;
	let counted = 0;
	/** Of the row; undefined while the text says something new. */
	let start: number | undefined;
	let isCode = false;

	function meet(keys: readonly string[]): number {
		const before = Math.max(0, ...keys.map((key) => times.get(key) ?? 0));
		for (const key of keys) times.set(key, before + 1);
		return before;
	}
	function read(sentence: string): void {
		if (/^[ \t]*(```|~~~)/.test(sentence)) isCode = !isCode;
		const letters = sentence.match(/\p{L}/gu)?.length ?? 0;
		if (letters < 2) return;
		const isShort = letters < shortLetters;
		const isSigns = isCode || isMadeOfSigns(sentence, letters);
		const text = sentence.trim();
		const unnumbered = text.replace(label, (number) => number.replaceAll(/\d+/g, "#"));
		const size = sentence.length * (isSigns ? weights.signs : 1);
		const timesCounted = meet(countedKeys(text));
		const timesKnown = meet([unnumbered]);

		if (timesKnown > 0) {
			start ??= end;
			if (timesKnown >= timesUntilKnown[isShort ? "short" : "long"])
				known += isSigns || unnumbered === text ? size : size * weights.numbered;
		} else if (timesCounted > 0) {
			start ??= end;
			counted += size;
			known = Math.max(0, known - size * worth.counted);
		} else {
			if (!isShort) {
				known = Math.max(0, known - size * worth.new);
				counted = Math.max(0, counted - size * worth.new);
			}
			if (known + counted === 0) start = undefined;
		}
	}

	return {
		look(text) {
			if (text.length < end) {
				times = new Map();
				end = known = counted = 0;
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
				if (known >= mostKnown || counted >= mostCounted) return start;
			}
			return undefined;
		},
	};
}

function isMadeOfSigns(sentence: string, letters: number): boolean {
	const signs = sentence.match(/[{}[\]<>;="()|]/g)?.length ?? 0;
	return letters * 2 < sentence.length || signs >= 4;
}

/** With the first figure left out, and with every figure as its distance from the first. */
function countedKeys(text: string): readonly string[] {
	const first = /\d+/.exec(text)?.[0];
	if (first === undefined) return [];
	return [
		`first ${text.replace(first, "#")}`,
		`all ${text.replaceAll(/\d+/g, (figure) => `#${Number(figure) - Number(first)}`)}`,
	];
}
