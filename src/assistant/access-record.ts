/** What is remembered about access, as one value of the store. */
export interface AccessRecord {
	readonly users: Readonly<Record<string, User>>;
	readonly strangers: Readonly<Record<string, Stranger>>;
	/** When each person typed a wrong code, in milliseconds since 1970, oldest first. */
	readonly tries: Readonly<Record<string, readonly number[]>>;
}

export type Standing = "approved" | "blocked";

interface User {
	readonly standing: Standing;
	readonly isAdmin: boolean;
	readonly since: number;
	readonly name?: string;
	/** Approved and not yet told. */
	readonly isNews?: boolean;
}

/** Someone who wrote and may not; all times in milliseconds since 1970. */
interface Stranger {
	readonly at: number;
	readonly name?: string;
	readonly code?: string;
	readonly codeExpiresAt?: number;
	readonly toldAt?: number;
	readonly toldInGroupAt?: number;
}

export const emptyRecord: AccessRecord = { users: {}, strangers: {}, tries: {} };

const rememberStrangerMilliseconds = 30 * 24 * 3_600_000;
const rememberTriesMilliseconds = 3_600_000;
/** A crowd of strangers must not fill the store: the newest are kept. */
const mostStrangers = 500;

/** Leaves out what is too old to matter. */
export function prune(record: AccessRecord, now: number): AccessRecord {
	const strangers = Object.entries(record.strangers)
		.filter(([, stranger]) => now - stranger.at < rememberStrangerMilliseconds)
		.sort(([, first], [, second]) => second.at - first.at)
		.slice(0, mostStrangers);
	const tries = Object.entries(record.tries).filter(([, times]) =>
		times.some((at) => now - at < rememberTriesMilliseconds),
	);
	return { users: record.users, strangers: Object.fromEntries(strangers), tries: Object.fromEntries(tries) };
}
