/** What a drawing has to know of its font. */
export interface Font {
	/** Where a font has no glyph, a box would stand. */
	has(character: string): boolean;
	/** Of one line, in the units of `size`; kerning is left out. */
	width(text: string, size: number): number;
}

/** Reads a TrueType file with a Unicode table of format 4. Throws RangeError for any other file. */
export function readFont(bytes: Uint8Array): Font {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const tables = tableOffsets(view);
	const unitsPerEm = view.getUint16(tables("head") + 18);
	const metrics = view.getUint16(tables("hhea") + 34);
	const advances = tables("hmtx");
	const glyphs = glyphsOf(view, tables("cmap"));
	const advanceOf = (character: string): number => {
		const glyph = glyphs.get(character.codePointAt(0) ?? 0) ?? 0;
		return view.getUint16(advances + Math.min(glyph, metrics - 1) * 4);
	};
	return {
		has: (character) => glyphs.has(character.codePointAt(0) ?? 0),
		width: (text, size) => ([...text].reduce((sum, character) => sum + advanceOf(character), 0) * size) / unitsPerEm,
	};
}

function tableOffsets(view: DataView): (name: string) => number {
	const offsets = new Map<string, number>();
	for (let entry = 12; entry < 12 + view.getUint16(4) * 16; entry += 16) {
		const name = String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(entry + index)));
		offsets.set(name, view.getUint32(entry + 8));
	}
	return (name) => {
		const offset = offsets.get(name);
		if (offset === undefined) throw new RangeError(`the font has no table ${name}`);
		return offset;
	};
}

/** Character to glyph, from the table for the basic plane: segments of characters, each with a shift or a list. */
function glyphsOf(view: DataView, cmap: number): ReadonlyMap<number, number> {
	const glyphs = new Map<number, number>();
	const table = unicodeTable(view, cmap);
	const twice = view.getUint16(table + 6);
	for (let segment = 0; segment < twice; segment += 2) {
		const ends = table + 14 + segment;
		const starts = ends + twice + 2;
		const shift = view.getUint16(starts + twice);
		const list = starts + twice * 2;
		const listOffset = view.getUint16(list);
		const [first, last] = [view.getUint16(starts), view.getUint16(ends)];
		for (let character = first; character <= last && character < 0xffff; character++) {
			const listed = listOffset === 0 ? character : view.getUint16(list + listOffset + (character - first) * 2);
			const glyph = listed === 0 ? 0 : (listed + shift) & 0xffff;
			if (glyph !== 0) glyphs.set(character, glyph);
		}
	}
	return glyphs;
}

function unicodeTable(view: DataView, cmap: number): number {
	for (let entry = cmap + 4; entry < cmap + 4 + view.getUint16(cmap + 2) * 8; entry += 8) {
		const table = cmap + view.getUint32(entry + 4);
		if (view.getUint16(table) === 4) return table;
	}
	throw new RangeError("the font has no Unicode table of format 4");
}
