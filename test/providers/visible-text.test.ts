import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVisibleText } from "../../src/providers/visible-text.ts";

const read = (pieces: readonly string[]): { readonly text: string; readonly seen: readonly string[] } => {
	const visible = createVisibleText();
	const seen = pieces.map((piece) => visible.add(piece));
	return { text: visible.end(), seen };
};

describe("the visible part of an answer", () => {
	it.each([
		["Ja.", "Ja."],
		["\n Ja.\n", "Ja."],
		["<think>hm</think>Ja.", "Ja."],
		["\n<think>\n\n</think>\n\nJa.", "Ja."],
		["<thinking>hm <think> hm</thinking> Ja.", "Ja."],
		["<think>a</think><think>b</think>Ja.", "Ja."],
		["</think>\nJa.", "Ja."],
		["Erst überlegen.\n</think>\n\nJa.", "Ja."],
		["Erst überlegen.</think>Ja.", "Ja."],
		["Erst überlegen. </think>\n\nJa, mit </think> am Ende.", "Ja, mit </think> am Ende."],
		["Schreib `</think>` ans Ende.", "Schreib `</think>` ans Ende."],
		["Schreib „</think>“ ans Ende.", "Schreib „</think>“ ans Ende."],
		["```xml\n<a>\n</think>\n```", "```xml\n<a>\n</think>\n```"],
		["<think>nur das", ""],
		["<th", "<th"],
		["<thema>Ja.", "<thema>Ja."],
		["Das Tag <think> öffnet, </think> schließt.", "Das Tag <think> öffnet, </think> schließt."],
	])("of %j is %j, however the pieces fall", (whole, text) => {
		expect(read([whole]).text).toBe(text);
		expect(read(Array.from(whole)).text).toBe(text);
		fc.assert(
			fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
				const borders = [0, ...cuts.toSorted((one, other) => one - other), whole.length];
				const pieces = borders.slice(1).map((end, index) => whole.slice(borders[index], end));
				expect(read(pieces).text).toBe(text);
			}),
			{ numRuns: 50 },
		);
	});

	it("never shows a thought while it arrives", () => {
		const { seen } = read(Array.from("<think>geheim</think>Ja, gern."));
		expect(seen.join("")).not.toMatch(/[<>]|geheim/);
		expect(seen.at(-1)).toBe("Ja, gern.");
	});
});
