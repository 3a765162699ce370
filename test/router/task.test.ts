import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Task, tasks } from "../../src/providers/provider.ts";
import { taskOf } from "../../src/router/task.ts";

interface Prompt {
	readonly text: string;
	readonly label: Task;
}

const prompts = readFileSync(new URL("../fixtures/task/prompts.jsonl", import.meta.url), "utf8")
	.trim()
	.split("\n")
	.map((line) => JSON.parse(line) as Prompt);

const examples: Readonly<Record<Task, readonly string[]>> = {
	coding: [
		"Schreib mir ein Python-Skript, das Dateien umbenennt",
		"Warum wirft `foo()` eine Exception?",
		"Was macht SELECT * FROM kunden?",
	],
	reasoning: ["Ein Zug fährt 80 km/h und braucht 3 Stunden. Wie viele Kilometer sind das insgesamt?"],
	complex: [
		"Vergleiche die Vor- und Nachteile von Wärmepumpe und Gasheizung",
		"Mach mir einen Businessplan für ein kleines Café",
		"Wie würdest du einem Zwölfjährigen Inflation erklären?",
	],
	writing: [
		"Schreib eine Einladung zum Geburtstag",
		"Formuliere eine höfliche Absage per E-Mail",
		"schreib mir ein gedicht",
	],
	translation: [
		"Übersetze ins Englische: Guten Morgen",
		"uebersetz das mal auf spanisch",
		"Was heißt Schmetterling auf Französisch?",
	],
	summarise: ["Fasse diesen Artikel in drei Sätzen zusammen", "Kannst du eine Zusammenfassung schreiben?"],
	simple: ["Wer hat die Glühbirne erfunden?", "wie hoch ist der eiffelturm", "Was ist 7 mal 8?"],
	command: [
		"Stell einen Wecker auf 7 Uhr",
		"Wie wird das Wetter morgen in Köln?",
		"Erinnere mich um acht an die Wäsche",
	],
	chat: ["Hallo!", "Moin, alles klar?", "danke dir", "Wie geht es dir?", "Wer bist du?"],
};

describe("the kind of task", () => {
	it.each(tasks.flatMap((label) => examples[label].map((text) => [label, text] as const)))(
		"is %s for %s",
		(label, text) => {
			expect(taskOf(text, []).label).toBe(label);
		},
	);

	it("is the same without umlauts, in capitals and in Swiss spelling", () => {
		expect(taskOf("ÜBERSETZE DAS", []).label).toBe("translation");
		expect(taskOf("Uebersetze das", []).label).toBe("translation");
		expect(taskOf("Was heisst Grüezi auf Englisch?", []).label).toBe("translation");
	});

	it("is found plausibly in real German prompts", () => {
		const judged = prompts.map(({ text, label }) => ({ label, found: taskOf(text, []) }));
		const right = judged.filter(({ label, found }) => found.label === label).length;
		const strong = judged.filter(({ label }) => taskIsStrong(label));
		const underrated = strong.filter(({ found }) => found.demand === "fast").length;

		expect(prompts).toHaveLength(100);
		expect(right / judged.length).toBeGreaterThanOrEqual(0.75);
		expect(underrated / strong.length).toBeLessThanOrEqual(0.15);
	});

	it("of a follow-up is that of the turn it follows", () => {
		const previous = ["Schreib eine Funktion, die eine Liste sortiert", "danke"];

		expect(taskOf("und jetzt kürzer", previous).label).toBe("coding");
		expect(taskOf("und jetzt kürzer", previous).confidence).toBeLessThan(taskOf(previous[0] ?? "", []).confidence);
		expect(taskOf("und jetzt kürzer", []).label).not.toBe("coding");
		expect(taskOf("und jetzt in Python", ["Erzähl mir was"]).label).toBe("coding");
		expect(taskOf("Wer hat die Glühbirne erfunden?", previous).label).toBe("simple");
	});

	it("names the demand of each label", () => {
		for (const label of tasks) {
			const { demand } = taskOf(examples[label][0] ?? "", []);
			const fast = ["simple", "command", "chat"].includes(label);
			expect(demand, label).toBe(fast ? "fast" : taskIsStrong(label) ? "strong" : "any");
		}
	});

	it("is decided for anything at all", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: "binary", maxLength: 300 }),
				fc.array(fc.string(), { maxLength: 2 }),
				(text, previous) => {
					const { label, confidence } = taskOf(text, previous);
					expect(tasks).toContain(label);
					expect(confidence).toBeGreaterThan(0);
					expect(confidence).toBeLessThanOrEqual(1);
				},
			),
		);
		for (const text of ["", "   ", "🎉", "\ud800", "\u0000"]) expect(tasks).toContain(taskOf(text, [text]).label);
	});

	it("is read from the head and the tail of a long text, where the request stands", () => {
		const novel = "Der Regen fiel auf die Stadt. ".repeat(1_000);

		expect(taskOf(`Fasse das zusammen: ${novel}`, []).label).toBe("summarise");
		expect(taskOf(`${novel}\nÜbersetze das ins Englische.`, []).label).toBe("translation");
		expect(taskOf(`${novel} Er schrieb Python. ${novel}`, []).label).toBe("complex");
	});

	it("takes no longer for a megabyte of anything than for a page", () => {
		const hostile = [
			"a",
			" ",
			"(",
			"<",
			"1",
			"?",
			"? ",
			"fass ",
			"select ",
			"schreib ",
			"uebertrage ",
			"heisst ",
			"def w",
			"\n",
		];
		for (const piece of hostile) {
			const text = piece.repeat(1_000_000 / piece.length);
			const begun = performance.now();
			taskOf(text, [text, text]);
			expect(performance.now() - begun, JSON.stringify(piece)).toBeLessThan(250);
		}
	});
});

function taskIsStrong(label: Task): boolean {
	return ["coding", "reasoning", "complex"].includes(label);
}
