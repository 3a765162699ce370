import type { Allowance } from "./allowance.ts";
import type { Ledger } from "./ledger.ts";
import { windowMilliseconds } from "./window.ts";

const hourMilliseconds = 3_600_000;
/** Fewer calls say nothing about the time to come. */
const leastCalls = 5;

/**
 * When a limit is reached if it goes on like in the last hour, for a month like in the last day. Undefined when it lasts
 * until its reset, when a rolling window frees as much as is used, and when there were too few calls to tell.
 */
export function exhaustedAt(
	ledger: Ledger,
	{ unit, window, name, from, left, maximum, resetAt }: Allowance,
	now: number,
): number | undefined {
	if (window === "minute" || maximum === undefined || !left) return undefined;
	const length = window === "day" ? hourMilliseconds : windowMilliseconds.day;
	const lately = window === "day" ? ledger.callsSince(name, now - length + 1) : ledger.useSince(name, now - length + 1);
	if (lately.requests < leastCalls || lately[unit] <= 0) return undefined;
	const pace = lately[unit] / length;
	let at = now + left / pace;
	if (resetAt !== undefined) return at < resetAt ? at : undefined;

	for (const entry of ledger.entriesSince(name, from, window)) {
		const leavesAt = entry.at + windowMilliseconds[window];
		if (at <= leavesAt) return at;
		at += entry[unit] / pace;
	}
	return undefined;
}
