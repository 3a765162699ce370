import type { Allowance } from "./allowance.ts";
import type { Ledger, RouteName } from "./ledger.ts";
import { windowMilliseconds } from "./window.ts";

const hourMilliseconds = 3_600_000;
/** Fewer calls say nothing about the next hours. */
const leastCalls = 5;

/**
 * When a limit of a day is reached if the calls of the last hour go on like this. Undefined when it lasts until its reset,
 * when a rolling window frees as much as is used, and when there were too few calls to tell.
 */
export function exhaustedAt(
	ledger: Ledger,
	name: RouteName,
	{ unit, window, from, left, maximum, resetAt }: Allowance,
	now: number,
): number | undefined {
	if (window !== "day" || maximum === undefined || !left) return undefined;
	const lastHour = ledger.callsSince(name, now - hourMilliseconds + 1);
	if (lastHour.requests < leastCalls || lastHour[unit] <= 0) return undefined;
	const pace = lastHour[unit] / hourMilliseconds;
	let at = now + left / pace;
	if (resetAt !== undefined) return at < resetAt ? at : undefined;

	for (const entry of ledger.entriesSince(name, from, window)) {
		const leavesAt = entry.at + windowMilliseconds.day;
		if (at <= leavesAt) return at;
		at += entry[unit] / pace;
	}
	return undefined;
}
