import type { Limit } from "../providers/provider.ts";

/** A window of a limit at one moment, in milliseconds since 1970. */
export interface Window {
	/** Calls from it on count. */
	readonly start: number;
	/** When a calendar window starts anew; undefined for one that moves with the clock. */
	readonly end: number | undefined;
}

const minuteMilliseconds = 60_000;
export const windowMilliseconds: Readonly<Record<Limit["window"], number>> = {
	minute: minuteMilliseconds,
	day: 1_440 * minuteMilliseconds,
};

/** Finds the window of a limit, remembering the day of each zone, because asking for a zone's calendar is slow. */
export function createWindows(): (limit: Pick<Limit, "window" | "kind" | "timeZone">, at: number) => Window {
	const days = new Map<string, { start: number; end: number }>();
	return ({ window, kind, timeZone }, at) => {
		if (kind === "rolling") return { start: at - windowMilliseconds[window] + 1, end: undefined };
		if (window === "minute")
			return { start: at - (at % minuteMilliseconds), end: at - (at % minuteMilliseconds) + minuteMilliseconds };
		const known = days.get(timeZone);
		if (known && known.start <= at && at < known.end) return known;
		const day = dayOf(timeZone, at);
		days.set(timeZone, day);
		return day;
	};
}

/**
 * The local day that contains `at`: from its first instant to that of the next day, in milliseconds since 1970.
 * It has 23 or 25 hours when the clocks change. Throws RangeError for an unknown zone.
 */
export function dayOf(timeZone: string, at: number): { readonly start: number; readonly end: number } {
	const calendar = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
	const today = calendar.format(at);
	const isToday = (minutes: number): boolean => calendar.format(minutes * minuteMilliseconds) === today;
	const current = Math.floor(at / minuteMilliseconds);
	const longestDay = 26 * 60;
	return {
		start: firstWhere(current - longestDay, current, isToday) * minuteMilliseconds,
		end: firstWhere(current, current + longestDay, (minutes) => !isToday(minutes)) * minuteMilliseconds,
	};
}

/** The first whole number in (`low`, `high`] for which `holds`, which stays true from there to `high`. */
function firstWhere(low: number, high: number, holds: (value: number) => boolean): number {
	let before = low;
	let found = high;
	while (found - before > 1) {
		const middle = Math.floor((before + found) / 2);
		if (holds(middle)) found = middle;
		else before = middle;
	}
	return found;
}
