import type { Database } from "./database.ts";

/** Short texts that a part of the program remembers about its own work, such as which menu it has published. */
export interface Notes {
	get(key: string): string | undefined;
	set(key: string, value: string): void;
}

export function createNotes({ sql }: Database): Notes {
	const read = sql.prepare("SELECT value FROM note WHERE key = ?");
	const write = sql.prepare("INSERT OR REPLACE INTO note (key, value) VALUES (?, ?)");
	return {
		get(key) {
			const value = read.get(key)?.value;
			return value === undefined ? undefined : String(value);
		},
		set: (key, value) => void write.run(key, value),
	};
}
