import type { LimitScope, LimitUnit, LimitWindow, ObservedLimit } from "./provider.ts";

/** Names of the headers in which a provider tells about one window. */
export interface LimitHeaders {
	readonly unit: LimitUnit;
	readonly window: LimitWindow;
	readonly scope?: LimitScope;
	readonly maximum: string;
	readonly remaining: string;
	/** A duration (`2m59.56s`, `7.66s`, `120ms`), seconds or a moment; undefined when the provider sends none. */
	readonly reset?: string;
}

/** Text of a refusal that tells which window is full. */
export interface LimitText {
	readonly unit: LimitUnit;
	readonly window: LimitWindow;
	readonly scope?: LimitScope;
	/** With the named groups `maximum` and `used` where the text has them; without `used` nothing is left. */
	readonly pattern: RegExp;
}

/** What the text of a refusal tells about the provider's windows. */
export function readLimitTexts(table: readonly LimitText[], text: string): readonly ObservedLimit[] {
	return table.flatMap(({ pattern, ...window }) => {
		const found = pattern.exec(text);
		if (!found) return [];
		const { maximum, used } = found.groups ?? {};
		if (maximum === undefined) return { ...window, remaining: 0 };
		const remaining = used === undefined ? 0 : Math.max(0, Number(maximum) - Number(used));
		return { ...window, maximum: Number(maximum), remaining };
	});
}

/** What the headers of an answer tell about the provider's windows; `now` in milliseconds since 1970. */
export function readLimitHeaders(
	table: readonly LimitHeaders[],
	headers: Headers,
	now: number,
): readonly ObservedLimit[] {
	return table.flatMap(({ unit, window, scope, ...names }) => {
		const maximum = readCount(headers.get(names.maximum));
		const remaining = readCount(headers.get(names.remaining));
		const seconds = names.reset === undefined ? undefined : readReset(headers.get(names.reset), window, now);
		if (maximum === undefined && remaining === undefined) return [];
		return {
			unit,
			window,
			...(scope === undefined ? {} : { scope }),
			...(maximum === undefined ? {} : { maximum }),
			...(remaining === undefined ? {} : { remaining: Math.min(remaining, maximum ?? remaining) }),
			...(seconds === undefined ? {} : { resetAt: now + seconds * 1_000 }),
		};
	});
}

function readCount(text: string | null): number | undefined {
	if (text === null || !/^\d{1,15}(\.\d+)?$/.test(text.trim())) return undefined;
	return Math.floor(Number(text));
}

const secondsOfWindow: Readonly<Record<LimitWindow, number>> = { minute: 60, day: 86_400, month: 31 * 86_400 };

/** Seconds until the window is full again: a duration or a moment. Later than its own length it cannot be. */
function readReset(text: string | null, window: LimitWindow, now: number): number | undefined {
	const seconds = readMoment(text ?? undefined, now) ?? readSeconds(text);
	return seconds !== undefined && seconds <= secondsOfWindow[window] ? seconds : undefined;
}

const secondsOfUnit: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 };

/** `1h2m3.5s`, `120ms` or plain seconds; undefined for everything else. */
export function readSeconds(text: string | null): number | undefined {
	const value = text?.trim() ?? "";
	if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
	if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(value)) return undefined;
	let seconds = 0;
	for (const [, amount, unit] of value.matchAll(/([\d.]+)(ms|[dhms])/g)) {
		seconds += Number(amount) * (secondsOfUnit[unit ?? ""] ?? 0);
	}
	return seconds;
}

/** A provider that asks for a longer wait than this is not believed. */
const longestWaitSeconds = 31 * 86_400;

/**
 * How long the provider asks to wait: `Retry-After` as seconds or date, else "try again in 7m12s" of the text, else the
 * moment in `x-ratelimit-reset`, which OpenRouter repeats in the text.
 */
export function readRetryAfter(headers: Headers, text: string, now: number): number | undefined {
	const header = headers.get("retry-after");
	const milliseconds = readSeconds(headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms"));
	const seconds =
		(milliseconds === undefined ? undefined : milliseconds / 1_000) ??
		readSeconds(header) ??
		readDate(header, now) ??
		readSeconds(
			/(?:again|retry) (?:in|after) ([\d.]+(?:ms|[dhms])(?:[\d.]+(?:ms|[dhms]))*)/i.exec(text)?.[1] ?? null,
		) ??
		readWords(text) ??
		readSeconds(/"?retry[_-]?after"?\s*[:=]\s*"?([\d.]+)/i.exec(text)?.[1] ?? null) ??
		readMoment(headers.get("x-ratelimit-reset") ?? /"x-ratelimit-reset"\s*:\s*"?(\d+)/i.exec(text)?.[1], now);
	return seconds !== undefined && seconds <= longestWaitSeconds ? seconds : undefined;
}

/** "Please try again in 20 seconds." */
function readWords(text: string): number | undefined {
	const [, amount, unit = ""] = /(?:again|retry) (?:in|after) ([\d.]+) (second|minute|hour)/i.exec(text) ?? [];
	return readSeconds(amount === undefined ? null : `${amount}${unit.charAt(0).toLowerCase()}`);
}

function readDate(header: string | null, now: number): number | undefined {
	if (header === null || !/[a-z]{3}.*\d:\d/i.test(header)) return undefined;
	const at = Date.parse(header);
	return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1_000);
}

/** Seconds until a moment in seconds or milliseconds since 1970; undefined for every other number. */
function readMoment(text: string | undefined, now: number): number | undefined {
	if (text === undefined || !/^(\d{10}|\d{13})$/.test(text)) return undefined;
	const at = text.length === 13 ? Number(text) : Number(text) * 1_000;
	return Math.max(0, (at - now) / 1_000);
}
