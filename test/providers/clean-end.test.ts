import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutCleanly, endCleanly } from "../../src/providers/clean-end.ts";

const sentence = "Dies ist ein ganzer Satz über Äpfel. ";

describe("a text that is too long", () => {
	it("stays as it is while it fits", () => {
		expect(cutCleanly("Kurz", 10)).toBe("Kurz");
	});

	it.each([
		["a paragraph", `${sentence.repeat(25)}\n\n${sentence.repeat(20)}`, 1_000, sentence.repeat(25).trim()],
		["a sentence", sentence.repeat(100), 1_000, sentence.repeat(26).trim()],
		["a line", "Apfel und Birne\n".repeat(100), 1_000, "Apfel und Birne\n".repeat(62).trim()],
		["a word", "Wort ".repeat(100), 102, "Wort ".repeat(19).trim()],
	])("ends with %s", (_, text, longest, cut) => {
		expect(cutCleanly(text, longest)).toBe(cut);
	});

	it("ends with a line of code inside a code block, which it closes", () => {
		expect(cutCleanly(`Code:\n\n\`\`\`js\n${"f(1, 2. ); \n".repeat(50)}`, 400)).toMatch(/^f\(1, 2\. \); ?\n```$/m);
	});

	it("is never longer than asked for, nor broken in the middle of a character", () => {
		const part = fc.constantFrom("Wort ", "Satz. ", "\n", "\n\n", "```\n", "😀", "x".repeat(40));
		fc.assert(
			fc.property(fc.array(part, { maxLength: 60 }), fc.integer({ min: 20, max: 400 }), (parts, longest) => {
				const text = parts.join("");
				const cut = cutCleanly(text, longest);
				expect(cut.length).toBeLessThanOrEqual(Math.max(longest, 0));
				expect(cut.isWellFormed()).toBe(true);
				expect(text.startsWith(cut.replace(/\n```$/, ""))).toBe(true);
			}),
			{ numRuns: 300 },
		);
	});
});

describe("the end of a text", () => {
	it.each([
		["Eins.\n\n2.", "Eins."],
		["- Eins\n- ", "- Eins"],
		["Im Jahr 1990.", "Im Jahr 1990."],
		["Hallo \ud83d", "Hallo"],
		["```js\na();", "```js\na();\n```"],
		["~~~\na();\n~~~", "~~~\na();\n~~~"],
	])("of %j is %j", (text, end) => {
		expect(endCleanly(text)).toBe(end);
	});
});
