import type { LimitUnit, ObservedLimit } from "../providers/provider.ts";
import type { Database } from "../stores/database.ts";
import { type Amounts, type RouteName, wholeUnits } from "./ledger.ts";

/** What a provider told about a window, in the ledger's whole units. */
export interface Seen extends Omit<ObservedLimit, "scope"> {
	/** Empty: it concerns all models of the provider. */
	readonly model: string;
	readonly source: "header" | "balance";
	readonly seenAt: number;
	/** What own calls used that the figure does not include yet. */
	readonly since: number;
}

/** Where a figure comes from, and the last own call that it includes. */
export interface Sighting {
	readonly source: Seen["source"];
	readonly seenAt: number;
	readonly lastCall: number;
}

export interface Balance {
	readonly amount: number;
	readonly currency: string;
	readonly seenAt: number;
}

/** Remembers what providers tell of their windows and accounts, and counts the own calls that came after it. */
export function createFigures({ sql }: Database) {
	const readSeen = sql.prepare("SELECT * FROM quota_seen WHERE provider = ?");
	const writeSeen = sql.prepare(
		"INSERT INTO quota_seen (provider, model, unit, window, maximum, remaining, reset_at, seen_at, last_call, source, since) " +
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET " +
			"maximum = coalesce(excluded.maximum, maximum), remaining = excluded.remaining, reset_at = excluded.reset_at, " +
			"seen_at = excluded.seen_at, last_call = excluded.last_call, source = excluded.source, since = excluded.since " +
			"WHERE excluded.last_call >= last_call",
	);
	// The plus keeps SQLite to the few youngest rows.
	const sumAfter = sql.prepare(
		"SELECT count(*) AS requests, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(credits), 0) AS credits " +
			"FROM quota_call WHERE id > ? AND +provider = ? AND (model = ? OR ? = '')",
	);
	const addToSince = sql.prepare(
		"UPDATE quota_seen SET since = since + CASE unit WHEN 'requests' THEN ? WHEN 'tokens' THEN ? ELSE ? END " +
			"WHERE provider = ? AND model IN (?, '') AND last_call < ?",
	);
	const readBalance = sql.prepare("SELECT amount, currency, seen_at AS seenAt FROM quota_balance WHERE provider = ?");
	const writeBalance = sql.prepare("INSERT OR REPLACE INTO quota_balance VALUES (?, ?, ?, ?)");

	return {
		/** Of all models of the provider. */
		of: (provider: string): readonly Seen[] =>
			readSeen.all(provider).map((row) => ({
				model: String(row.model),
				unit: row.unit as LimitUnit,
				window: row.window as ObservedLimit["window"],
				source: row.source as Seen["source"],
				...(row.maximum !== null && { maximum: Number(row.maximum) }),
				...(row.remaining !== null && { remaining: Number(row.remaining) }),
				...(row.reset_at !== null && { resetAt: Number(row.reset_at) }),
				seenAt: Number(row.seen_at),
				since: Number(row.since),
			})),
		/** A figure from an older call than the stored one is left out: answers end in another order than they began. */
		see({ provider, model }: RouteName, figure: ObservedLimit, { source, seenAt, lastCall }: Sighting): void {
			const { unit, window, maximum, remaining, resetAt } = figure;
			const after = sumAfter.get(lastCall, provider, model, model) as unknown as Amounts;
			const whole = (amount: number | undefined) => (amount === undefined ? null : wholeUnits(unit, amount));
			const reset = resetAt === undefined ? null : Math.floor(resetAt);
			const facts = [whole(maximum), whole(remaining), reset, seenAt, lastCall, source, after[unit]] as const;
			writeSeen.run(provider, model, unit, window, ...facts);
		},
		/** Adds what a call uses to every figure that does not include it yet. */
		count({ provider, model }: RouteName, call: number, { requests, tokens, credits }: Amounts): void {
			addToSince.run(requests, tokens, credits, provider, model, call);
		},
		balanceOf: (provider: string): Balance | undefined => {
			const row = readBalance.get(provider);
			return row && ({ ...row } as unknown as Balance);
		},
		setBalance(provider: string, { amount, currency, seenAt }: Balance): void {
			writeBalance.run(provider, amount, currency, seenAt);
		},
	};
}

export type Figures = ReturnType<typeof createFigures>;
