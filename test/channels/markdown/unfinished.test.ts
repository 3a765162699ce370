import { describe, expect, it } from "vitest";
import { renderDiscord, renderTelegram } from "../../../src/channels/markdown/markdown.ts";
import { readCases } from "./cases.ts";
import { createTelegramOracle } from "./telegram-oracle.ts";

const oracle = createTelegramOracle();

const now = (markdown: string): string =>
	renderTelegram(markdown, true)
		.map((part) => part.markup)
		.join("¶");

describe("an answer that is still being written", () => {
	it.each([
		["Das ist **wich", "Das ist <b>wich</b>"],
		["Das ist **wichtig*", "Das ist <b>wichtig</b>"],
		["Das ist **", "Das ist "],
		["Das ist *schön und **fett", "Das ist <i>schön und <b>fett</b></i>"],
		["~~alt", "<s>alt</s>"],
		["Der Name snake_ca", "Der Name snake_ca"],
		["Das kostet 2 * 3", "Das kostet 2 * 3"],
		["Rufe `npm i", "Rufe <code>npm i</code>"],
		["Rufe `", "Rufe "],
		["```ts\nconst a", '<pre><code class="language-ts">const a</code></pre>'],
		["Code:\n\n```ts\na\n``", 'Code:\n\n<pre><code class="language-ts">a</code></pre>'],
		["Code:\n\n``", "Code:"],
		["```", "…"],
		["siehe [die Seite](https://exam", "siehe die Seite"],
		["siehe [die Seite](https://de.wikipedia.org/wiki/A_(B", "siehe die Seite"],
		["siehe [die Se", "siehe die Se"],
		["![Bild](https://", "Bild"],
		["<https://exam", "https://exam"],
		["A &am", "A "],
		["- eins\n- zwei\n-", "• eins\n• zwei"],
		["- [x] eins\n- [", "☑ eins"],
		["Überschrift folgt\n-", "Überschrift folgt"],
		["Text\n\n##", "Text"],
		["> Zitat **fe", "<blockquote>Zitat <b>fe</b></blockquote>"],
		["- **a\n- **b", "• **a\n• <b>b</b>"],
		["$$\\int_0^1 x\\,d", "$$\\int_0^1 x\\,d$$"],
	])("shows %j as %j", (markdown, expected) => {
		expect(now(markdown).trimEnd()).toBe(expected.trimEnd());
	});

	it.each([
		"| a | b",
		"| a | b |",
		"| a | b |\n|",
		"| a | b |\n|--",
		"| a | b |\n|---|---|",
		"| a | b |\n|---|---|\n|",
	])("shows the table of %j from its header on", (markdown) => {
		expect(now(`Text:\n\n${markdown}`)).toBe("Text:\n\n<pre>a   | b\n----+----</pre>");
	});

	it("shows a half row of a table", () => {
		expect(now("| a | b |\n|---|---|\n| **x")).toContain("a   | b\n----+----\nx   |");
	});

	it.each(["\n", "|", "\n|", "\n\n|\n", "|\n|", " |", "\n\n"])("comes to an end for %j", (markdown) => {
		expect(renderTelegram(markdown, true).length).toBeLessThanOrEqual(1);
	});

	it("leaves everything before the last block as it will be", () => {
		expect(now("**a\n\nb **c")).toBe("**a\n\nb <b>c</b>");
	});

	it.skipIf(oracle.missing !== null)(
		"never shows a mark that the finished answer does not show",
		() => {
			for (const { name, markdown } of readCases("md_german_dev")) {
				const step = markdown.length > 600 ? 41 : 2;
				const allowed = marksOf(markdown, false);
				for (let end = 1; end < markdown.length; end += step) {
					const shown = marksOf(markdown.slice(0, end), true);
					for (const mark of shown.keys())
						expect(shown.get(mark), `${name} at ${end}: ${mark}`).toBeLessThanOrEqual(allowed.get(mark) ?? 0);
				}
			}
		},
		60_000,
	);

	it("is drawn for Discord with closed fences as well", () => {
		expect(renderDiscord("```js\nlet a", true)[0]?.markup).toBe("```js\nlet a\n```");
	});
});

const marks = ["**", "](", "```", "~~", "|--", "[!", "__"];

/** How often marks of Markdown stand in what Telegram shows, code apart. */
function marksOf(markdown: string, isUnfinished: boolean): ReadonlyMap<string, number> {
	const found = new Map<string, number>();
	for (const { markup } of renderTelegram(markdown, isUnfinished)) {
		const message = oracle.parse(markup);
		if (typeof message === "string") throw new Error(message);
		let text = message.text;
		for (const { type, offset, length } of message.entities)
			if (type === "pre" || type === "code")
				text = text.slice(0, offset) + " ".repeat(length) + text.slice(offset + length);
		for (const mark of marks) found.set(mark, (found.get(mark) ?? 0) + text.split(mark).length - 1);
	}
	return found;
}
