import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { renderTerminal } from "../../../src/channels/markdown/markdown.ts";
import { allCases, deviations } from "./cases.ts";
import { readSource } from "./source.ts";

const plain = (markdown: string, columns = 80): string => renderTerminal(markdown, { columns, hasColours: false });

it("wraps prose at words, hangs list items and leaves code alone", () => {
	expect(plain("- eins zwei drei vier fünf sechs", 20)).toBe("• eins zwei drei\n  vier fünf sechs");
	expect(plain("eins zwei drei", 9)).toBe("eins zwei\ndrei");
	expect(plain("```\neins zwei drei vier fünf sechs\n```", 10)).toBe("eins zwei drei vier fünf sechs");
});

it("shows the address behind a link", () => {
	expect(plain("[Seite](https://a.de) <https://b.de>")).toBe("Seite (https://a.de) https://b.de");
});

it("colours only when asked, and nothing but its own sequences can reach the terminal", () => {
	const markdown = "# Titel\n\n**fett** `code` [Seite](https://a.de) \u001b[31mrot\u009b31m";
	expect(plain(markdown)).not.toContain("\u001b");
	const coloured = renderTerminal(markdown, { columns: 80, hasColours: true });
	expect(coloured).toContain("\u001b[1mfett\u001b[22m");
	expect(coloured).not.toContain("\u001b[31mrot");
	expect(stripVTControlCharacters(coloured)).toBe(plain(markdown));
});

it("shows every word of the data, with and without colours", () => {
	for (const { name, markdown } of allCases()) {
		const shown = plain(markdown, 60).replace(/\s+/g, "");
		expect(
			stripVTControlCharacters(renderTerminal(markdown, { columns: 60, hasColours: true })).replace(/\s+/g, ""),
			name,
		).toBe(shown);
		if (Object.hasOwn(deviations, name)) continue;
		let at = 0;
		for (const word of readSource(markdown).words) {
			const found = shown.indexOf(word, at);
			expect(found, `${name}: ${word}`).toBeGreaterThanOrEqual(0);
			at = found + word.length;
		}
	}
});

it("shows half an answer without half marks", () => {
	expect(renderTerminal("Das ist **wich", { columns: 80, hasColours: false, isUnfinished: true })).toBe("Das ist wich");
});
