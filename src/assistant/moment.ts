import { formatDate, formatMoment, formatTime, type Voice } from "../locale.ts";

const minuteMilliseconds = 60_000;

/** Rounded up: what is promised for 14:05 has happened by then. */
function fullMinute(at: number): number {
	return Math.ceil(at / minuteMilliseconds) * minuteMilliseconds;
}

/** Whether the full minute after `at` is on the same day as `now`; times in milliseconds since 1970. */
export function isToday(voice: Voice, at: number, now: number): boolean {
	return formatDate(voice, fullMinute(at)) === formatDate(voice, now);
}

/** `14:05` when it is today, otherwise `morgen 01:00` or a date; rounded up to the full minute. */
export function shortMoment(voice: Voice, at: number, now: number): string {
	return isToday(voice, at, now) ? formatTime(voice, fullMinute(at)) : formatMoment(voice, fullMinute(at), now);
}

/** The same as a mark that platforms show in the reader's own zone. */
export function markedMoment(voice: Voice, at: number, now: number): string {
	return `[${shortMoment(voice, at, now)}](time:${fullMinute(at) / 1_000})`;
}
