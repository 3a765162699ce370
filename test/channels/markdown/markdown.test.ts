import { describe, expect, it } from "vitest";
import { renderDiscord, renderTelegram, renderTerminal } from "../../../src/channels/markdown/markdown.ts";

const plain = (markdown: string): string =>
	renderTelegram(markdown, false)
		.map((part) => part.plain)
		.join("¶");

describe("what a text says", () => {
	it.each([
		["2*3*4 = 24 und 2**10", "2*3*4 = 24 und 2**10"],
		["snake_case_wort und __init__.py", "snake_case_wort und init.py"],
		["$x_1 = \\frac{a}{b}\\,c$", "$x_1 = \\frac{a}{b}\\,c$"],
		["\\[ \\int_0^1 x*y*z \\, dx \\]", "\\[ \\int_0^1 x*y*z \\, dx \\]"],
		["Das kostet $5*, das $6*.", "Das kostet $5*, das $6*."],
		["<b>roh</b> &amp; &lt;i&gt; &unbekannt;", "<b>roh</b> & <i> &unbekannt;"],
		["Text[^1]\n\n[^1]: Fußnote", "Text[^1]\n\n[^1]: Fußnote"],
		["[1]: https://a.de", "[1]: https://a.de"],
		["[a][1]\n\n[1]: https://a.de", "a (https://a.de)"],
		["7. a\n8. b\n   - [x] c\n   - [ ] d", "7. a\n8. b\n   ☑ c\n   ☐ d"],
		["- a\n\n- b\n- c", "• a\n\n• b\n• c"],
		["a  \nb\\\nc\nd", "a\nb\nc\nd"],
		["a\n\n***\n\nb", "a\n\n──────────\n\nb"],
		["| a | b |\n|---|--:|\n| 👩🏽‍💻 | 1 |\n| 中文 | 10 |", "a    |   b\n-----+----\n👩🏽‍💻   |   1\n中文 |  10"],
		["**Wichtig:**Text", "Wichtig:Text"],
	])("reads %j as %j", (markdown, expected) => {
		expect(plain(markdown)).toBe(expected);
	});

	it.each(["", " \n\t\n ", "\u0000\u0007", "\u200b\u2060", "\u202e"])("gives nothing for %j", (markdown) => {
		expect(renderTelegram(markdown, false)).toEqual([]);
		expect(renderDiscord(markdown, true)).toEqual([]);
		expect(renderTerminal(markdown, { columns: 80, hasColours: false })).toBe("");
	});

	it.each(["```", "```\n```", "**", "# ", "&nbsp;", "[](#)"])("shows %j rather than nothing", (markdown) => {
		expect(renderTelegram(markdown, false)).toHaveLength(1);
		expect(renderTelegram(markdown, true)).toHaveLength(1);
	});

	it("adds the addresses to the plain text only while there is room", () => {
		const links = (count: number): string => "[Wort](https://a.de/ziemlich/lange/adresse) ".repeat(count);
		expect(plain(links(10))).toContain("https://a.de");
		const [part] = renderTelegram(links(99), false);
		expect(part?.plain.length).toBeLessThanOrEqual(4096);
		expect(part?.plain).toContain("Wort Wort");
	});

	it("removes what turns text around or cannot be stored, and keeps the rest well-formed", () => {
		expect(plain("a\u0000b\u202ec\ud800d\r\ne\u2028f")).toBe("abc\ufffdd\ne\nf");
	});
});
