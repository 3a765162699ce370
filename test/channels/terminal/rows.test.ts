import { stripVTControlCharacters, styleText } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/channels/markdown/width.ts";
import { rowsOf } from "../../../src/channels/terminal/rows.ts";

describe("rows of a terminal", () => {
	it("never split a character that takes two columns or several code points", () => {
		expect(rowsOf("ab漢字c", 4)).toEqual(["ab漢", "字c"]);
		expect(rowsOf("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3)).toEqual(["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]);
	});

	it("keep the colour of their line", () => {
		const red = styleText("red", "abcdef", { validateStream: false });

		expect(rowsOf(red, 4)).toEqual(["\u001b[31mabcd", "\u001b[31mef\u001b[39m"]);
	});

	it("lose nothing and are never wider than the terminal", () => {
		const piece = fc.constantFrom(
			"Wort ",
			"ä",
			"漢",
			"👍🏽",
			"e\u0301",
			"\u001b[1m",
			"\u001b[22m",
			"\n",
			"x".repeat(30),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (pieces, columns) => {
				const rows = rowsOf(pieces.join(""), columns).map(stripVTControlCharacters);

				expect(Math.max(...rows.map(displayWidth))).toBeLessThanOrEqual(columns);
				expect(rows.join("")).toBe(stripVTControlCharacters(pieces.join("")).replaceAll("\n", ""));
			}),
		);
	});
});
