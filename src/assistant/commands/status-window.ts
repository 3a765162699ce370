import { formatDuration, formatNumber, say, type TextKey, type Voice } from "../../locale.ts";
import type { WindowReport } from "../../router/route.ts";
import { shortMoment } from "../moment.ts";

const names: Readonly<Record<WindowReport["unit"], Readonly<Record<WindowReport["window"], TextKey>>>> = {
	requests: { minute: "status.requestsPerMinute", day: "status.requestsPerDay" },
	tokens: { minute: "status.tokensPerMinute", day: "status.tokensPerDay" },
};

const sources: Readonly<Record<WindowReport["source"], TextKey>> = {
	header: "status.sourceHeader",
	balance: "status.sourceBalance",
	"own-count": "status.sourceOwnCount",
	configuration: "status.sourceConfiguration",
	"built-in": "status.sourceBuiltIn",
};

/** The window that ends first stands first: by share used up, known before unknown, whole days before minutes, used before unused. */
export function byUrgency(windows: readonly WindowReport[]): readonly WindowReport[] {
	const share = ({ used, limit }: WindowReport): number => (limit === undefined ? -1 : used / Math.max(limit, 1));
	return windows.toSorted(
		(first, second) =>
			share(second) - share(first) || first.window.localeCompare(second.window) || second.used - first.used,
	);
}

/** `Anfragen je Tag: 12 / 1.000, neu ab morgen 01:00 (laut Anbieter, vor 3 Min.; Modell gpt-oss-120b)`. */
export function windowLine(voice: Voice, window: WindowReport, now: number): string {
	const { used, limit, resetAt, exhaustedAt, seenAt, model } = window;
	const figures = say(voice, "status.figures", {
		name: say(voice, names[window.unit][window.window]),
		used: formatNumber(voice, used),
		limit: limit === undefined ? say(voice, "status.unknown") : formatNumber(voice, limit),
	});
	const reset =
		resetAt === undefined || resetAt <= now
			? ""
			: say(voice, "status.reset", { moment: shortMoment(voice, resetAt, now) });
	const forecast =
		exhaustedAt === undefined ? "" : say(voice, "status.forecast", { moment: shortMoment(voice, exhaustedAt, now) });
	const age =
		seenAt === undefined ? "" : say(voice, "status.age", { duration: formatDuration(voice, (now - seenAt) / 1000) });
	const remarks = [
		...(model === undefined ? [] : [`\`${model}\``]),
		`${say(voice, sources[window.source])}${age}`,
	].join("; ");
	return `${figures}${reset}${forecast} (${remarks})`;
}
