import type { Allowance } from "./allowance.ts";
import type { BudgetBook } from "./budget.ts";
import type { Amounts, Ledger } from "./ledger.ts";
import type { NoRoom } from "./route.ts";
import { windowMilliseconds } from "./window.ts";

/** A call that wants to be booked. */
export interface Request {
	readonly author: string;
	readonly amounts: Amounts;
	/** Millionths of a euro; 0 where nothing is billed. */
	readonly cost: number;
	/** 0 to 1: the person's part of every window of a day or longer, and of the budget. */
	readonly share: number;
	readonly at: number;
}

/** What a question needs at the very least. */
export const leastAmounts: Amounts = { requests: 1, tokens: 1, credits: 1 };

/** What stands in a call's way the longest; undefined when nothing does. */
export function obstacleFor(
	request: Request,
	allowances: readonly Allowance[],
	ledger: Ledger,
	budget: BudgetBook,
): NoRoom | undefined {
	const { author, amounts, cost, share, at } = request;
	const money = budget.freeAt(cost, author, share, at);
	// Of those that last equally long, the one that holds for everybody says more.
	const obstacles: readonly NoRoom[] = [
		{ reason: "window", nextAt: freeAt(allowances, amounts, at) },
		{ reason: "budget", nextAt: money.budget },
		{ reason: "share", nextAt: Math.max(money.share, ...allowances.map((one) => ownFreeAt(one, request, ledger))) },
	];
	const longest = obstacles.reduce((first, next) => (next.nextAt > first.nextAt ? next : first));
	return longest.nextAt > at ? longest : undefined;
}

/** When a call fits every window; `at` when it does already. */
export function freeAt(allowances: readonly Allowance[], amounts: Amounts, at: number): number {
	let nextAt = at;
	for (const { unit, left, freeAt: windowFreeAt } of allowances) {
		if (left !== undefined && amounts[unit] > left) nextAt = Math.max(nextAt, windowFreeAt(amounts[unit]));
	}
	return nextAt;
}

/**
 * When a call fits the person's part of a window. Minutes are not shared out: they come back by themselves. Whoever has used
 * nothing of a window may make one call, or a small limit would lock everybody out.
 */
function ownFreeAt(allowance: Allowance, request: Request, ledger: Ledger): number {
	const { unit, window, maximum, name, from, used, resetAt } = allowance;
	const { author, amounts, share, at } = request;
	if (window === "minute" || maximum === undefined || share >= 1 || amounts[unit] === 0) return at;
	if (share === 0) return Number.POSITIVE_INFINITY;
	const own = ledger.useSince(name, from, author);
	const most = share * maximum - amounts[unit];
	// Nobody used more of a window than everybody did: the provider may have emptied it meanwhile.
	let [stillUsed, stillRequests] = [Math.min(own[unit], used), own.requests];
	if (stillRequests <= 0 || stillUsed <= most) return at;
	if (resetAt !== undefined) return resetAt;
	for (const entry of ledger.entriesSince(name, from, window, author)) {
		stillUsed -= entry[unit];
		stillRequests -= entry.requests;
		if (stillRequests <= 0 || stillUsed <= most) return entry.at + windowMilliseconds[window];
	}
	return at + windowMilliseconds[window];
}
