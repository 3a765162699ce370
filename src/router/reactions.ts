import type { TextKey } from "../locale.ts";
import type { ProviderErrorKind } from "../providers/provider.ts";

/** What follows from a failed call. */
export interface Reaction {
	/**
	 * Who is asked next: the next route · another model of the same provider before the others · the same route once more
	 * with half of the conversation, and then only who takes more · nobody, because none would do better.
	 */
	readonly next: "route" | "model" | "shorter" | "nobody";
	/** How long the failed one is left alone. One that ends soon is waited for when nobody else is left. */
	readonly pause?: PauseRule;
	/** The provider said nothing about waiting and may be back any moment: it may be tried when nobody else is left. */
	readonly isGuess?: true;
	/** The provider began to work and counts the call, even if it does not say how much. */
	readonly isCounted?: true;
	/** What the operator reads, once for each pause: only they can mend it, so no wait that a provider names shortens it. */
	readonly news?: { readonly level: "warn" | "error"; readonly text: TextKey };
}

interface PauseRule {
	readonly scope: "model" | "provider";
	/** Unless the provider names a time: after the first failure, the second in a row and so on; the last one repeats. */
	readonly seconds: readonly number[];
	/** It doubles with each failure that follows all too few answers, up to this. Missing: only failures in a row count. */
	readonly longestSeconds?: number;
}

export const daySeconds = 86_400;
/** The next start lifts it. */
const untilStartSeconds = 3_650 * daySeconds;
const fault = { seconds: [30, 60, 300], longestSeconds: 21_600 } as const;

/** One place decides what each kind of failure means. */
export const reactions: Readonly<Record<ProviderErrorKind, Reaction>> = {
	auth: {
		next: "route",
		pause: { scope: "provider", seconds: [untilStartSeconds] },
		news: { level: "error", text: "failure.newsAuth" },
	},
	money: {
		next: "route",
		pause: { scope: "provider", seconds: [1_800, 3_600, 7_200, 14_400, 28_800, 57_600, daySeconds] },
		news: { level: "error", text: "failure.newsMoney" },
	},
	"rate-limit": { next: "route", pause: { scope: "model", seconds: [10, 20, 40, 80, 160, 320, 600] } },
	burst: { next: "route", pause: { scope: "model", seconds: [2, 5, 15, 30] }, isGuess: true },
	"no-allowance": {
		next: "model",
		pause: { scope: "model", seconds: [daySeconds] },
		news: { level: "warn", text: "failure.newsNoAllowance" },
	},
	"model-gone": {
		next: "model",
		pause: { scope: "model", seconds: [daySeconds] },
		news: { level: "warn", text: "failure.newsModelGone" },
	},
	"too-large": { next: "shorter" },
	context: { next: "shorter" },
	overload: { next: "route", pause: { scope: "model", ...fault }, isGuess: true },
	network: { next: "route", pause: { scope: "provider", ...fault }, isGuess: true },
	timeout: { next: "route", pause: { scope: "provider", ...fault }, isGuess: true, isCounted: true },
	"bad-answer": { next: "route", pause: { scope: "model", ...fault }, isGuess: true, isCounted: true },
	content: { next: "nobody", isCounted: true },
	"bad-request": { next: "nobody" },
	aborted: { next: "nobody", isCounted: true },
};
