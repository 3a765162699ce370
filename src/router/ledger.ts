import type { LimitUnit, LimitWindow, Model, Usage } from "../providers/provider.ts";
import type { Database } from "../stores/database.ts";

/** Whose calls of what: an empty model stands for all models of the provider. */
export interface RouteName {
	readonly provider: string;
	readonly model: string;
}

/** Whole numbers, so that sums stay exact: credits are counted in thousandths. */
export type Amounts = Readonly<Record<LimitUnit, number>>;

/** What calls used, with their cost in millionths of a euro. */
export interface Use extends Amounts {
	readonly cost: number;
	readonly answers: number;
	readonly failures: number;
}

export interface Call extends RouteName, Amounts {
	readonly author: string;
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly cost: number;
}

/** Used up and gone again at a moment. */
interface Entry extends Amounts {
	/** Nothing of it is younger. */
	readonly at: number;
}

/** In place of an author: everybody together. */
export const everybody = "";

/** Divides every zone's day: midnights fall on quarters of an hour. */
export const slotMilliseconds = 300_000;
const hourMilliseconds = 3_600_000;

/** Rows of a table that one booking takes out, in about a millisecond; it never adds as many. */
const prunedAtOnce = 20;

const creditScale = 1_000;
export const wholeUnits = (unit: LimitUnit, amount: number): number =>
	Math.floor(unit === "credits" ? amount * creditScale : amount);
export const naturalUnits = (unit: LimitUnit, amount: number): number =>
	unit === "credits" ? amount / creditScale : amount;

/** What one call of a model uses up; parts of a credit are rounded up to a thousandth. */
export function amountsOf({ credits }: Model, { inputTokens, outputTokens }: Omit<Usage, "isEstimated">): Amounts {
	const millionths = credits ? inputTokens * credits.input + outputTokens * credits.output : 0;
	return {
		requests: 1,
		tokens: Math.ceil(inputTokens + outputTokens),
		credits: Math.ceil((millionths * creditScale) / 1_000_000),
	};
}

/**
 * The calls behind the quota. A call is one row; sums are kept beside, for every five minutes and every hour, for each
 * person and for everybody, for each model and for all of a provider: so a month costs less than 800 rows. The five minutes
 * in which a window starts count in full: rather too much than too little.
 * No statement opens a transaction: the caller does where two belong together.
 */
export function createLedger({ sql }: Database) {
	const insertCall = sql.prepare(
		"INSERT INTO quota_call (provider, model, author, at, tokens, credits, cost, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'open')",
	);
	const addToSums = sql.prepare(
		`WITH who (author) AS (VALUES ('${everybody}'), ($author)), which (model) AS (VALUES (''), ($model)), ` +
			`spans (span) AS (VALUES (${slotMilliseconds}), (${hourMilliseconds})) ` +
			"INSERT INTO quota_sum SELECT author, $provider, model, span, $at - $at % span, " +
			"$requests, $tokens, $credits, $cost, $answers, $failures FROM who, which, spans WHERE true " +
			"ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens, " +
			"credits = credits + excluded.credits, cost = cost + excluded.cost, " +
			"answers = answers + excluded.answers, failures = failures + excluded.failures",
	);
	const readOpenCall = sql.prepare(
		"SELECT provider, model, author, at, 1 AS requests, tokens, credits, cost FROM quota_call WHERE id = ? AND state = 'open'",
	);
	const endCall = sql.prepare("UPDATE quota_call SET tokens = ?, credits = ?, cost = ?, state = ? WHERE id = ?");
	const deleteCall = sql.prepare("DELETE FROM quota_call WHERE id = ?");
	const sumCalls = sql.prepare(
		"SELECT count(*) AS requests, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(credits), 0) AS credits " +
			"FROM quota_call WHERE provider = ? AND at >= ? AND (model = ? OR ? = '')",
	);
	const listCalls = sql.prepare(
		"SELECT at, 1 AS requests, tokens, credits " +
			"FROM quota_call WHERE provider = ? AND at >= ? AND (model = ? OR ? = '') ORDER BY at",
	);
	const sumColumns = ["requests", "tokens", "credits", "cost", "answers", "failures"] as const;
	const sumSums = sql.prepare(
		`SELECT ${sumColumns.map((column) => `coalesce(sum(${column}), 0) AS ${column}`).join(", ")} FROM quota_sum ` +
			"WHERE author = ? AND provider = ? AND model = ? AND span = ? AND start >= ? AND start < ?",
	);
	const listSums = sql.prepare(
		"SELECT start + span AS at, requests, tokens, credits FROM quota_sum " +
			"WHERE author = ? AND provider = ? AND model = ? AND span = ? AND start >= ? ORDER BY start",
	);
	const firstOpenCall = sql.prepare(
		"SELECT min(id) AS id FROM quota_call WHERE provider = ? AND at >= ? AND state = 'open'",
	);
	const readLastCall = sql.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'quota_call'");
	const personColumns =
		"count(*) FILTER (WHERE state = 'answer') AS answers, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(cost), 0) AS cost";
	const sumPerson = sql.prepare(`SELECT ${personColumns} FROM quota_call WHERE author = ? AND at >= ?`);
	const sumPeople = sql.prepare(
		`SELECT author, ${personColumns} FROM quota_call WHERE at >= ? GROUP BY author ORDER BY answers DESC, tokens DESC, author`,
	);
	const pruneCalls = sql.prepare(
		`DELETE FROM quota_call WHERE id IN (SELECT id FROM quota_call WHERE at < ? LIMIT ${prunedAtOnce})`,
	);
	const pruneSums = sql.prepare(
		"DELETE FROM quota_sum WHERE (author, provider, model, span, start) IN (SELECT author, provider, model, span, start " +
			`FROM quota_sum WHERE (author <> '${everybody}' AND span = ${slotMilliseconds}) = ? AND start < ? ` +
			`LIMIT ${prunedAtOnce})`,
	);

	const sum = ({ provider, model }: RouteName, author: string, span: number, from: number, to: number): Use =>
		sumSums.get(author, provider, model, span, from, to) as unknown as Use;

	return {
		book({ provider, model, author, at, requests, tokens, credits, cost }: Call): number {
			const counts = { requests, tokens, credits, cost, answers: 0, failures: 0 };
			addToSums.run({ provider, model, author, at, ...counts });
			return Number(insertCall.run(provider, model, author, at, tokens, credits, cost).lastInsertRowid);
		},
		/** Undefined once it has ended. */
		openCall: (id: number): Call | undefined => readOpenCall.get(id) as Call | undefined,
		/** Ends an open call with what it used; `null` takes it out again. Returns what that changed. */
		end(id: number, call: Call, used: (Amounts & { cost: number }) | null, state: "answer" | "failure"): Use {
			const { provider, model, author, at } = call;
			const change = {
				requests: used === null ? -1 : 0,
				tokens: (used?.tokens ?? 0) - call.tokens,
				credits: (used?.credits ?? 0) - call.credits,
				cost: (used?.cost ?? 0) - call.cost,
				answers: state === "answer" ? 1 : 0,
				failures: state === "failure" ? 1 : 0,
			};
			addToSums.run({ provider, model, author, at, ...change });
			if (used === null) deleteCall.run(id);
			else endCall.run(used.tokens, used.credits, used.cost, state, id);
			return change;
		},
		/** Calls from a moment on, at most a day ago. Exact, but one row a call: for short windows. */
		callsSince: ({ provider, model }: RouteName, at: number): Amounts =>
			sumCalls.get(provider, at, model, model) as unknown as Amounts,
		/** Full hours from their sums, the hour before them from its five minutes. */
		useSince(name: RouteName, from: number, author = everybody): Use {
			const nextHour = Math.ceil(from / hourMilliseconds) * hourMilliseconds;
			const hours = sum(name, author, hourMilliseconds, nextHour, Number.MAX_SAFE_INTEGER);
			if (nextHour === from) return hours;
			const rest = sum(name, author, slotMilliseconds, from - (from % slotMilliseconds), nextHour);
			return Object.fromEntries(sumColumns.map((column) => [column, hours[column] + rest[column]])) as unknown as Use;
		},
		/** What leaves a rolling window one after another, oldest first; months leave it hour by hour. */
		entriesSince({ provider, model }: RouteName, from: number, window: LimitWindow, author = everybody) {
			const span = window === "month" ? hourMilliseconds : slotMilliseconds;
			return (window === "minute"
				? listCalls.all(provider, from, model, model)
				: listSums.all(author, provider, model, span, from - (from % span))) as unknown as readonly Entry[];
		},
		/** The youngest call that has surely ended, with all before it; one that a crash left open is passed over after `from`. */
		lastEndedCall({ provider }: Pick<RouteName, "provider">, from: number): number {
			const open = firstOpenCall.get(provider, from)?.id;
			return typeof open === "number" ? open - 1 : Number(readLastCall.get()?.seq ?? 0);
		},
		personSince: (author: string, at: number) => sumPerson.get(author, at) as unknown as PersonSum,
		peopleSince: (at: number) => sumPeople.all(at) as unknown as readonly (PersonSum & { readonly author: string })[],
		/**
		 * Keeps calls and people's five minutes for a day, and everybody's sums, which tell exactly when a month began.
		 * Nobody waits for many rows at once: false when more are left.
		 */
		prune(dayBefore: number, monthBefore: number): boolean {
			const changes = [pruneCalls.run(dayBefore), pruneSums.run(1, dayBefore), pruneSums.run(0, monthBefore)];
			return changes.every((one) => one.changes < prunedAtOnce);
		},
	};
}

type PersonSum = Pick<Use, "answers" | "tokens" | "cost">;
export type Ledger = ReturnType<typeof createLedger>;
