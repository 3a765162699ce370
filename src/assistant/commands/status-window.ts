import { formatDuration, formatNumber, say, type TextKey, type Voice } from "../../locale.ts";
import type { LimitUnit, LimitWindow } from "../../providers/provider.ts";
import type { WindowReport } from "../../router/route.ts";
import { markedMoment } from "../moment.ts";

const names: Readonly<Record<LimitUnit, Readonly<Record<LimitWindow, TextKey>>>> = {
	requests: { minute: "status.requestsPerMinute", day: "status.requestsPerDay", month: "status.requestsPerMonth" },
	tokens: { minute: "status.tokensPerMinute", day: "status.tokensPerDay", month: "status.tokensPerMonth" },
	credits: { minute: "status.creditsPerMinute", day: "status.creditsPerDay", month: "status.creditsPerMonth" },
};

const sources: Readonly<Record<WindowReport["source"], TextKey>> = {
	header: "status.sourceHeader",
	balance: "status.sourceBalance",
	"own-count": "status.sourceOwnCount",
	configuration: "status.sourceConfiguration",
	"built-in": "status.sourceBuiltIn",
};

const spans: readonly LimitWindow[] = ["month", "day", "minute"];

/**
 * The window that ends first stands first: what is used up, then what will be at the present pace, then by share used up,
 * known before unknown, long before short, used before unused.
 */
export function byUrgency(windows: readonly WindowReport[]): readonly WindowReport[] {
	const share = ({ used, limit }: WindowReport): number => (limit === undefined ? -1 : used / Math.max(limit, 1));
	const end = (window: WindowReport): number =>
		share(window) >= 1 ? 0 : (window.exhaustedAt ?? Number.MAX_SAFE_INTEGER);
	return windows.toSorted(
		(first, second) =>
			end(first) - end(second) ||
			share(second) - share(first) ||
			spans.indexOf(first.window) - spans.indexOf(second.window) ||
			second.used - first.used,
	);
}

/** `Anfragen je Tag: 12 / 1.000, noch 988, neu ab morgen 01:00 (gpt-oss-120b; Kopfzeile, vor 3 Min.)`. */
export function windowLine(voice: Voice, window: WindowReport, now: number): string {
	const { used, limit, resetAt, exhaustedAt, model, source, seenAt } = window;
	const name = say(voice, names[window.unit][window.window]);
	const figures =
		limit === undefined
			? say(voice, "status.figuresUnknown", { name, used: formatNumber(voice, used) })
			: say(voice, "status.figures", {
					name,
					used: formatNumber(voice, used),
					limit: formatNumber(voice, limit),
					left: formatNumber(voice, Math.max(0, limit - used)),
				});
	const isAhead = resetAt !== undefined && resetAt > now;
	const reset = isAhead ? say(voice, "status.reset", { moment: markedMoment(voice, resetAt, now) }) : "";
	const forecast =
		exhaustedAt === undefined ? "" : say(voice, "status.forecast", { moment: markedMoment(voice, exhaustedAt, now) });
	const remarks = [...(model === undefined ? [] : [`\`${model}\``]), sourceText(voice, source, seenAt, now)];
	return `${figures}${reset}${forecast} (${remarks.join("; ")})`;
}

/** `Kopfzeile, vor 3 Min.`: where a figure comes from and how old it is. */
export function sourceText(
	voice: Voice,
	source: WindowReport["source"],
	seenAt: number | undefined,
	now: number,
): string {
	const age =
		seenAt === undefined ? "" : say(voice, "status.age", { duration: formatDuration(voice, (now - seenAt) / 1000) });
	return `${say(voice, sources[source])}${age}`;
}
