import type { Span, Style } from "./document.ts";

/** A moment that a platform may show in the reader's own zone. */
export interface Moment {
	/** Since 1970. */
	readonly seconds: number;
	/** The text names a time of day only; otherwise a day as well. */
	readonly isClock: boolean;
}

const target = /^time:([1-9]\d{9})$/;
/** What no platform can show as a date: before 2001 and after 2037, where Telegram's numbers end. */
const latestSeconds = 2_145_916_800;
/** `14:05`, `morgen 01:00`, `25.11., 07:30`. Any other text says more than a platform's own mark would. */
const label = /^(?:[\p{L}\d.,/ ]{1,30} )?\d{1,2}:\d{2}$/u;

/** The look of a link to a moment; undefined where the text alone has to do. */
export function momentStyle(href: string, text: string): Style | undefined {
	const [, seconds] = target.exec(href) ?? [];
	if (seconds === undefined || Number(seconds) > latestSeconds || !label.test(text)) return undefined;
	return `time:${Number(seconds)}`;
}

/** The moment that a span names. */
export function momentOf({ text, styles }: Span): Moment | undefined {
	const style = styles.find((one) => one.startsWith("time:"));
	return style === undefined
		? undefined
		: { seconds: Number(style.slice("time:".length)), isClock: /^\d+:/.test(text) };
}
