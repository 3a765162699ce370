/** What is remembered about access, as one value of the store. All times in milliseconds since 1970. */
export interface AccessRecord {
	readonly users: Readonly<Record<string, User>>;
	readonly strangers: Readonly<Record<string, Stranger>>;
	/** When each person typed a wrong code, oldest first. */
	readonly tries: Readonly<Record<string, readonly number[]>>;
}

export type Standing = "approved" | "blocked";

interface User {
	readonly standing: Standing;
	readonly isAdmin: boolean;
	readonly name: string | undefined;
	/** Approved and not yet told. */
	readonly isNews?: boolean;
}

/** Someone who wrote and may not. */
export interface Stranger {
	readonly at: number;
	readonly name: string | undefined;
	readonly code?: string;
	readonly codeExpiresAt?: number;
	readonly toldAt?: number;
	readonly toldInGroupAt?: number;
}

export const emptyRecord: AccessRecord = { users: {}, strangers: {}, tries: {} };

/** How long a wrong code counts. */
export const triesMilliseconds = 3_600_000;
const rememberStrangerMilliseconds = 30 * 24 * 3_600_000;
/** A crowd of strangers must not fill the store: the newest are kept. */
const maximumStrangers = 500;

export function nameOf(record: AccessRecord, id: string): string | undefined {
	return record.users[id]?.name ?? record.strangers[id]?.name;
}

/** The code that lets this stranger in, while it is valid. */
export function openCode(record: AccessRecord, id: string, now: number): string | undefined {
	const stranger = record.strangers[id];
	return (stranger?.codeExpiresAt ?? 0) > now ? stranger?.code : undefined;
}

/** A user is no stranger any more. */
export function withUser(record: AccessRecord, id: string, user: User): AccessRecord {
	const { [id]: _, ...strangers } = record.strangers;
	return { ...record, strangers, users: { ...record.users, [id]: user } };
}

export function triesOf(record: AccessRecord, id: string, now: number): readonly number[] {
	return (record.tries[id] ?? []).filter((at) => now - at < triesMilliseconds);
}

export function withTry(record: AccessRecord, id: string, now: number): AccessRecord {
	return { ...record, tries: { ...record.tries, [id]: [...triesOf(record, id, now), now] } };
}

/** Leaves out what is too old to matter. */
export function prune(record: AccessRecord, now: number): AccessRecord {
	const strangers = Object.entries(record.strangers)
		.filter(([, stranger]) => now - stranger.at < rememberStrangerMilliseconds)
		.sort(([, first], [, second]) => second.at - first.at)
		.slice(0, maximumStrangers);
	const tries = Object.entries(record.tries).filter(([id]) => triesOf(record, id, now).length > 0);
	return { users: record.users, strangers: Object.fromEntries(strangers), tries: Object.fromEntries(tries) };
}
