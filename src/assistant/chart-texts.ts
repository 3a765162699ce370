import { formatDate, formatMoney, formatNumber, formatTime, say, type Voice } from "../locale.ts";
import type { ChartUsage, ProviderUse } from "./chart-usage.ts";

type Budget = NonNullable<ChartUsage["budget"]>;

/** What stands once in a chart. */
export function chartTexts(voice: Voice, at: number) {
	return {
		title: say(voice, "chart.title"),
		moment: say(voice, "chart.moment", { date: formatDate(voice, at), time: formatTime(voice, at) }),
		nothing: say(voice, "chart.nothing"),
		budget: say(voice, "chart.budget"),
		legend: say(voice, "chart.legend"),
	};
}

/** `12 Antworten · 3.400 Token · 0,12 €`; money only where some was spent. */
export function figuresOf(voice: Voice, { answers, tokens, cost }: ProviderUse): string {
	return [
		say(voice, "chart.answers", { count: answers, number: formatNumber(voice, answers) }),
		say(voice, "chart.tokens", { number: formatNumber(voice, tokens) }),
		...(cost > 0 ? [formatMoney(voice, cost, "EUR")] : []),
	].join(" · ");
}

/** `74 %`, `Grenze unbekannt`, `ohne Grenze`. */
export function limitLabel(voice: Voice, limit: ProviderUse["limit"]): string {
	if (limit === "unknown") return say(voice, "chart.unknown");
	if (limit === "unlimited") return say(voice, "chart.unlimited");
	// Rounded down: 100 % is said only of what is used up.
	const percent = formatNumber(voice, Math.floor(limit.share * 100));
	return say(voice, limit.window === "month" ? "chart.shareOfMonth" : "chart.share", { percent });
}

/** The operator's ceiling as a limit like any other. */
export function budgetUse({ used, limit }: Budget): ProviderUse["limit"] {
	if (limit === undefined) return "unlimited";
	return { share: limit > 0 ? used / limit : 1, window: "day" };
}

/** `0,42 € von 2,00 €`. */
export function budgetFigures(voice: Voice, { used, limit }: Budget): string {
	const spent = formatMoney(voice, used, "EUR");
	return limit === undefined
		? spent
		: say(voice, "chart.budgetOf", { used: spent, limit: formatMoney(voice, limit, "EUR") });
}

/** The chart for people who cannot see it, in at most 1,000 characters. */
export function chartDescription(voice: Voice, { providers, budget }: ChartUsage): string {
	const summaries = providers.map((provider) =>
		say(voice, "chart.summary", {
			label: provider.label,
			figures: figuresOf(voice, provider),
			limit: limitLabel(voice, provider.limit),
		}),
	);
	if (providers.length === 0) summaries.push(say(voice, "chart.nothing"));
	if (budget) {
		const [label, figures] = [say(voice, "chart.budget"), budgetFigures(voice, budget)];
		summaries.push(say(voice, "chart.summary", { label, figures, limit: limitLabel(voice, budgetUse(budget)) }));
	}
	const description = say(voice, "chart.description", { summaries: summaries.join("; ") });
	return description.length <= 1_000 ? description : `${description.slice(0, 999).toWellFormed()}…`;
}
