import type { Clock } from "../clock.ts";
import type { Provider } from "../providers/provider.ts";
import type { Database } from "../stores/database.ts";
import { ceilingOfTokens, createAllowances, freeAt } from "./allowance.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { reportOf } from "./quota-report.ts";
import type { Quota, Route } from "./route.ts";
import { createWindows, dayOf } from "./window.ts";

const hourMilliseconds = 3_600_000;
/** The longest window is a day of 25 hours. */
const keptMilliseconds = 26 * hourMilliseconds;

export interface QuotaParts {
	readonly database: Database;
	readonly clock: Clock;
	/** What `report` speaks of. */
	readonly providers: readonly Provider[];
}

/**
 * The quota ledger over SQL. Every function throws when the store cannot be read or written: then nothing is called.
 * A reservation that a crash left open counts as used.
 */
export function createQuota({ database, clock, providers }: QuotaParts): Quota {
	const ledger = createLedger(database);
	const allowancesOf = createAllowances(ledger, createWindows());
	/** Whole milliseconds: what the store keeps. */
	const now = (): number => Math.floor(clock.now());
	let prunedAt = Number.NEGATIVE_INFINITY;
	/** A power loss may take this back: then the reservation counts in full, which is rather too much than too little. */
	const settled = (work: () => void): void => database.relaxed(() => database.transaction(work));

	liftPausesOfConfiguration(ledger);

	return {
		reserve: (route, tokens, author) =>
			database.transaction(() => {
				const at = now();
				const nextAt = freeAt(allowancesOf(route, at), Math.ceil(tokens), at);
				if (nextAt > at) return { nextAt };
				const id = ledger.book(nameOf(route), Math.ceil(tokens), author, at);
				if (at - prunedAt > hourMilliseconds) {
					ledger.prune(at - keptMilliseconds);
					prunedAt = at;
				}
				return { id, route };
			}),
		settle: ({ id }, usage, outcome) =>
			settled(() => ledger.end(id, usage && Math.ceil(usage.inputTokens + usage.outputTokens), outcome)),
		observe(route, seen, reservation) {
			if (seen.length === 0) return;
			settled(() => {
				const lastCall = reservation?.id ?? ledger.lastCall();
				for (const figure of seen) ledger.see(nameOf(route), { ...figure, seenAt: now(), lastCall });
			});
		},
		pause: (route, until, reason, scope) =>
			ledger.pause({ ...nameOf(route), ...(scope === "provider" && { model: "" }) }, { until, reason }),
		resume: (route, reason) => ledger.resume(reason, nameOf(route)),
		pauseOf: (route) => ledger.pauseOf(nameOf(route), now()),
		shareLeft: (route) =>
			Math.min(
				1,
				...allowancesOf(route, now()).flatMap(({ left, maximum }) =>
					left === undefined || !maximum ? [] : [left / maximum],
				),
			),
		largestCall: (route) => ceilingOfTokens(ledger, route),
		report: () => reportOf(providers, ledger, allowancesOf, now()),
		usedToday: (author) => ledger.authorSince(author, dayOf("Europe/Berlin", now()).start),
	};
}

/** What the operator mends between two starts is tried anew: a key, the credit, a model's name. */
function liftPausesOfConfiguration(ledger: Ledger): void {
	for (const reason of ["auth", "money", "no-allowance", "model-gone"] as const) ledger.resume(reason);
}

function nameOf(route: Route): { readonly provider: string; readonly model: string } {
	return { provider: route.provider.name, model: route.model.id };
}
