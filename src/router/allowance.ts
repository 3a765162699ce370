import type { Limit, LimitScope, LimitUnit, LimitWindow } from "../providers/provider.ts";
import type { Figures, Seen } from "./figures.ts";
import { type Amounts, type Ledger, type RouteName, slotMilliseconds, wholeUnits } from "./ledger.ts";
import { figureFor, limitsOf } from "./plan.ts";
import type { Route, WindowReport } from "./route.ts";
import { type WindowOf, windowMilliseconds } from "./window.ts";

/** What is left of one window of one route, in the ledger's whole units. */
export interface Allowance {
	readonly unit: LimitUnit;
	readonly window: LimitWindow;
	readonly scope: LimitScope;
	/** Whose calls it counts. */
	readonly name: RouteName;
	/** Own calls from this moment on count. */
	readonly from: number;
	readonly used: number;
	/** Undefined: nobody knows the ceiling. */
	readonly maximum: number | undefined;
	/** Undefined: nobody knows; never below 0. */
	readonly left: number | undefined;
	readonly resetAt: number | undefined;
	readonly isRolling: boolean;
	readonly source: WindowReport["source"];
	readonly seenAt: number | undefined;
	/** When `amount` more will fit, judged at `now`; infinite for more than the window ever holds. */
	freeAt(amount: number): number;
}

type Known = Pick<Allowance, "unit" | "window" | "scope"> & Partial<Limit>;

/**
 * Judges every known window of a route at one moment. A figure of the provider counts until its reset, with the own calls
 * since on top; otherwise the own calls of the window count against the ceiling that the provider or the table names.
 */
export function createAllowances(ledger: Ledger, figures: Figures, windowOf: WindowOf) {
	return ({ provider, model }: Route, now: number, seen = figures.of(provider.name)): readonly Allowance[] => {
		const uses = new Map<string, Amounts>();
		/** What the own calls of a window used; the young are counted one by one. */
		const usedSince = (name: RouteName, from: number): Amounts => {
			const key = `${name.model} ${from}`;
			const isYoung = now - from <= slotMilliseconds;
			const use = uses.get(key) ?? (isYoung ? ledger.callsSince(name, from) : ledger.useSince(name, from));
			uses.set(key, use);
			return use;
		};

		return knownWindows(limitsOf(model, seen), seen, model.id).map((known): Allowance => {
			const { unit, window, scope, kind = "rolling", timeZone = "UTC" } = known;
			const name = { provider: provider.name, model: scope === "provider" ? "" : model.id };
			const figure = figureFor(seen, known, model.id);
			const length = windowMilliseconds[window];
			const { start, end } = windowOf({ window, kind, timeZone }, now);
			const maximum = figure?.maximum ?? (known.maximum === undefined ? undefined : wholeUnits(unit, known.maximum));
			const facts = { unit, window, scope, name, maximum, isRolling: kind === "rolling" };
			const isNever = (amount: number): boolean => maximum !== undefined && amount > maximum;

			if (figure?.remaining !== undefined && now < validUntil(figure, length)) {
				const left = Math.max(0, figure.remaining - figure.since);
				return {
					...facts,
					from: start,
					used: maximum === undefined ? usedSince(name, start)[unit] : Math.max(0, maximum - left),
					left,
					resetAt: figure.resetAt,
					source: figure.source,
					seenAt: figure.seenAt,
					freeAt: (amount) => (isNever(amount) ? Number.POSITIVE_INFINITY : validUntil(figure, length)),
				};
			}

			// A reset that the provider announced and that has passed emptied the window, whatever was counted before.
			const from = Math.max(start, figure?.resetAt !== undefined && figure.resetAt <= now ? figure.resetAt : start);
			const used = usedSince(name, from)[unit];
			return {
				...facts,
				from,
				used,
				left: maximum === undefined ? undefined : Math.max(0, maximum - used),
				resetAt: end,
				...sourceOf(figure, model.areLimitsConfigured, maximum),
				freeAt(amount) {
					if (maximum === undefined || used + amount <= maximum) return now;
					if (isNever(amount)) return Number.POSITIVE_INFINITY;
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

export type AllowancesOf = ReturnType<typeof createAllowances>;

/** The most tokens that every window of the route could hold; infinite when none limits them. */
export function ceilingOfTokens({ model }: Pick<Route, "model">, seen: readonly Seen[]): number {
	const dearest = Math.max(model.credits?.input ?? 0, model.credits?.output ?? 0);
	const tokensPer: Partial<Record<LimitUnit, number>> = {
		tokens: 1,
		...(dearest > 0 && { credits: 1_000_000 / wholeUnits("credits", dearest) }),
	};
	const ceilings = knownWindows(limitsOf(model, seen), seen, model.id).flatMap((known) => {
		const maximum = figureFor(seen, known, model.id)?.maximum ?? wholeUnits(known.unit, known.maximum ?? Number.NaN);
		const tokens = tokensPer[known.unit];
		// Of a window that holds nothing no shorter text takes any: the booking says so.
		return tokens === undefined || !(maximum > 0) ? [] : [Math.floor(maximum * tokens)];
	});
	return Math.min(Number.POSITIVE_INFINITY, ...ceilings);
}

/** Those of the table, and those that only the provider told of. */
function knownWindows(limits: readonly Limit[], seen: readonly Seen[], modelId: string): readonly Known[] {
	const table = limits.map((limit): Known => ({ ...limit, scope: limit.scope ?? "model" }));
	const told = seen
		.filter(({ model }) => model === "" || model === modelId)
		.map(({ unit, window, model }): Known => ({ unit, window, scope: model === "" ? "provider" : "model" }));
	const isInTable = (one: Known): boolean =>
		table.some(({ unit, window, scope }) => unit === one.unit && window === one.window && scope === one.scope);
	return [...table, ...told.filter((one) => !isInTable(one))];
}

function validUntil(figure: Seen, length: number): number {
	return figure.resetAt ?? figure.seenAt + length;
}

function sourceOf(
	seen: Seen | undefined,
	isConfigured: true | undefined,
	maximum: number | undefined,
): Pick<Allowance, "source" | "seenAt"> {
	if (seen?.maximum !== undefined) return { source: seen.source, seenAt: seen.seenAt };
	const ownSource = isConfigured ? "configuration" : "built-in";
	return { source: maximum === undefined ? "own-count" : ownSource, seenAt: undefined };
}
