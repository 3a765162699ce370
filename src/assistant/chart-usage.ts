import type { ProviderReport, QuotaReport } from "../router/route.ts";

/** What a chart of the day shows. */
export interface ChartUsage {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly providers: readonly ProviderUse[];
	/** EUR today; missing where no provider is paid. `limit` undefined: no ceiling. */
	readonly budget?: { readonly used: number; readonly limit: number | undefined };
}

/** One provider since midnight. */
export interface ProviderUse {
	readonly label: string;
	readonly answers: number;
	readonly tokens: number;
	/** EUR. */
	readonly cost: number;
	/** The window of a day or longer that is used up most; `unknown` where nobody knows one. */
	readonly limit: LimitUse | "unknown" | "unlimited";
}

interface LimitUse {
	/** 0 to 1, more when more was used than is allowed. */
	readonly share: number;
	readonly window: "day" | "month";
}

/** The part of the report that a chart shows. */
export function usageOf({ providers, budget }: QuotaReport, at: number): ChartUsage {
	const day = budget.find(({ window }) => window === "day");
	return {
		at,
		providers: providers.map((provider) => ({
			label: provider.label,
			answers: provider.today.answers,
			tokens: provider.today.tokens,
			cost: provider.today.cost,
			limit: limitOf(provider),
		})),
		...(day === undefined ? {} : { budget: { used: day.used, limit: day.limit } }),
	};
}

function limitOf({ isUnlimited, windows }: ProviderReport): ProviderUse["limit"] {
	if (isUnlimited) return "unlimited";
	const known = windows.flatMap(({ window, used, limit }): readonly LimitUse[] =>
		limit === undefined || window === "minute" ? [] : [{ share: used / Math.max(limit, 1), window }],
	);
	const [binding] = known.toSorted((first, second) => second.share - first.share);
	return binding ?? "unknown";
}
