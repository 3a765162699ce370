import type { Limit, LimitWindow } from "../providers/provider.ts";

/** A window of a limit at one moment, in milliseconds since 1970. */
interface Window {
	/** Calls from it on count. */
	readonly start: number;
	/** When a calendar window starts anew; undefined for one that moves with the clock. */
	readonly end: number | undefined;
}

/** A day or a month of a calendar: from its first instant to that of the next one. */
interface Period {
	readonly start: number;
	readonly end: number;
}

const minuteMilliseconds = 60_000;
const dayMinutes = 1_440;
/** Lengths of windows that move with the clock; a month is taken as its longest. */
export const windowMilliseconds: Readonly<Record<LimitWindow, number>> = {
	minute: minuteMilliseconds,
	day: dayMinutes * minuteMilliseconds,
	month: 31 * dayMinutes * minuteMilliseconds,
};

export type WindowOf = (limit: Pick<Limit, "window" | "kind" | "timeZone">, at: number) => Window;

/** Finds the window of a limit, remembering the period of each zone, because asking for a zone's calendar is slow. */
export function createWindows(): WindowOf {
	const periods = new Map<string, Period>();
	return ({ window, kind, timeZone }, at) => {
		if (kind === "rolling") return { start: at - windowMilliseconds[window] + 1, end: undefined };
		if (window === "minute")
			return { start: at - (at % minuteMilliseconds), end: at - (at % minuteMilliseconds) + minuteMilliseconds };
		const key = `${window} ${timeZone}`;
		const known = periods.get(key);
		if (known && known.start <= at && at < known.end) return known;
		const period = window === "day" ? dayOf(timeZone, at) : monthOf(timeZone, at);
		periods.set(key, period);
		return period;
	};
}

/**
 * The local day that contains `at`: from its first instant to that of the next day, in milliseconds since 1970.
 * It has 23 or 25 hours when the clocks change. Throws RangeError for an unknown zone.
 */
export function dayOf(timeZone: string, at: number): Period {
	return periodOf({ timeZone, year: "numeric", month: "2-digit", day: "2-digit" }, 26 * 60, at);
}

/** The local month that contains `at`, like `dayOf`. */
export function monthOf(timeZone: string, at: number): Period {
	return periodOf({ timeZone, year: "numeric", month: "2-digit" }, 32 * dayMinutes, at);
}

/** All the time around `at` that reads the same in this calendar. */
function periodOf(calendar: Intl.DateTimeFormatOptions, longestMinutes: number, at: number): Period {
	const { format } = new Intl.DateTimeFormat("en-CA", calendar);
	const now = format(at);
	const isNow = (minutes: number): boolean => format(minutes * minuteMilliseconds) === now;
	const current = Math.floor(at / minuteMilliseconds);
	return {
		start: firstWhere(current - longestMinutes, current, isNow) * minuteMilliseconds,
		end: firstWhere(current, current + longestMinutes, (minutes) => !isNow(minutes)) * minuteMilliseconds,
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
