import type { Clock } from "../clock.ts";
import type { AccountReading, Provider } from "../providers/provider.ts";
import type { Database } from "../stores/database.ts";
import { ceilingOfTokens, createAllowances } from "./allowance.ts";
import { type Budget, createBudget } from "./budget.ts";
import { createFigures } from "./figures.ts";
import { amountsOf, createLedger, type RouteName } from "./ledger.ts";
import { createPauses, type Pauses } from "./pauses.ts";
import { isBilled, priceOf } from "./plan.ts";
import { personalUse, reportOf } from "./quota-report.ts";
import { obstacleFor } from "./room.ts";
import type { Quota, Route } from "./route.ts";
import { createShares } from "./shares.ts";
import { createWindows, dayOf } from "./window.ts";

const minuteMilliseconds = 60_000;
const hourMilliseconds = 60 * minuteMilliseconds;
/** The longest day has 25 hours, the longest month 31 days and one of these hours. */
const keptDayMilliseconds = 26 * hourMilliseconds;
const keptMonthMilliseconds = 32 * 24 * hourMilliseconds;
/** No call lasts as long: one that is still open was left by a crash. */
const longestCallMilliseconds = 30 * minuteMilliseconds;
/** An account without credit is asked again by then: the pause only has to outlast that. */
const noCreditMilliseconds = 30 * minuteMilliseconds;

export interface QuotaParts {
	readonly database: Database;
	readonly clock: Clock;
	/** What `report` speaks of. */
	readonly providers: readonly Provider[];
	/** Over everything that is billed. Missing: unlimited. */
	readonly budget?: Budget;
}

const unlimited: Budget = { eurPerDay: undefined, eurPerMonth: undefined };

/**
 * The quota ledger over SQL. Every function throws when the store cannot be read or written: then nothing is called.
 * A reservation that a crash left open counts as used.
 */
export function createQuota({ database, clock, providers, budget: ceilings = unlimited }: QuotaParts): Quota {
	const windowOf = createWindows();
	const ledger = createLedger(database);
	const figures = createFigures(database);
	const pauses = createPauses(database);
	const shares = createShares(database);
	const budget = createBudget(database, windowOf, ceilings);
	const allowancesOf = createAllowances(ledger, figures, windowOf);
	/** Whole milliseconds: what the store keeps. */
	const now = (): number => Math.floor(clock.now());
	/** A power loss may take this back: then the reservation counts in full, which is rather too much than too little. */
	const settled = (work: () => void): void => database.relaxed(() => database.transaction(work));
	let prunedAt = Number.NEGATIVE_INFINITY;

	liftPausesOfConfiguration(pauses);

	function prune(at: number): void {
		if (clock.elapsed() - prunedAt <= hourMilliseconds) return;
		if (!ledger.prune(at - keptDayMilliseconds, at - keptMonthMilliseconds)) return;
		shares.prune(at);
		budget.prune(at);
		prunedAt = clock.elapsed();
	}

	return {
		reserve: (route, size, author) =>
			database.transaction(() => {
				const at = now();
				prune(at);
				shares.meet(author, at);
				const seen = figures.of(route.provider.name);
				const amounts = amountsOf(route.model, size);
				const isPaid = isBilled(route.provider, seen);
				const cost = isPaid ? priceOf(route, { ...size, inputTokens: size.mostInputTokens }) : 0;
				const request = { author, amounts, cost, share: shares.of(author, at).part, at };
				const obstacle = obstacleFor(request, allowancesOf(route, at, seen), ledger, budget);
				if (obstacle) return obstacle;
				const id = ledger.book({ ...nameOf(route), ...amounts, author, at, cost });
				figures.count(nameOf(route), id, amounts);
				budget.spend(author, at, cost);
				return { id, route };
			}),
		settle: ({ id, route }, usage, outcome) =>
			settled(() => {
				const call = ledger.openCall(id);
				if (!call) return;
				// Nothing was booked where nothing is billed.
				const costOf = () => (call.cost === 0 || !usage ? 0 : priceOf(route, usage, call.at));
				const used = usage && { ...amountsOf(route.model, usage), cost: costOf() };
				const change = ledger.end(id, call, used, outcome);
				figures.count(nameOf(route), id, change);
				budget.spend(call.author, call.at, change.cost);
			}),
		observe({ id, route }, seen) {
			if (seen.length === 0) return;
			settled(() => {
				const { provider, model } = nameOf(route);
				for (const figure of seen) {
					const name = { provider, model: figure.scope === "provider" ? "" : model };
					figures.see(name, figure, { source: "header", seenAt: now(), lastCall: id });
				}
			});
		},
		observeAccount: (provider, reading) => settled(() => observeAccount(provider, reading)),
		costOf: (route, usage, at) =>
			isBilled(route.provider, figures.of(route.provider.name)) ? priceOf(route, usage, at) / 1_000_000 : 0,
		pause: (route, until, reason, scope) =>
			pauses.pause(scope === "provider" ? { ...nameOf(route), model: "" } : nameOf(route), { until, reason }),
		resume: (route, reason) => pauses.resume(nameOf(route), reason),
		pauseOf: (route) => pauses.of(nameOf(route), now())[0],
		pausesOf: (route) => pauses.of(nameOf(route), now()),
		shareLeft(route) {
			const at = now();
			const seen = figures.of(route.provider.name);
			const parts = allowancesOf(route, at, seen).flatMap(({ left, maximum }) =>
				left === undefined || maximum === undefined ? [] : [maximum > 0 ? left / maximum : 0],
			);
			return Math.min(1, ...parts, isBilled(route.provider, seen) ? budget.partLeft(at) : 1);
		},
		largestCall: (route) => ceilingOfTokens(route, figures.of(route.provider.name)),
		report: () => reportOf(providers, { ledger, figures, pauses, budget, allowancesOf }, now()),
		usedToday: (author) =>
			personalUse(ledger.personSince(author, dayOf("Europe/Berlin", now()).start), shares.of(author, now())),
		useByPerson: () =>
			ledger.peopleSince(dayOf("Europe/Berlin", now()).start).map((use) => ({
				author: use.author,
				...personalUse(use, shares.of(use.author, now())),
			})),
		setShare: (author, share) => shares.set(author, share),
	};

	/** Calls that are under way may be missing in what the provider said, so they count on top. */
	function observeAccount({ name }: Provider, { limits, balance, hasCredit }: AccountReading): void {
		const seenAt = now();
		const lastCall = ledger.lastEndedCall({ provider: name }, seenAt - longestCallMilliseconds);
		for (const { modelId, ...figure } of limits) {
			figures.see({ provider: name, model: modelId ?? "" }, figure, { source: "balance", seenAt, lastCall });
		}
		if (balance) figures.setBalance(name, { ...balance, seenAt });
		const until = seenAt + noCreditMilliseconds;
		if (hasCredit) pauses.resumeAll("money", name);
		if (hasCredit === false) pauses.pause({ provider: name, model: "" }, { until, reason: "money" });
	}
}

/** What the operator mends between two starts is tried anew: a key, the credit, a model's name. */
function liftPausesOfConfiguration(pauses: Pauses): void {
	for (const reason of ["auth", "money", "no-allowance", "model-gone"] as const) pauses.resumeAll(reason);
}

function nameOf(route: Route): RouteName {
	return { provider: route.provider.name, model: route.model.id };
}
