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
