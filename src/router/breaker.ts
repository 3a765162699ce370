import type { Clock } from "../clock.ts";
import { ProviderError, type ProviderErrorKind } from "../providers/provider.ts";
import type { Quota, Route } from "./route.ts";

/** What follows from a failed call. */
export interface Reaction {
	/** No other provider would do better: the search ends. */
	readonly isFinal?: true;
	/** How long to leave the route alone: the first failure, the second in a row and so on; the last one repeats. */
	readonly pause?: { readonly scope: "model" | "provider"; readonly seconds: readonly number[] };
	/** The provider said nothing about waiting and may be back any moment: it may be tried when nobody else is left. */
	readonly isGuess?: true;
	/** The provider began to work and counts the call, even if it does not say how much. */
	readonly isCounted?: true;
}

const growingSeconds = [30, 60, 300];
const daySeconds = 86_400;

/** One place decides what each kind of failure means. */
export const reactions: Readonly<Record<ProviderErrorKind, Reaction>> = {
	auth: { pause: { scope: "provider", seconds: [daySeconds] } },
	money: { pause: { scope: "provider", seconds: [1_800, 3_600, 7_200, 14_400, 28_800] } },
	"rate-limit": { pause: { scope: "model", seconds: growingSeconds } },
	"no-allowance": { pause: { scope: "model", seconds: [daySeconds] } },
	"too-large": {},
	context: {},
	overload: { pause: { scope: "model", seconds: growingSeconds }, isGuess: true },
	network: { pause: { scope: "provider", seconds: growingSeconds }, isGuess: true },
	timeout: { pause: { scope: "provider", seconds: growingSeconds }, isGuess: true, isCounted: true },
	"model-gone": { pause: { scope: "model", seconds: [daySeconds] } },
	content: { isFinal: true, isCounted: true },
	"bad-request": { isFinal: true },
	"bad-answer": { pause: { scope: "model", seconds: growingSeconds }, isGuess: true, isCounted: true },
	aborted: { isFinal: true, isCounted: true },
};

export interface Breaker {
	/** Whether a call may go out: no pause runs, and after a failure only one call at a time tries whether it is over. */
	isReady(route: Route): boolean;
	/** Of the routes whose pause is only a guess, the one that comes back first: worth one call when nobody else is left. */
	lastResort(routes: readonly Route[]): Route | undefined;
	/** Runs a call; its ProviderError pauses the route by `reactions`, its success ends the route's record of failures. */
	watch<Result>(route: Route, call: () => Promise<Result>): Promise<Result>;
}

/** Failures in a row are remembered by this process, pauses by the quota for all processes. */
export function createBreaker({ quota, clock }: { readonly quota: Quota; readonly clock: Clock }): Breaker {
	const records = new Map<string, { failures: number; isOnTrial: boolean }>();
	const keysOf = ({ provider, model }: Route) =>
		({ provider: provider.name, model: `${provider.name}/${model.id}` }) as const;
	const recordsOf = (route: Route) => Object.values(keysOf(route)).flatMap((key) => records.get(key) ?? []);

	function fail(route: Route, error: ProviderError): void {
		const { pause, isGuess } = reactions[error.kind];
		if (!pause) return;
		const key = keysOf(route)[pause.scope];
		const record = records.get(key) ?? { failures: 0, isOnTrial: false };
		records.set(key, record);
		const asked = askedUntil(error, clock.now());
		// Calls that were under way when the pause began fail for the same reason: they do not make it grow.
		if (quota.pauseOf(route) && asked === undefined) return;
		const seconds = pause.seconds[Math.min(record.failures++, pause.seconds.length - 1)] ?? daySeconds;
		const until = asked ?? clock.now() + seconds * 1_000;
		// A wait that the provider asked for is kept, whatever the failure was called.
		quota.pause(route, until, asked !== undefined && isGuess ? "rate-limit" : error.kind, pause.scope);
	}

	function succeed(route: Route): void {
		for (const key of Object.values(keysOf(route))) records.delete(key);
		const reason = quota.pauseOf(route)?.reason;
		if (reason && reactions[reason].isGuess) quota.resume(route, reason);
	}

	return {
		isReady: (route) => !quota.pauseOf(route) && !recordsOf(route).some(({ isOnTrial }) => isOnTrial),
		lastResort(routes) {
			const candidates = routes.flatMap((route) => {
				const pause = quota.pauseOf(route);
				return pause && !reactions[pause.reason].isGuess ? [] : [{ route, until: pause?.until ?? 0 }];
			});
			return candidates.sort((left, right) => left.until - right.until)[0]?.route;
		},
		async watch(route, call) {
			const onTrial = recordsOf(route);
			for (const record of onTrial) record.isOnTrial = true;
			try {
				const result = await call();
				succeed(route);
				return result;
			} catch (error) {
				if (error instanceof ProviderError) fail(route, error);
				throw error;
			} finally {
				for (const record of onTrial) record.isOnTrial = false;
			}
		},
	};
}

/** Until when the provider asked to be left alone: nonsense is cut at a day. */
function askedUntil({ retryAfterSeconds, observed, kind }: ProviderError, now: number): number | undefined {
	if (retryAfterSeconds !== undefined) return now + Math.min(Math.max(retryAfterSeconds, 0), daySeconds) * 1_000;
	if (kind !== "rate-limit") return undefined;
	const resets = observed.flatMap(({ remaining, resetAt }) => (remaining === 0 && resetAt ? [resetAt] : []));
	return resets.length === 0 ? undefined : Math.min(Math.max(...resets), now + daySeconds * 1_000);
}
