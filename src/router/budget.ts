import type { Database } from "../stores/database.ts";
import { everybody } from "./ledger.ts";
import type { BudgetReport } from "./route.ts";
import type { WindowOf } from "./window.ts";

/** The operator's ceilings in EUR; undefined: unlimited. */
export interface Budget {
	readonly eurPerDay: number | undefined;
	readonly eurPerMonth: number | undefined;
}

const millionths = 1_000_000;
const keptMilliseconds = 63 * 86_400_000;

/** A ceiling at one moment, in millionths of a euro. */
interface Ceiling {
	readonly window: BudgetReport["window"];
	readonly maximum: number | undefined;
	readonly start: number;
	readonly end: number;
}

/** What everything that is billed cost, by day and person, against the operator's ceilings. Days and months of Berlin. */
export function createBudget({ sql }: Database, windowOf: WindowOf, { eurPerDay, eurPerMonth }: Budget) {
	const add = sql.prepare(
		"INSERT INTO quota_spending VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET cost = cost + excluded.cost",
	);
	const sum = sql.prepare(
		"SELECT coalesce(sum(cost), 0) AS cost FROM quota_spending WHERE author = ? AND day >= ? AND day < ?",
	);
	const forget = sql.prepare("DELETE FROM quota_spending WHERE day < ?");

	const calendar = (window: BudgetReport["window"], at: number): { start: number; end: number } => {
		const { start, end = start } = windowOf({ window, kind: "calendar", timeZone: "Europe/Berlin" }, at);
		return { start, end };
	};
	const ceilings = (at: number): readonly Ceiling[] => {
		const most = (eur: number | undefined) => (eur === undefined ? undefined : Math.floor(eur * millionths));
		return [
			{ window: "day", maximum: most(eurPerDay), ...calendar("day", at) },
			{ window: "month", maximum: most(eurPerMonth), ...calendar("month", at) },
		];
	};
	const spent = ({ start, end }: Ceiling, author = everybody): number => Number(sum.get(author, start, end)?.cost);

	return {
		/** Books or corrects what a person's call of that moment costs. */
		spend(author: string, at: number, cost: number): void {
			if (cost === 0) return;
			const { start } = calendar("day", at);
			add.run(author, start, cost);
			add.run(everybody, start, cost);
		},
		/** When a call of this cost fits the ceilings, and when it fits this person's part of them; `at` when it does already. */
		freeAt(
			cost: number,
			author: string,
			part: number,
			at: number,
		): { readonly budget: number; readonly share: number } {
			let [budget, share] = [at, at];
			if (cost === 0) return { budget, share };
			for (const ceiling of ceilings(at)) {
				const { maximum, end } = ceiling;
				if (maximum === undefined) continue;
				const isFull = spent(ceiling) + cost > maximum;
				if (isFull) budget = Math.max(budget, cost > maximum ? Number.POSITIVE_INFINITY : end);
				const own = part < 1 ? spent(ceiling, author) : 0;
				if (part < 1 && (own > 0 || part === 0) && own + cost > part * maximum)
					share = Math.max(share, part === 0 ? Number.POSITIVE_INFINITY : end);
			}
			return { budget, share };
		},
		/** 0 to 1 of the tighter ceiling; 1 without any. */
		partLeft: (at: number): number =>
			Math.min(
				...ceilings(at).map((ceiling) => {
					if (ceiling.maximum === undefined) return 1;
					return ceiling.maximum > 0 ? Math.max(0, 1 - spent(ceiling) / ceiling.maximum) : 0;
				}),
			),
		report: (at: number): readonly BudgetReport[] =>
			ceilings(at).map((ceiling) => ({
				window: ceiling.window,
				used: spent(ceiling) / millionths,
				limit: ceiling.window === "day" ? eurPerDay : eurPerMonth,
				resetAt: ceiling.end,
			})),
		/** Keeps two months. */
		prune(at: number): void {
			forget.run(at - keptMilliseconds);
		},
	};
}

export type BudgetBook = ReturnType<typeof createBudget>;
