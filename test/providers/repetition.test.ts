import { describe, expect, it } from "vitest";
import { createAnswer } from "../../src/providers/answer.ts";
import { createRepetition } from "../../src/providers/repetition.ts";
import { readHarmlessAnswers } from "./harmless-answers.ts";

interface Stopped {
	/** How long the text was when it was stopped. */
	readonly at: number;
	readonly text: string;
}

/** Streams the text in pieces of a few characters. */
function stopIn(text: string, pieceCharacters = 7): Stopped | undefined {
	const repetition = createRepetition();
	for (let at = pieceCharacters; at < text.length + pieceCharacters; at += pieceCharacters) {
		const soFar = text.slice(0, at);
		const kept = repetition.look(soFar);
		if (kept !== undefined) return { at: soFar.length, text: text.slice(0, kept) };
	}
	return undefined;
}

describe("an answer that says something new", () => {
	const answers = readHarmlessAnswers();

	it("is never taken for one in circles", () => {
		const stopped = [...answers].flatMap(([name, text]) => {
			const stop = stopIn(text);
			return stop ? [`${name} at ${stop.at}`] : [];
		});
		expect(stopped).toEqual([]);
		expect(answers.size).toBeGreaterThan(200);
	});
});

const opening = "Der Mond umkreist die Erde in rund 27 Tagen. Dabei zeigt er uns immer dieselbe Seite.\n\n";
const counting = (line: (number: number) => string, separator = "\n"): string =>
	Array.from({ length: 400 }, (_, index) => line(index + 1)).join(separator);
const paragraph =
	"Das ist eine sehr gute Frage, und ich helfe dir gern dabei. Zunächst sollten wir klären, worum es dir geht. Danach können wir gemeinsam einen Plan machen und Schritt für Schritt vorgehen.";
const shuffled = ["Ich weiß es leider nicht.", "Das tut mir wirklich leid.", "Kann ich sonst noch etwas für dich tun?"];

/** The text of a circle, what is left of it, and after how many characters of repetition it is stopped at the latest. */
type Circle = readonly [name: string, text: string, left: string | RegExp, latest?: number];

const circles: readonly Circle[] = [
	["one word", "ja ".repeat(3_000), /^ja$/],
	["one syllable", "ha".repeat(3_000), /^ha$/],
	["one sign", "!".repeat(5_000), /^!$/],
	["blank lines", "\n".repeat(5_000), ""],
	["a sentence", "Das ist gut. ".repeat(500), "Das ist gut."],
	["a list item", "- Wasser trinken\n".repeat(400), "- Wasser trinken"],
	["a paragraph", `${paragraph}\n\n`.repeat(40), paragraph],
	[
		"several lines",
		"Montag: Sport.\nDienstag: Pause.\nMittwoch: Sport.\n\n".repeat(200),
		/^Montag: Sport\.\nDienstag: Pause\.\nMittwoch: Sport\.$/,
	],
	["a long circle", `${paragraph} ${paragraph.toUpperCase()} ${paragraph.replaceAll("e", "ö")}\n`.repeat(20), /ö/],
	[
		"numbered items",
		counting((number) => `${number}. Prüfe die Verbindung zum Server.`),
		/^1\. Prüfe die Verbindung zum Server\.$/,
		5_000,
	],
	[
		"steps that name the next",
		counting((number) => `Schritt ${number}: Gehe danach weiter zu Schritt ${number + 1}.`),
		/Schritt 2\.$/,
		10_500,
	],
	[
		"items in a cycle of three",
		counting(
			(number) =>
				`${number}. ${["Prüfe das Kabel und den Stecker.", "Starte das Gerät einmal neu.", "Melde dich dann wieder an."][number % 3]}`,
		),
		/./,
	],
	[
		"sections with counters",
		counting((number) => `## Kapitel ${number}\n\nIn diesem Kapitel geht es um die Grundlagen.\n`),
		/Grundlagen\.$/,
		3_500,
	],
	[
		"sentences in any order",
		Array.from({ length: 400 }, (_, index) => shuffled[((index * index * 7 + index) % 11) % 3]).join(" "),
		/\.$|\?$/,
	],
	[
		"rows of a table",
		counting((number) => `| ${number} | Verbindung prüfen und neu starten | offen |`),
		/^\| 1 \|/,
		8_500,
	],
	[
		"lines with the time",
		counting((number) => `[12:${String(number % 60).padStart(2, "0")}:${number}] Das kann ich leider nicht.`),
		/./,
		5_500,
	],
	["the line of a table", `| Name | Ort |\n|${"---|".repeat(2_000)}`, /---/],
	["lines of code", `\`\`\`ts\n${"console.log(wert);\n".repeat(500)}`, "```ts\nconsole.log(wert);\n```"],
	["emoji", "😀🎉".repeat(2_000), /./],
];

describe("an answer in circles", () => {
	it.for(circles)("of %s is stopped early and keeps one round", ([, circle, left, latest = 3_000]) => {
		const text = opening + circle;
		const stop = stopIn(text);
		expect(stop, "not stopped").toBeDefined();
		const kept = finished(text);
		expect(kept.startsWith(opening.trim())).toBe(true);
		const rest = kept.slice(opening.length);
		if (typeof left === "string") expect(rest).toBe(left);
		else expect(rest).toMatch(left);
		expect(stop?.at).toBeLessThan(opening.length + rest.length + latest);
	});

	it("is found wherever the pieces fall", () => {
		for (let size = 1; size < 400; size += 37)
			expect(stopIn(`${opening}${"Das ist gut. ".repeat(300)}`, size)?.text.trimEnd()).toBe(`${opening}Das ist gut.`);
	});

	it("is found behind text that turned out to be reasoning", () => {
		const repetition = createRepetition();
		const thoughts = [...readHarmlessAnswers()].find(([name]) => name === "answers in a row 2")?.[1] ?? "";
		expect(repetition.look(thoughts)).toBeUndefined();
		const looks = Array.from({ length: 300 }, (_, index) => repetition.look("Das ist gut. ".repeat(index + 1)));
		const first = looks.findIndex((kept) => kept !== undefined);
		expect(first).toBeGreaterThan(0);
		expect(first).toBeLessThan(200);
	});

	it("is found behind a long answer that said something", () => {
		const long = [...readHarmlessAnswers()].find(([name]) => name === "answers in a row 1")?.[1].slice(0, 9_000) ?? "";
		const stop = stopIn(`${long}\n\n${`${paragraph}\n\n`.repeat(30)}`);
		expect(stop?.text.trimEnd()).toBe(`${long}\n\n${paragraph}`);
		expect(stop?.at).toBeLessThan(long.length + 2_600);
	});
});

/** What the answer says at last. */
function finished(text: string): string {
	const answer = createAnswer("test", { messages: [], maxTokens: 10 }, undefined);
	for (let at = 0; at < text.length; at += 5) {
		if (!answer.add({ text: text.slice(at, at + 5) })) break;
	}
	const { text: kept, finishReason, usage } = answer.complete([]);
	expect(finishReason).toBe("repetition");
	expect(usage.isEstimated).toBe(true);
	return kept;
}
