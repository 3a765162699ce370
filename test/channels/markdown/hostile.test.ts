import { expect, it } from "vitest";
import { renderDiscord, renderTelegram, renderTerminal } from "../../../src/channels/markdown/markdown.ts";

/** Twice the longest answer. */
const length = 30_000;
const filled = (piece: string): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const benign = filled("Ein ganz **normaler** Satz mit `code`, *Betonung* und einem [Link](https://a.de) darin.\n\n");

const hostile: Readonly<Record<string, string>> = {
	brackets: filled("["),
	links: filled("[a]("),
	images: filled("!["),
	"balanced brackets": "[".repeat(length / 2) + "]".repeat(length / 2),
	stars: filled("*"),
	"open stars": filled("**a "),
	"crossed marks": filled("*a_"),
	"nested emphasis": filled("*a **b "),
	underscores: filled("a_"),
	backticks: filled("`"),
	"growing backticks": filled(Array.from({ length: 400 }, (_, index) => "`".repeat(index + 1)).join("a")),
	quotes: filled(">"),
	"quote lines": filled("> a\nb\n"),
	"deep lists": `${filled("- ")}x`,
	"stairs of lists": Array.from({ length: 310 }, (_, index) => `${" ".repeat(index)}- a`).join("\n"),
	"wide table": `${filled("a|").slice(0, length / 3)}\n${filled("-|").slice(0, length / 3)}\n${filled("x\n").slice(0, length / 3)}`,
	"long table": `|a|b|\n|-|-|\n${filled("|a|b|\n")}`,
	"one wide cell": `|a|b|\n|-|-|\n|${filled("c").slice(0, length / 2)}|d|\n${filled("|a|b|\n").slice(0, length / 2)}`,
	angles: filled("<a "),
	comments: filled("<!-- "),
	exclamations: filled("!"),
	formulas: filled("\\[$"),
	dollars: filled("$a_"),
	backslashes: filled("\\"),
	"one word": filled("a"),
	"e-mail": filled("a@"),
	accents: filled("\u0301"),
	joiners: filled("👩‍"),
	"blank code": `\`\`\`\n${filled("\n")}`,
	references: filled("&a"),
	tildes: filled("~a ~~"),
	"inner spaces": `a${filled(" ")}b`,
	"inner tabs": `**a${filled("\t")}b** c`,
	"stars and text": `${filled("*")}a`,
	"backslashes and text": `a${filled("\\\\")}b`,
	"blank lines in HTML": `<pre>${filled("\n")}</pre>`,
	"bars and text": `${filled("|a\n")}x`,
	"bars only": `${filled("|\n")}x`,
	"fence lines": filled("```\n``` a\n"),
	"marker lines": filled("- \n"),
	"half links": filled("](a "),
	"paired dollars": filled("$$ a "),
};

function millisecondsOf(markdown: string, isUnfinished: boolean): number {
	const start = performance.now();
	renderTelegram(markdown, isUnfinished);
	renderDiscord(markdown, isUnfinished);
	renderTerminal(markdown, { columns: 80, hasColours: true, isUnfinished });
	return performance.now() - start;
}

it("takes for hostile text no more than a small multiple of the time for ordinary text", () => {
	millisecondsOf(benign, false);
	const ordinary = Math.max(millisecondsOf(benign, false), millisecondsOf(benign, true));
	const slow = Object.entries(hostile).flatMap(([name, markdown]) =>
		[false, true].flatMap((isUnfinished) => {
			const factor = millisecondsOf(markdown, isUnfinished) / ordinary;
			return factor > 40 ? [`${name}: ${factor.toFixed(0)} times`] : [];
		}),
	);
	expect(slow).toEqual([]);
}, 60_000);

it("never throws, not even where nesting goes deeper than the stack", () => {
	for (const piece of ["*a **b ", "> - ", "[[![", "~~*_"])
		for (const size of [1_000, 5_000, 20_000]) expect(renderTelegram(piece.repeat(size / 5), true)).not.toEqual([]);
});

it("shows texts beyond any answer literally instead of reading them", () => {
	const parts = renderTelegram("**a** ".repeat(180_000), false);
	expect(parts.length).toBeGreaterThan(250);
	expect(parts[0]?.plain).toContain("**a**");
});
