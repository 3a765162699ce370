import { describe, expect, it } from "vitest";
import { renderTelegram } from "../../../src/channels/markdown/markdown.ts";
import { allCases, caseFiles, deviations, readCases } from "./cases.ts";
import { judge } from "./judge.ts";
import { createTelegramOracle, type Parsed } from "./telegram-oracle.ts";

const oracle = createTelegramOracle();
if (oracle.missing) console.warn(`skipped: ${oracle.missing}`);

function parsed(markdown: string, isUnfinished = false): readonly Parsed[] {
	return renderTelegram(markdown, isUnfinished).map(({ markup }) => {
		const message = oracle.parse(markup);
		if (typeof message === "string") throw new Error(`${message}: ${markup}`);
		return message;
	});
}

/** "pre:text" and the like, in order. */
function looks(markdown: string): readonly string[] {
	return parsed(markdown).flatMap((message) =>
		message.entities.map(
			({ type, offset, length, url }) => `${type}:${message.text.slice(offset, offset + length)}${url && `>${url}`}`,
		),
	);
}

const text = (markdown: string): string =>
	parsed(markdown)
		.map((message) => message.text)
		.join("¶");

describe.skipIf(oracle.missing !== null)("Telegram's own parser", () => {
	it.each(caseFiles)("accepts every rendering of %s, within the limits, and nothing is empty", (file) => {
		for (const { name, markdown } of readCases(file)) {
			const messages = parsed(markdown);
			expect(messages.length, name).toBeGreaterThan(0);
			for (const message of messages) {
				expect(message.text.length, name).toBeLessThanOrEqual(4096);
				expect(message.entities.length, name).toBeLessThanOrEqual(100);
				expect(message.text.trim(), name).not.toBe("");
			}
		}
	});

	it.each(caseFiles)("finds all words, addresses, code, indents, task states and tables of %s", (file) => {
		for (const { name, markdown } of readCases(file)) {
			if (Object.hasOwn(deviations, name)) continue;
			const { counts, ...lost } = judge(markdown, parsed(markdown));
			expect(lost, `${name}: ${JSON.stringify(counts)}`).toEqual({
				lostWords: [],
				lostTargets: [],
				changedCode: [],
				changedInlineCode: [],
				flatItems: [],
				lostTasks: [],
				rawTables: 0,
			});
		}
	});

	it("accepts every text while it is being written", () => {
		for (const { name, markdown } of allCases()) {
			const step = Math.max(1, Math.floor(markdown.length / 15));
			for (let end = 1; end < markdown.length; end += step) {
				for (const message of parsed(markdown.slice(0, end), true)) {
					expect(message.text.length, name).toBeLessThanOrEqual(4096);
					expect(message.text.trim(), name).not.toBe("");
				}
			}
		}
	});

	it("keeps code when bold or a quote is around it, and the link when code is its label", () => {
		expect(looks("**a `b` c**")).toEqual(["bold:a ", "code:b", "bold: c"]);
		expect(looks("> a `b`\n>\n> ```py\n>  x\n> ```")).toEqual(["blockquote:a b\n\n x", "code:b", "pre: x"]);
		expect(looks("[`b`](https://a.de)")).toEqual(["texturl:b>https://a.de/"]);
	});

	it("links only what Telegram can follow and shows every other target", () => {
		expect(text("[mail](mailto:a@b.de) [rel](datei.md) [x](javascript:alert(1)) [lokal](http://localhost:8080)")).toBe(
			"mail (a@b.de) rel (datei.md) x (javascript:alert(1)) lokal (http://localhost:8080)",
		);
		expect(looks("[Anna](tg://user?id=4711)")).toEqual([]);
		expect(looks("[https://bank.de](https://evil.example.org)")).toEqual([
			"texturl:https://evil.example.org>https://evil.example.org/",
		]);
		expect(looks("![Bild](https://a.de/b.png)")).toEqual(["texturl:Bild>https://a.de/b.png"]);
	});

	it("sends more than 100 entities in several messages instead of losing them", () => {
		const markdown = Array.from({ length: 130 }, (_, index) => `\`w${index}\``).join(" ");
		const found = parsed(markdown).flatMap((message) => message.entities);
		expect(found).toHaveLength(130);
		expect(parsed(markdown)).toHaveLength(2);
	});

	it("accepts whatever a hostile text puts into names, languages and addresses", () => {
		const nasty = `"'><b>&"<a href='x'>\u0000\ud800\u202e`;
		const markdown = `# ${nasty}\n\n\`\`\`${nasty}\n${nasty}\n\`\`\`\n\n[${nasty}](https://a.de/${nasty}) ![x](<https://a.de/"b">)`;
		const all = text(markdown);
		expect(all.isWellFormed()).toBe(true);
		expect(all).not.toContain("\u0000");
		expect(all).not.toContain("\u202e");
	});
});
