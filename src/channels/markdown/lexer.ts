import { Marked, type Token, Tokenizer, type Tokens } from "marked";
import { wholeTable } from "./table-cells.ts";

/** Cost of reading a paragraph grows with its length times its marks: beyond this sum the rest is taken literally. */
const inlineBudget = 10_000_000;
const marks = /[*_~`[!<\\@$]| {4}/g;
/** Nine containers opening in one line are no writing but an attack on the recursion. */
const tooDeep = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))[ \t]*){9}/;
const tableCells = 20_000;

const mathBlock = /^ {0,3}(?:\$\$[^$]{1,4000}?\$\$|\\\[[^$]{1,4000}?\\\])[ \t]*(?:\n|$)/;
const math =
	/\$\$[^$]{1,2000}?\$\$|(?<![\w$\\])\$(?=[^\s$])[^$\n]{0,500}?[^\s$\\]\$(?![\d$])|\\\([^\n]{1,500}?\\\)|\\\[[\s\S]{1,2000}?\\\]/g;
const mathAtStart = new RegExp(`^(?:${math.source})`);
const formulaSign = /[\\^_{}=]/;
/** Models write `**Wichtig:**Text`; CommonMark would see no end of emphasis there. */
const punctuationInEmphasis = /[.:,;!?)\]“”"»…](?=\*\*\p{L})/gu;
const starBetweenDigits = /(?<=\d)\*+(?=\d)/g;

/**
 * marked with our deviations from CommonMark: formulas, `2*3*4`, `\,` and footnotes stay as they were written. Made anew for each text, because marked keeps state in it.
 */
function createMarked(): Marked {
	return new Marked({
		gfm: true,
		hooks: { emStrongMask: maskLiterals },
		extensions: [
			{ name: "formula", level: "block", tokenizer: (source) => formula(mathBlock.exec(source)?.[0]) },
			{
				name: "formula",
				level: "inline",
				start: (source) => {
					const at = source.indexOf("$");
					return at < 0 ? undefined : at;
				},
				tokenizer: (source) => formula(mathAtStart.exec(source)?.[0]),
			},
		],
		// For marked, false means "as usual" and undefined "this is none".
		tokenizer: {
			emStrong: (source, masked) => (masked[masked.length - source.length] === source[0] ? false : undefined),
			escape: (source) => (/^\\[,;:]/.test(source) ? undefined : false),
			def: (source) => (/^ {0,3}\[\^/.test(source) ? undefined : false),
			blockquote: (source) => (tooDeep.test(source) ? undefined : false),
			list: (source) => (tooDeep.test(source) ? undefined : false),
			table(source) {
				return isHugeTable(source) ? undefined : wholeTable(Tokenizer.prototype.table.call(this, source), this.lexer);
			},
		},
	});
}

function formula(raw: string | undefined): Tokens.Generic | undefined {
	return raw && isFormula(raw) ? { type: "formula", raw } : undefined;
}

function isFormula(raw: string): boolean {
	return formulaSign.test(
		raw
			.trim()
			.slice(1, -1)
			.replace(/^[$([]/, "")
			.replace(/\\$/, ""),
	);
}

/** Hides what must not begin or end emphasis; the length stays. */
function maskLiterals(source: string): string {
	return source
		.replace(starBetweenDigits, (stars) => "+".repeat(stars.length))
		.replace(punctuationInEmphasis, "a")
		.replace(math, (found) => (isFormula(found) ? "a".repeat(found.length) : found));
}

/** marked fills every row up to the header's width, so few bytes could become millions of cells. */
function isHugeTable(source: string): boolean {
	const head = /^([^\n]*)\n {0,3}[|:\- ]+(?:\n|$)/.exec(source);
	if (!head) return false;
	const columns = (head[1] ?? "").split("|").length;
	const end = source.indexOf("\n\n");
	const rows = (end < 0 ? source : source.slice(0, end)).split("\n").length;
	return columns * rows > tableCells;
}

/** marked's tokens. Throws RangeError when the nesting is too deep for the stack. Linear for hostile text as well. */
export function lex(source: string): readonly Token[] {
	const marked = createMarked();
	const lexer = new marked.Lexer(marked.defaults);
	lexer.blockTokens(source, lexer.tokens);
	let spent = 0;
	for (const { src, tokens } of lexer.inlineQueue) {
		spent += src.length * (src.match(marks)?.length ?? 0);
		lexer.state.inRawBlock = false;
		if (spent > inlineBudget) tokens.push({ type: "literal", raw: src });
		else lexer.inlineTokens(src, tokens);
	}
	return lexer.tokens;
}
