import { describe, expect, it } from "vitest";
import { renderDiscord } from "../../../src/channels/markdown/markdown.ts";
import { allCases, deviations } from "./cases.ts";
import { readDiscord } from "./discord-reader.ts";
import { readSource } from "./source.ts";

const markup = (markdown: string): string =>
	renderDiscord(markdown, false)
		.map((part) => part.markup)
		.join("¶");

describe("Discord's markup", () => {
	it.each([
		["**fett** *kursiv* ~~alt~~ `code`", "**fett** _kursiv_ ~~alt~~ `code`"],
		["ein*wort*teil", "ein*wort*teil"],
		["snake_case | a ~ b", "snake\\_case \\| a \\~ b"],
		[
			"\\# keine Überschrift\n\\- keine Liste\n\\> kein Zitat",
			"\\# keine Überschrift\n\\- keine Liste\n\\> kein Zitat",
		],
		["1986\\. Jahr", "1986\\. Jahr"],
		["-# klein", "\\-# klein"],
		["1. a\n   - b\n     1. c", "1. a\n   - b\n     1. c"],
		["- [x] a\n- [ ] b", "- ☑ a\n- ☐ b"],
		["> a\n>\n> b\n\nc", "> a\n> \n> b\n\nc"],
		["> ```js\n> a\n> ```", "> ```js\n> a\n> ```"],
		["``a`b``", "``a`b``"],
		["[Seite](https://a.de/b_c)", "[Seite](<https://a.de/b_c>)"],
		["https://a.de/b_c und <https://a.de/d>", "<https://a.de/b_c> und <https://a.de/d>"],
		["<b>", "\\<b>"],
	])("writes %j as %j", (markdown, expected) => {
		expect(markup(markdown)).toBe(expected);
	});

	it.each(["@everyone", "@here", "<@4711>", "<@!4711>", "<@&4711>", "<#4711>"])(
		"shows %s but calls nobody",
		(mention) => {
			const [part] = renderDiscord(`Hallo ${mention} **${mention}**`, false);
			for (const text of [part?.markup ?? "", part?.plain ?? ""]) {
				expect(text).not.toContain(mention);
				expect(text.replace(/[\u200b\\]/g, "")).toContain(mention);
			}
		},
	);

	it("keeps code as it is, mentions too, and divides only three backticks, which nothing could escape", () => {
		expect(markup("`@everyone *x* \\`")).toBe("`@everyone *x* \\`");
		expect(markup("~~~\n@here *x* \\_\n~~~")).toBe("```\n@here *x* \\_\n```");
		expect(markup("~~~\na ``` b\n~~~")).toBe("```\na `\u200b`\u200b` b\n```");
	});

	it("shows, as its client reads it, every word, address and code of the data", () => {
		for (const { name, markdown } of allCases()) {
			const source = readSource(markdown);
			const shown = renderDiscord(markdown, false).map((part) => readDiscord(part.markup));
			const text = shown.map((part) => part.text).join("");
			let at = 0;
			for (const word of Object.hasOwn(deviations, name) ? [] : source.words) {
				const found = text.indexOf(word, at);
				expect(found, `${name}: ${word} in ${text.slice(at, at + 80)}`).toBeGreaterThanOrEqual(0);
				at = found + word.length;
			}
			for (const code of source.codeBlocks)
				for (const line of code.split("\n")) expect(text, name).toContain(line.trim());
		}
	});
});
