import { readFileSync } from "node:fs";

export interface MarkdownCase {
	readonly name: string;
	readonly markdown: string;
}

export const caseFiles = ["commonmark_cases", "gfm_cases", "md_german_dev"] as const;

export function readCases(file: (typeof caseFiles)[number]): readonly MarkdownCase[] {
	const path = new URL(`../../fixtures/markdown/${file}.json`, import.meta.url);
	const rows = JSON.parse(readFileSync(path, "utf8")) as readonly { readonly markdown: string }[];
	return rows.map((row, index) => ({ name: `${file} ${index}`, markdown: row.markdown }));
}

export function allCases(): readonly MarkdownCase[] {
	return caseFiles.flatMap(readCases);
}

/** Where we read otherwise than CommonMark, and keep more for it. */
export const deviations: Readonly<Record<string, string>> = {
	"commonmark_cases 11": "`\\,`, `\\:` and `\\[…\\]` keep the backslash for formulas",
	"commonmark_cases 357": "`5*6*78` is a product",
	"md_german_dev 143": "`\\,` in a formula",
	"md_german_dev 146": "`2*3*4` is a product",
	"md_german_dev 151": "`**Wichtig:**Text` is bold",
	"md_german_dev 166": "a bar in code does not end the cell",
};
