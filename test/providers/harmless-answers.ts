import { readFileSync } from "node:fs";
import { isGermanSample, readSamples } from "../assistant/language-samples.ts";
import { plans } from "./harmless-plans.ts";

const numbers = (count: number, from = 1): readonly number[] =>
	Array.from({ length: count }, (_, index) => from + index);
const lines = (count: number, line: (number: number, index: number) => string, from = 1): string =>
	numbers(count, from).map(line).join("\n");
const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? "";
const code = (language: string, text: string): string =>
	`Gern, so geht es:\n\n\`\`\`${language}\n${text}\n\`\`\`\n\nPasst das so?`;

const nouns =
	"Apfel Baum Cello Dach Esel Feder Garten Hafen Insel Jacke Kerze Lampe Mantel Nadel Ofen Pinsel Quelle Regen Sofa Tasche Uhr Vase Wolke Zaun Brille Dose Eimer Fenster Gabel Hammer Igel Kanne".split(
		" ",
	);
const verbs = "pflegen reparieren bemalen verkaufen suchen tragen zeichnen putzen messen verschenken kaufen".split(" ");
const english = "apple tree cello roof donkey feather garden harbour island jacket candle lamp coat needle oven".split(
	" ",
);
const refrain =
	"Und der Wind, er weht, und die Zeit vergeht,\nund am Ufer steht, wer die See versteht.\nO du weites Meer, o du weites Meer,\nbring mir den Liebsten wieder her.";

/** What people ask for that looks much the same line by line. None of it says the same again and again. */
const forms: Readonly<Record<string, string>> = {
	"multiplication table": numbers(12)
		.map((left) => lines(12, (right) => `${left} × ${right} = ${left * right}`))
		.join("\n\n"),
	"multiplication table in words": lines(100, (number) => `Sieben mal ${number} ist gleich ${7 * number}.`),
	"table of squares": lines(120, (number) => `| ${number} | ${number ** 2} | ${number ** 3} |`),
	"empty calendar": lines(12, () => "|    |    |    |    |    |    |    |"),
	"matrix of zeros": lines(
		20,
		() =>
			`[${numbers(20)
				.map(() => "0")
				.join(", ")}],`,
	),
	"filled rectangle": code(
		"",
		lines(25, () => "#".repeat(60)),
	),
	"chess board": code(
		"",
		lines(32, (row) => (row % 2 ? "█░" : "░█").repeat(16)),
	),
	"pyramid of stars": code(
		"",
		lines(30, (row) => " ".repeat(30 - row) + "*".repeat(2 * row - 1)),
	),
	"counting to five hundred": numbers(500).join(", "),
	"fizz buzz": lines(200, (number) =>
		number % 15 ? (number % 5 ? (number % 3 ? `${number}` : "Fizz") : "Buzz") : "FizzBuzz",
	),
	"list of vocabulary": lines(60, (number, index) => `- ${pick(nouns, index)} ${number} – ${pick(english, index)}`),
	"list of tips": lines(
		40,
		(number, index) =>
			`${number}. **${pick(nouns, index)}:** Den ${pick(nouns, index)} regelmäßig ${pick(verbs, index)}.`,
	),
	"weekly plan": lines(
		28,
		(day, index) =>
			`Tag ${day}: ${pick(["Laufen", "Schwimmen", "Pause", "Krafttraining", "Radfahren"], index)}, ${20 + day} Minuten.`,
	),
	"timetable of a bus": lines(19, (hour) => `${hour}:05 Uhr, ${hour}:25 Uhr und ${hour}:45 Uhr ab Hauptbahnhof`, 5),
	"inhabitants by year": lines(
		72,
		(year, index) => `Im Jahr ${year} lebten in der Stadt ${3_100_000 + index * 7_919} Menschen.`,
		1950,
	),
	"temperatures by day": lines(
		60,
		(day) => `Am ${day}. Tag waren es ${((day * 37) % 23) - 4} Grad bei ${(day * 13) % 40} km/h Wind.`,
	),
	"degrees in words": lines(80, (celsius) => `${celsius} °C entsprechen ${(celsius * 1.8 + 32).toFixed(1)} °F.`),
	"CSV of measurements": code(
		"csv",
		`Zeit;Wert;Gerät\n${lines(150, (second) => `${second};${(Math.sin(second) * 10).toFixed(2)};Sensor ${second % 4}`)}`,
	),
	"CSV of people": lines(
		60,
		(id, index) => `${id},${pick(nouns, index)},${pick(verbs, index * 3)}@beispiel.de,${(id * 7919) % 99999}`,
	),
	"JSON of products": code(
		"json",
		`[\n${lines(60, (id, index) => `  { "id": ${id}, "name": "${pick(nouns, index)}", "preis": ${((id * 317) % 1000) / 10}, "lager": ${id % 7 > 2} },`)}\n]`,
	),
	"JSON with nothing but numbers": lines(70, (id) => `{"id": ${id}, "name": "Produkt ${id}", "preis": ${id * 10}},`),
	"SQL rows": code(
		"sql",
		lines(60, (id) => `INSERT INTO produkte (id, name) VALUES (${id}, 'Produkt ${id}');`),
	),
	"HTML list": code(
		"html",
		lines(50, (id, index) => `  <li><a href="/seite/${id}">${pick(nouns, index)}</a></li>`),
	),
	"empty HTML table": code(
		"html",
		lines(18, () => `  <tr><td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>`),
	),
	"switch with many cases": code(
		"ts",
		lines(40, (id, index) => `    case ${id}:\n      return "${pick(nouns, index)}";`),
	),
	"tests that look alike": code(
		"python",
		lines(
			30,
			(id, index) =>
				`def test_${pick(nouns, index).toLowerCase()}():\n    result = rechne(${id}, ${id * 3})\n    assert result == ${id * 4}\n`,
		),
	),
	"getters and setters": code(
		"java",
		nouns
			.slice(0, 20)
			.map(
				(noun) =>
					`    public String get${noun}() {\n        return ${noun.toLowerCase()};\n    }\n\n    public void set${noun}(String ${noun.toLowerCase()}) {\n        this.${noun.toLowerCase()} = ${noun.toLowerCase()};\n    }\n`,
			)
			.join("\n"),
	),
	"hex dump": code(
		"",
		lines(
			60,
			(row) =>
				`${(row * 16).toString(16).padStart(8, "0")}  ${numbers(16)
					.map((at) => ((row * at * 31) % 256).toString(16).padStart(2, "0"))
					.join(" ")}`,
		),
	),
	"song with a refrain": numbers(20)
		.map(
			(verse, index) =>
				`Strophe ${verse}\nDer ${pick(nouns, index * 2)} lag am Strand so still,\nweil keiner ihn ${pick(verbs, index)} will,\ndoch kommt die ${pick(nouns, index + 11)} dann und wann\nund fängt ihn neu zu ${pick(verbs, index + 4)} an.\n\n${refrain}`,
		)
		.join("\n\n"),
	"counting-out song": numbers(10)
		.map(
			(left) =>
				`${11 - left} kleine Fische, die schwammen im Teich,\nda sagte der ${pick(nouns, left)}: Ich fresse euch gleich.\nDer ${pick(verbs, left)}de Reiher, der holte sich einen,\nda schwammen die anderen schnell zu den Steinen.`,
		)
		.join("\n\n"),
	"questions and answers": numbers(30)
		.map(
			(number, index) =>
				`**Frage ${number}:** Wozu dient ein ${pick(nouns, index)}?\n**Antwort:** Man kann ihn ${pick(verbs, index)}.\n**Wertung:** richtig`,
		)
		.join("\n\n"),
	"translation line by line": numbers(25)
		.map(
			(_, index) =>
				`DE: Wir wollen den ${pick(nouns, index)} ${pick(verbs, index)}.\nEN: We want the ${pick(english, index)} number ${index}.`,
		)
		.join("\n"),
	"check list": lines(50, (number) => `- [ ] Kapitel ${number} lesen`),
	"form to fill in": lines(40, (number) => `${number}. ____________________________`),
	"lines for school": lines(35, () => "Ich soll im Unterricht nicht schwatzen."),
	"rules between sections": numbers(12)
		.map(
			(_, index) =>
				`${"=".repeat(80)}\n${pick(nouns, index)}\n${"=".repeat(80)}\nHier steht etwas über ${pick(verbs, index)} und ${pick(nouns, index + 5)}.`,
		)
		.join("\n"),
	"wide table with padding": lines(
		40,
		(_, index) => `| ${pick(nouns, index).padEnd(40)} | ${pick(verbs, index).padEnd(60)} |`,
	),
	"reasoning step by step": numbers(25)
		.map(
			(step, index) =>
				`Schritt ${step}: Wir ${pick(verbs, index)} zuerst den Term.\nDaraus folgt x = ${step * 3} und y = ${step * 5}.`,
		)
		.join("\n\n"),
};

interface GermanAnswer {
	readonly markdown: string;
}
interface Prompt {
	readonly text: string;
}

/** Answers by name: generated ones, all of the fixtures, and these one behind the other as one long text. */
export function readHarmlessAnswers(): ReadonlyMap<string, string> {
	const fixture = (path: string): string => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8");
	const answers = (JSON.parse(fixture("markdown/md_german_dev.json")) as readonly GermanAnswer[]).map(
		(one) => one.markdown,
	);
	const commonMark = (JSON.parse(fixture("markdown/commonmark_cases.json")) as readonly GermanAnswer[]).map(
		(one) => one.markdown,
	);
	const prompts = fixture("task/prompts.jsonl")
		.trim()
		.split("\n")
		.map((line) => (JSON.parse(line) as Prompt).text);
	const sentences = readSamples()
		.filter(isGermanSample)
		.map(({ text }) => text);
	const letter = answers.join("\n\n").slice(0, 6_000);
	return new Map([
		...Object.entries(forms),
		...Object.entries(plans),
		...answers.map((text, index) => [`answer ${index}`, text] as const),
		...longTexts(answers).map((text, index) => [`answers in a row ${index}`, text] as const),
		...longTexts(commonMark).map((text, index) => [`markdown cases ${index}`, text] as const),
		...longTexts(prompts).map((text, index) => [`prompts ${index}`, text] as const),
		...longTexts(sentences).map((text, index) => [`sentences ${index}`, text] as const),
		[
			"a text and its corrected version",
			`Dein Text:\n\n${letter}\n\nVerbessert:\n\n${letter.replaceAll("der ", "die ")}`,
		],
		["a text twice", `${letter}\n\nUnd noch einmal:\n\n${letter}`],
	]);
}

/** Of about 15,000 characters each. */
function longTexts(parts: readonly string[]): readonly string[] {
	const texts: string[] = [];
	let text = "";
	for (const part of parts) {
		if (text.length + part.length > 15_000) {
			texts.push(text);
			text = "";
		}
		text += `${part}\n\n`;
	}
	return [...texts, text];
}
