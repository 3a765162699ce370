import type { ObservedLimit, ProviderErrorKind } from "../providers/provider.ts";
import type { Database } from "../stores/database.ts";
import type { Pause } from "./route.ts";

/** The names a route has in the ledger. */
export interface RouteName {
	readonly provider: string;
	readonly model: string;
}

export interface Sum {
	readonly requests: number;
	readonly tokens: number;
}

/** What a provider told about a window, with the last call that the figure includes. */
export interface Seen extends ObservedLimit {
	readonly seenAt: number;
	readonly lastCall: number;
}

/** Divides every zone's day: midnights fall on quarters of an hour. */
export const slotMilliseconds = 300_000;
const slotOf = (at: number): number => Math.floor(at / slotMilliseconds);

/**
 * The rows behind the quota. A call is one row; sums are kept for every five minutes beside, so that a day costs no more
 * than 289 rows. The slot in which a window starts counts in full: rather too much than too little.
 * No statement opens a transaction: the caller does where two belong together.
 */
export function createLedger({ sql }: Database) {
	const insertCall = sql.prepare(
		"INSERT INTO quota_call (provider, model, author, at, tokens, state) VALUES (?, ?, ?, ?, ?, 'open') RETURNING id",
	);
	const addToSlot = sql.prepare(
		"INSERT INTO quota_slot (provider, model, slot, requests, tokens) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO " +
			"UPDATE SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens",
	);
	const readOpenCall = sql.prepare(
		"SELECT provider, model, at, tokens FROM quota_call WHERE id = ? AND state = 'open'",
	);
	const endCall = sql.prepare("UPDATE quota_call SET tokens = ?, state = ? WHERE id = ?");
	const deleteCall = sql.prepare("DELETE FROM quota_call WHERE id = ?");
	const sumCalls = sql.prepare(
		"SELECT count(*) AS requests, coalesce(sum(tokens), 0) AS tokens FROM quota_call " +
			"WHERE provider = ? AND model = ? AND at >= ? AND id > ?",
	);
	const sumSlots = sql.prepare(
		"SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(tokens), 0) AS tokens FROM quota_slot " +
			"WHERE provider = ? AND model = ? AND slot >= ?",
	);
	const listCalls = sql.prepare(
		"SELECT at, 1 AS requests, tokens FROM quota_call WHERE provider = ? AND model = ? AND at >= ? ORDER BY at",
	);
	const listSlots = sql.prepare(
		`SELECT (slot + 1) * ${slotMilliseconds} AS at, requests, tokens FROM quota_slot ` +
			"WHERE provider = ? AND model = ? AND slot >= ? ORDER BY slot",
	);
	const readLastCall = sql.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'quota_call'");
	const readSeen = sql.prepare("SELECT * FROM quota_seen WHERE provider = ? AND model = ?");
	const writeSeen = sql.prepare(
		"INSERT INTO quota_seen VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET " +
			"maximum = coalesce(excluded.maximum, maximum), remaining = excluded.remaining, reset_at = excluded.reset_at, " +
			"seen_at = excluded.seen_at, last_call = excluded.last_call WHERE excluded.last_call >= last_call",
	);
	const readPause = sql.prepare(
		"SELECT until, reason FROM quota_pause WHERE provider = ? AND model IN (?, '') AND until > ? " +
			"ORDER BY until DESC LIMIT 1",
	);
	const writePause = sql.prepare(
		"INSERT INTO quota_pause VALUES (?, ?, ?, ?) ON CONFLICT DO " +
			"UPDATE SET until = excluded.until, reason = excluded.reason WHERE excluded.until > until",
	);
	const deletePause = sql.prepare("DELETE FROM quota_pause WHERE provider = ? AND model IN (?, '') AND reason = ?");
	const deletePausesFor = sql.prepare("DELETE FROM quota_pause WHERE reason = ?");
	const sumAuthor = sql.prepare(
		"SELECT count(*) FILTER (WHERE state = 'answer') AS answers, coalesce(sum(tokens), 0) AS tokens " +
			"FROM quota_call WHERE author = ? AND at >= ?",
	);
	const pruneCalls = sql.prepare("DELETE FROM quota_call WHERE at < ?");
	const pruneSlots = sql.prepare("DELETE FROM quota_slot WHERE slot < ?");

	return {
		book({ provider, model }: RouteName, tokens: number, author: string, at: number): number {
			addToSlot.run(provider, model, slotOf(at), 1, tokens);
			return Number(insertCall.get(provider, model, author, at, tokens)?.id);
		},
		/** Ends an open call; `null` takes it out again. A call that has ended stays as it is. */
		end(id: number, tokens: number | null, state: "answer" | "failure"): void {
			const call = readOpenCall.get(id) as (RouteName & { at: number; tokens: number }) | undefined;
			if (!call) return;
			const slot = slotOf(call.at);
			addToSlot.run(call.provider, call.model, slot, tokens === null ? -1 : 0, (tokens ?? 0) - call.tokens);
			if (tokens === null) deleteCall.run(id);
			else endCall.run(tokens, state, id);
		},
		/** Calls from a moment on and after a call. Exact, but one row a call: for short windows and for what followed a header. */
		callsSince: ({ provider, model }: RouteName, at: number, lastCall = 0): Sum =>
			sumCalls.get(provider, model, at, lastCall) as unknown as Sum,
		slotsSince: ({ provider, model }: RouteName, at: number): Sum =>
			sumSlots.get(provider, model, slotOf(at)) as unknown as Sum,
		/** What leaves a rolling window one after another, oldest first. */
		entriesSince: ({ provider, model }: RouteName, at: number, window: "minute" | "day") =>
			(window === "minute"
				? listCalls.all(provider, model, at)
				: listSlots.all(provider, model, slotOf(at))) as unknown as readonly (Sum & { at: number })[],
		lastCall: (): number => Number(readLastCall.get()?.seq ?? 0),
		seen: ({ provider, model }: RouteName): readonly Seen[] =>
			readSeen.all(provider, model).map((row) => ({
				unit: row.unit as ObservedLimit["unit"],
				window: row.window as ObservedLimit["window"],
				...(row.maximum !== null && { maximum: Number(row.maximum) }),
				...(row.remaining !== null && { remaining: Number(row.remaining) }),
				...(row.reset_at !== null && { resetAt: Number(row.reset_at) }),
				seenAt: Number(row.seen_at),
				lastCall: Number(row.last_call),
			})),
		/** A figure from an older call than the stored one is left out: answers end in another order than they began. */
		see({ provider, model }: RouteName, { unit, window, maximum, remaining, resetAt, seenAt, lastCall }: Seen): void {
			const [most, left, reset] = [maximum, remaining, resetAt].map((figure) =>
				figure === undefined ? null : Math.floor(figure),
			) as [number | null, number | null, number | null];
			writeSeen.run(provider, model, unit, window, most, left, reset, seenAt, lastCall);
		},
		pauseOf: ({ provider, model }: RouteName, at: number): Pause | undefined =>
			readPause.get(provider, model, at) as Pause | undefined,
		/** An empty model pauses all of the provider. A longer pause is never shortened. */
		pause: ({ provider, model }: RouteName, { until, reason }: Pause): void =>
			void writePause.run(provider, model, Math.ceil(until), reason),
		/** Lifts the pauses of a route, or of all routes, that were made for this reason. */
		resume: (reason: ProviderErrorKind, route?: RouteName): void =>
			void (route ? deletePause.run(route.provider, route.model, reason) : deletePausesFor.run(reason)),
		authorSince: (author: string, at: number) =>
			sumAuthor.get(author, at) as { readonly answers: number; readonly tokens: number },
		prune(before: number): void {
			pruneCalls.run(before);
			pruneSlots.run(slotOf(before));
		},
	};
}

export type Ledger = ReturnType<typeof createLedger>;
