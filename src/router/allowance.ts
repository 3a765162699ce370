import type { Limit } from "../providers/provider.ts";
import { type Ledger, type Seen, type Sum, slotMilliseconds } from "./ledger.ts";
import type { Route, WindowReport } from "./route.ts";
import { type createWindows, windowMilliseconds } from "./window.ts";

/** What is left of one window of one route. */
export interface Allowance {
	readonly unit: Limit["unit"];
	readonly window: Limit["window"];
	/** Own calls from this moment on count. */
	readonly from: number;
	readonly used: number;
	/** Undefined: nobody knows the ceiling. */
	readonly maximum: number | undefined;
	/** Undefined: nobody knows; never below 0. */
	readonly left: number | undefined;
	readonly resetAt: number | undefined;
	readonly source: WindowReport["source"];
	readonly seenAt: number | undefined;
	/** When `amount` more will fit, judged at `now`; infinite for more than the window ever holds. */
	freeAt(amount: number): number;
}

const rollingDefault = { kind: "rolling", timeZone: "UTC" } as const;

/**
 * Judges every known window of a route at one moment. A figure of the provider counts until its reset, with the own calls
 * since on top; otherwise the own calls of the window count against the ceiling that the provider or the table names.
 */
export function createAllowances(ledger: Ledger, windowOf: ReturnType<typeof createWindows>) {
	return (route: Route, now: number): readonly Allowance[] => {
		const name = { provider: route.provider.name, model: route.model.id };
		const seen = ledger.seen(name);
		const sums = new Map<number, Sum>();
		/** What the own calls of a window used; the young are counted one by one. */
		const usedSince = (unit: Limit["unit"], from: number): number => {
			const sum =
				sums.get(from) ??
				(now - from <= slotMilliseconds ? ledger.callsSince(name, from) : ledger.slotsSince(name, from));
			sums.set(from, sum);
			return sum[unit];
		};
		const table = tableFor(route.model.limits, seen);
		const limits = [...table, ...seen.filter((figure) => !find(table, figure))];
		return limits.map((limit) => {
			const { unit, window } = limit;
			const known: Partial<Limit> = find(table, limit) ?? {};
			const figure = find(seen, limit);
			const length = windowMilliseconds[window];
			const { start, end } = windowOf({ ...rollingDefault, ...known, window }, now);
			const maximum = figure?.maximum ?? known.maximum;
			const seenUntil = figure && (figure.resetAt ?? figure.seenAt + length);

			if (figure?.remaining !== undefined && seenUntil !== undefined && now < seenUntil) {
				const since = ledger.callsSince(name, start, figure.lastCall)[unit];
				const left = Math.max(0, figure.remaining - since);
				return {
					unit,
					window,
					from: start,
					used: maximum === undefined ? usedSince(unit, start) : Math.max(0, maximum - left),
					maximum,
					left,
					resetAt: figure.resetAt,
					source: "header",
					seenAt: figure.seenAt,
					freeAt: (amount) => (maximum !== undefined && amount > maximum ? Number.POSITIVE_INFINITY : seenUntil),
				};
			}

			// A reset that the provider announced and that has passed emptied the window, whatever was counted before.
			const from = Math.max(start, figure?.resetAt !== undefined && figure.resetAt <= now ? figure.resetAt : start);
			const used = usedSince(unit, from);
			return {
				unit,
				window,
				from,
				used,
				maximum,
				left: maximum === undefined ? undefined : Math.max(0, maximum - used),
				resetAt: end,
				...sourceOf(figure, maximum),
				freeAt(amount) {
					if (maximum === undefined || used + amount <= maximum) return now;
					if (amount > maximum) return Number.POSITIVE_INFINITY;
					if (end !== undefined) return end;
					let stillUsed = used;
					for (const entry of ledger.entriesSince(name, from, window)) {
						stillUsed -= entry[unit];
						if (stillUsed + amount <= maximum) return entry.at + length;
					}
					return now + length;
				},
			};
		});
	};
}

/** When one request with its tokens fits every window; `at` when it does already. */
export function freeAt(allowances: readonly Allowance[], tokens: number, at: number): number {
	let nextAt = at;
	for (const allowance of allowances) {
		const amount = allowance.unit === "requests" ? 1 : tokens;
		if (allowance.left !== undefined && amount > allowance.left) nextAt = Math.max(nextAt, allowance.freeAt(amount));
	}
	return nextAt;
}

/** The most tokens that every window of the route could hold; infinite when none limits them. */
export function ceilingOfTokens(ledger: Ledger, { provider, model }: Route): number {
	const seen = ledger.seen({ provider: provider.name, model: model.id });
	const told = seen.flatMap(({ unit, maximum }) => (unit === "tokens" && maximum !== undefined ? [maximum] : []));
	const known = tableFor(model.limits, seen).flatMap((limit) =>
		limit.unit === "tokens" && !find(seen, limit)?.maximum ? [limit.maximum] : [],
	);
	return Math.min(Number.POSITIVE_INFINITY, ...told, ...known);
}

/**
 * The table's limits, as far as they can be those of this account: one that the provider calls larger belongs to another
 * plan, and then the table says nothing about the windows that no header tells of either.
 */
function tableFor(limits: readonly Limit[], seen: readonly Seen[]): readonly Limit[] {
	const isOtherPlan = limits.some((limit) => (find(seen, limit)?.maximum ?? 0) > limit.maximum);
	return isOtherPlan ? limits.filter((limit) => find(seen, limit)) : limits;
}

export type AllowancesOf = ReturnType<typeof createAllowances>;

function find<Figure extends Pick<Limit, "unit" | "window">>(
	figures: readonly Figure[],
	{ unit, window }: Pick<Limit, "unit" | "window">,
): Figure | undefined {
	return figures.find((figure) => figure.unit === unit && figure.window === window);
}

function sourceOf(seen: Seen | undefined, maximum: number | undefined): Pick<Allowance, "source" | "seenAt"> {
	if (seen?.maximum !== undefined) return { source: "header", seenAt: seen.seenAt };
	return { source: maximum === undefined ? "own-count" : "built-in", seenAt: undefined };
}
