import { readFileSync } from "node:fs";

/** A text with its language, from test/fixtures/language. */
export interface Sample {
	readonly lang: string;
	readonly set: string;
	readonly text: string;
}

const folder = new URL("../fixtures/language/", import.meta.url);
const german: readonly string[] = ["de", "gsw", "de-st"];

/** The first line of each file says where its rows come from. */
export function readSamples(
	files: readonly string[] = ["lingua.jsonl", "xsid-xquad-cc-by-sa.jsonl", "own.jsonl"],
): readonly Sample[] {
	return files.flatMap((file) => {
		const [, ...rows] = readFileSync(new URL(file, folder), "utf8").trim().split("\n");
		return rows.map((row): Sample => JSON.parse(row));
	});
}

/** Swiss German and Tyrolean are German. */
export function isGermanSample({ lang }: Sample): boolean {
	return german.includes(lang);
}
