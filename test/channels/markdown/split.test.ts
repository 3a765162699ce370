import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderDiscord, renderTelegram } from "../../../src/channels/markdown/markdown.ts";
import type { RenderedPart } from "../../../src/channels/markdown/rendered.ts";
import { readCases } from "./cases.ts";
import { createTelegramOracle } from "./telegram-oracle.ts";

interface Platform {
	readonly name: string;
	readonly limit: number;
	render(markdown: string, isUnfinished: boolean): readonly RenderedPart[];
}

const platforms: readonly Platform[] = [
	{ name: "Telegram", limit: 4096, render: renderTelegram },
	{ name: "Discord", limit: 2000, render: renderDiscord },
];

const oracle = createTelegramOracle();
const graphemes = new Intl.Segmenter("de");

/** Things that must not be torn apart, and what stands around them. */
const piece = fc.constantFrom(
	"👨‍👩‍👧‍👦",
	"👩🏽‍💻",
	"🇩🇪🇦🇹🇨🇭",
	"ä̈",
	"e\u0301",
	"Straße",
	"Donaudampfschifffahrt",
	" ",
	"  ",
	"\n",
	"\n\n",
	"fett",
	"中文",
	"&",
	"<",
	"✅",
);
const text = fc.array(piece, { minLength: 1, maxLength: 60 }).map((pieces) => pieces.join(""));
const filler = (limit: number): fc.Arbitrary<string> =>
	fc.integer({ min: limit - 60, max: limit + 10 }).map((length) => "wort ".repeat(length / 5).padEnd(length, "x"));

const withoutSpace = (value: string): string => value.replace(/[\s\u200b]/g, "");
const plainOf = (parts: readonly RenderedPart[]): string => parts.map((part) => part.plain).join("");

describe.each(platforms)("a long answer on $name", ({ name, limit, render }) => {
	function check(parts: readonly RenderedPart[]): void {
		for (const part of parts) {
			expect(part.plain.length).toBeLessThanOrEqual(limit);
			expect(part.plain.trim()).not.toBe("");
			expect(part.markup.isWellFormed()).toBe(true);
			if (name === "Discord") expect(part.markup.length).toBeLessThanOrEqual(limit);
			else if (!oracle.missing) expect(oracle.parse(part.markup)).toHaveProperty("entities");
		}
	}

	it("loses nothing and tears no emoji, flag or accent apart", () => {
		fc.assert(
			fc.property(filler(limit), text, (before, after) => {
				const markdown = before + after;
				const parts = render(markdown, false);
				check(parts);
				expect(withoutSpace(plainOf(parts))).toBe(withoutSpace(markdown));
				const whole = new Set([...graphemes.segment(markdown)].map(({ segment }) => segment));
				for (const { segment } of graphemes.segment(parts.map((part) => part.plain).join("\n")))
					expect(segment === "\n" || whole.has(segment) || segment.trim() === "").toBe(true);
			}),
			{ numRuns: 30 },
		);
	});

	it("tears nothing apart where there is no white space to cut at either", () => {
		const tight = fc.array(fc.constantFrom("👨‍👩‍👧‍👦", "👩🏽‍💻", "🇩🇪🇦🇹🇨🇭", "a\u0308\u0301", "✅"), {
			minLength: 12,
			maxLength: 30,
		});
		fc.assert(
			fc.property(fc.integer({ min: limit - 60, max: limit }), tight, (length, pieces) => {
				const markdown = "x".repeat(length) + pieces.join("");
				const parts = render(markdown, false);
				check(parts);
				expect(plainOf(parts)).toBe(markdown);
				const whole = new Set([...graphemes.segment(markdown)].map(({ segment }) => segment));
				for (const part of parts)
					for (const { segment } of graphemes.segment(part.plain)) expect(whole.has(segment), segment).toBe(true);
			}),
			{ numRuns: 20 },
		);
	});

	it("closes and reopens code with its language, and keeps every line of it", () => {
		fc.assert(
			fc.property(filler(limit), fc.array(text, { minLength: 1, maxLength: 20 }), (before, lines) => {
				const code = lines.join("\n").replace(/^\s+|\s+$/g, "x");
				const parts = render(`${before}\n\n\`\`\`ts\n${code}\n\`\`\``, false);
				check(parts);
				expect(withoutSpace(plainOf(parts))).toBe(withoutSpace(before + code));
				const [opening, closing] =
					name === "Discord" ? [/```ts\n/, /\n```(?!ts)/] : [/<code class="language-ts">/, /<\/code>/];
				expect(parts.some((part) => opening.test(part.markup))).toBe(true);
				for (const part of parts) expect(part.markup.split(opening).length).toBe(part.markup.split(closing).length);
			}),
			{ numRuns: 30 },
		);
	});

	it("reopens bold and links in the next message", () => {
		const parts = render(`**fett${" wort".repeat(limit / 4)}** [${"link ".repeat(limit / 4)}](https://a.de)`, false);
		check(parts);
		expect(parts.length).toBeGreaterThan(2);
		const bold = name === "Discord" ? "**" : "<b>";
		expect(parts[0]?.markup.startsWith(bold)).toBe(true);
		expect(parts[1]?.markup.startsWith(bold)).toBe(true);
		expect(parts.at(-1)?.markup).toContain("https://a.de");
	});

	it("cuts before a paragraph, else a line, else a word", () => {
		const half = Math.ceil((limit * 0.6) / 5);
		const paragraphs = render(`${"aaaa ".repeat(half)}\n\n${"bbbb ".repeat(half)}`, false);
		expect(paragraphs.map((part) => new Set(part.plain.trim().split(" ")).size)).toEqual([1, 1]);
		const line = "bbbb ".repeat(Math.ceil((limit * 0.2) / 5));
		const [first] = render(`${"aaaa ".repeat(half)}\n\n${line}\n${line}\n${line}`, false);
		expect(first?.plain).not.toContain("bbbb");
		const lines = render(`${"aaaa ".repeat(half)}\n${"bbbb ".repeat(half)}`, false);
		expect(lines.map((part) => new Set(part.plain.trim().split(" ")).size)).toEqual([1, 1]);
		const words = render("aaaa ".repeat(limit), false);
		expect(words.flatMap((part) => part.plain.trim().split(" ")).every((word) => word === "aaaa")).toBe(true);
	});

	it("does not leave a heading alone at the end of a message", () => {
		const markdown = `${"wort ".repeat((limit * 0.95) / 5)}\n\n## Überschrift\n${"text ".repeat(limit / 10)}`;
		const [first, second] = render(markdown, false);
		expect(first?.plain).not.toContain("Überschrift");
		expect(second?.plain).toContain("Überschrift\n");
	});

	it("leaves earlier messages as they are while text is added", () => {
		for (const { markdown } of readCases("md_german_dev").slice(0, 12)) {
			const long = `${markdown}\n\n`.repeat(Math.ceil((limit * 3) / markdown.length));
			let before: readonly RenderedPart[] = [];
			let changes = 0;
			for (let end = 200; end < long.length; end += 311) {
				const now = render(long.slice(0, end), true);
				// The last message grows; the one before may still give a paragraph away when the next one begins.
				for (const [index, part] of before.slice(0, -1).entries()) if (now[index]?.markup !== part.markup) changes++;
				before = now;
			}
			expect(changes).toBe(0);
		}
	});
});
