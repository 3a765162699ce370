import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectsGerman, isForeign, isGerman } from "../../src/assistant/language.ts";
import { isGermanSample, readSamples } from "./language-samples.ts";

const english = "You can change this in the menu at the top right, and then restart the program.";

describe("the language of an answer", () => {
	it("is recognised in at least 99 of 100 texts of 40 characters and more", () => {
		const samples = readSamples();
		const right = samples.filter((sample) => isForeign(sample.text) !== isGermanSample(sample));
		expect(samples.length).toBeGreaterThan(2_000);
		expect(right.length / samples.length).toBeGreaterThanOrEqual(0.99);
	});

	it("is recognised in every text that nothing was tuned on", () => {
		const wrong = readSamples(["own.jsonl"]).filter((sample) => isForeign(sample.text) === isGermanSample(sample));
		expect(wrong).toEqual([]);
	});

	it("is not judged when the answer is short", () => {
		expect(isForeign("The answer is 56.")).toBe(false);
	});

	it("is judged without code, quotations, tables and addresses", () => {
		expect(isForeign(`\`\`\`ts\n// ${english}\n\`\`\``)).toBe(false);
		expect(isForeign(`> ${english}\n> ${english}`)).toBe(false);
		expect(isForeign("| name | value |\n|---|---|\n| the quick brown fox | jumps over the lazy dog |")).toBe(false);
		expect(isForeign(`https://example.org/${"the/quick/brown/fox/".repeat(5)}`)).toBe(false);
		expect(isForeign(`Der Satz lautet: „${english}“`)).toBe(false);
		expect(isForeign(`${english}\n\n\`\`\`ts\nconst größe = "Straße";\n\`\`\``)).toBe(true);
	});

	it("is German in code talk, lists and numbers", () => {
		expect(isGerman("Mit `git rebase main` setzt du deinen Branch auf main auf; das Repository bleibt sauber.")).toBe(
			true,
		);
		expect(isGerman("- Äpfel\n- Brot\n- Käse\n- Milch\n- Waschmittel und Zahnbürsten")).toBe(true);
		expect(isGerman("1 + 1 = 2, 2 + 2 = 4")).toBe(true);
	});

	it("is found in any text without an error, also in long ones within milliseconds", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => typeof isForeign(text) === "boolean"),
		);
		expect(isForeign(`${english} `.repeat(2_000))).toBe(true);
		expect(isForeign('"'.repeat(50_000))).toBe(false);
		expect(isForeign(`${"Aa ".repeat(30_000)}`)).toBeTypeOf("boolean");
	});
});

describe("an answer in German is expected", () => {
	it.each([
		"Was ist die Hauptstadt von Frankreich?",
		"Hallo",
		"Warum ist der Himmel blau?",
		"Übersetze diesen Absatz ins Deutsche: The sky is blue today.",
		`Was bedeutet „${english}“?`,
		"Schreib ein Programm in Python, das Primzahlen ausgibt.",
		"Was ist die Hauptstadt von Japan?",
		"Wer war der erste russische Präsident?",
		"Welches ist das größte deutsche Bundesland?",
		"Erkläre mir die deutsch-französische Freundschaft.",
		"Welche italienischen Städte sollte man gesehen haben?",
		"Wie viele Englischlehrer gibt es in Bayern?",
	])("for %s", (question) => expect(expectsGerman(question, [])).toBe(true));

	it.each([
		"What is the capital of France, please?",
		"Schreib mir eine kurze Absage auf Englisch.",
		"Übersetze: Der Himmel ist blau.",
		"Wie sagt man „guten Tag“ auf Japanisch?",
		"Antworte in English please",
		"Quelle est la capitale de la France ?",
		"Formuliere eine englische E-Mail an den Vermieter.",
		"Schreib mir bitte ein kurzes spanisches Liebesgedicht.",
		"Lass uns Französisch üben!",
		"Wie heißt das im Englischen?",
		"Antworte bitte in meiner Sprache.",
	])("but not for %s", (question) => expect(expectsGerman(question, [])).toBe(false));

	it("but not right after another language was asked for, until German is asked for again", () => {
		expect(expectsGerman("Und jetzt der zweite Absatz.", ["Übersetze den ersten Absatz ins Englische."])).toBe(false);
		expect(expectsGerman("Jetzt bitte auf Deutsch.", ["Antworte auf Englisch."])).toBe(true);
		expect(expectsGerman("Deutsch bitte!", ["Antworte auf Englisch."])).toBe(true);
		expect(expectsGerman("Wer bist du denn eigentlich?", ["Hi, who are you?"])).toBe(true);
	});
});
