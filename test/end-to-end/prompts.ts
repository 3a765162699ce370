import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A hundred German prompts of public collections; sources and licences stand beside the file. */
export const prompts: readonly { readonly text: string }[] = readFileSync(
	join(import.meta.dirname, "../fixtures/task/prompts.jsonl"),
	"utf8",
)
	.trim()
	.split("\n")
	.map((line) => JSON.parse(line));
