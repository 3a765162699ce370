import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

/** What was written in earlier sessions, for the arrow keys. */
export interface History {
	/** Newest first, as readline wants it. */
	readonly entries: readonly string[];
	add(text: string): void;
}

const entriesKept = 500;
const longestEntry = 1_000;

/** Keeps single lines in `file`, readable by its owner alone; without a file only for this session. */
export function createHistory(file: string | undefined): History {
	const entries = file === undefined ? [] : read(file).slice(-entriesKept);
	let target = file;
	if (file !== undefined && entries.length === entriesKept)
		keep(() => writeFileSync(file, linesOf(entries), ownerOnly));

	/** A history that cannot be written is no reason to interrupt a conversation. */
	function keep(write: () => void): void {
		try {
			write();
		} catch {
			target = undefined;
		}
	}

	return {
		entries: entries.toReversed(),
		add(text) {
			if (target === undefined || text.includes("\n") || text.length > longestEntry) return;
			const path = target;
			keep(() => appendFileSync(path, linesOf([text]), ownerOnly));
		},
	};
}

const ownerOnly = { mode: 0o600 } as const;
const linesOf = (entries: readonly string[]): string => entries.map((entry) => `${entry}\n`).join("");

function read(file: string): readonly string[] {
	try {
		return readFileSync(file, "utf8")
			.split("\n")
			.filter((line) => line !== "");
	} catch {
		return [];
	}
}
