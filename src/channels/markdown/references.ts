/** The character references that answers contain. Others stay as they are written, which loses nothing. */
const named: Readonly<Record<string, string>> = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: '"',
	apos: "'",
	nbsp: "\u00a0",
	copy: "©",
	reg: "®",
	trade: "™",
	hellip: "…",
	ndash: "–",
	mdash: "—",
	shy: "\u00ad",
	euro: "€",
	pound: "£",
	sect: "§",
	para: "¶",
	deg: "°",
	plusmn: "±",
	times: "×",
	divide: "÷",
	middot: "·",
	bull: "•",
	frac12: "½",
	frac14: "¼",
	frac34: "¾",
	sup2: "²",
	sup3: "³",
	micro: "µ",
	auml: "ä",
	ouml: "ö",
	uuml: "ü",
	Auml: "Ä",
	Ouml: "Ö",
	Uuml: "Ü",
	szlig: "ß",
	eacute: "é",
	laquo: "«",
	raquo: "»",
	bdquo: "„",
	ldquo: "“",
	rdquo: "”",
	sbquo: "‚",
	lsquo: "‘",
	rsquo: "’",
	larr: "←",
	uarr: "↑",
	rarr: "→",
	darr: "↓",
	harr: "↔",
	rArr: "⇒",
	lArr: "⇐",
	hArr: "⇔",
	le: "≤",
	ge: "≥",
	ne: "≠",
	asymp: "≈",
	infin: "∞",
	sum: "∑",
	radic: "√",
	minus: "−",
	alpha: "α",
	beta: "β",
	pi: "π",
	check: "✓",
};

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]*));/g;
const controls = /\p{Cc}|\p{Cs}/u;

/** `&amp;` becomes `&`, `&#228;` becomes `ä`; nothing that `clean` would have removed can come back this way. */
export function decodeReferences(text: string): string {
	if (!text.includes("&")) return text;
	return text.replace(reference, (whole: string, decimal?: string, hexadecimal?: string, name?: string) => {
		if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
		const point = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number.parseInt(decimal, 10);
		const character = point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
		return character === "\n" || character === "\t" ? " " : controls.test(character) ? "\ufffd" : character;
	});
}

/** A reference that is still being written at the end of a text: `&`, `&am`, `&#2`. */
export const halfReference = /&(?:#[xX]?[\da-fA-F]{0,7}|[a-zA-Z]{0,6})$/;
