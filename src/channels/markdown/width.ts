const narrow = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/;
const wide =
	/\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const zero = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

/** Columns that a text takes in a fixed-width font: emoji and CJK two, combining marks none. */
export function displayWidth(text: string): number {
	if (narrow.test(text)) return text.length;
	let columns = 0;
	for (const { segment } of new Intl.Segmenter("de").segment(text)) columns += widthOf(segment);
	return columns;
}

function widthOf(grapheme: string): number {
	if (wide.test(grapheme)) return 2;
	return zero.test(grapheme) ? 0 : 1;
}
