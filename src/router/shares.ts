import type { Database } from "../stores/database.ts";

export interface Share {
	/** 0 to 1. */
	readonly part: number;
	/** An admin set it. */
	readonly isSet: boolean;
}

/** For whoever was the only person of late: the rest stays for a second one. */
const aloneShare = 0.9;
const usualShare = 0.5;
const rememberedMilliseconds = 7 * 86_400_000;
/** Not every call has to write that its person was there. */
const exactMilliseconds = 60_000;

/** The part of each shared window, and of the budget, that one person may use up. */
export function createShares({ sql }: Database) {
	const meet = sql.prepare(
		"INSERT INTO quota_person VALUES (?, ?, NULL) ON CONFLICT DO " +
			`UPDATE SET seen_at = excluded.seen_at WHERE excluded.seen_at > seen_at + ${exactMilliseconds}`,
	);
	const readShare = sql.prepare("SELECT share FROM quota_person WHERE author = ?");
	const readCompany = sql.prepare("SELECT 1 FROM quota_person WHERE author <> ? AND seen_at > ? LIMIT 1");
	const writeShare = sql.prepare(
		"INSERT INTO quota_person VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET share = excluded.share",
	);
	const forget = sql.prepare("DELETE FROM quota_person WHERE seen_at < ? AND share IS NULL");

	return {
		/** The person asked something, whether or not there was room. */
		meet(author: string, at: number): void {
			meet.run(author, at);
		},
		of(author: string, at: number): Share {
			const share = readShare.get(author)?.share;
			if (typeof share === "number") return { part: share, isSet: true };
			const isAlone = readCompany.get(author, at - rememberedMilliseconds) === undefined;
			return { part: isAlone ? aloneShare : usualShare, isSet: false };
		},
		/** Undefined: the usual one again. */
		set(author: string, share: number | undefined): void {
			writeShare.run(author, share === undefined ? null : Math.min(1, Math.max(0, share)));
		},
		prune(at: number): void {
			forget.run(at - rememberedMilliseconds);
		},
	};
}
