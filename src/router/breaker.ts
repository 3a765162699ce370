import type { Clock } from "../clock.ts";
import { operatorVoice, say } from "../locale.ts";
import type { Log } from "../log.ts";
import { ProviderError } from "../providers/provider.ts";
import { daySeconds, type Reaction, reactions } from "./reactions.ts";
import type { Quota, Route } from "./route.ts";

export interface BreakerParts {
	readonly quota: Quota;
	readonly clock: Clock;
	readonly log: Log;
	/** 0 to 1, as Math.random: pauses that we guess end at different times, so that not all come back at once. */
	readonly random: () => number;
}

export interface Breaker {
	/** Whether a call may go out: no pause runs, and after a failure only one call at a time tries whether it is over. */
	isReady(route: Route): boolean;
	/** Whether its last failure kept somebody waiting: then the next call has only a head start while others are free. */
	isSlow(route: Route): boolean;
	/** Of the routes whose pause is only a guess, the one that comes back first: worth one call when nobody else is left. */
	lastResort(routes: readonly Route[]): Route | undefined;
	/** Runs a call; its ProviderError pauses the route by `reactions`, its success counts towards a clean record. */
	watch<Result>(route: Route, call: () => Promise<Result>): Promise<Result>;
}

/** What is held against a model or a provider. */
interface FaultRecord {
	/** Since the last answer. */
	failures: number;
	/** How long the last of them took. */
	milliseconds: number;
	/** How often it failed again before its record was clean. */
	relapses: number;
	/** Since the last failure. */
	answers: number;
	/** Calls under way that try whether it is over. */
	trials: number;
}

/** So many answers in a row clean a record: who fails more than one call in twenty is asked less and less. */
const answersToClean = 20;
/** A failure that comes sooner nobody notices. */
const blinkMilliseconds = 300;
/** How much longer than its figure a guessed pause may become. */
const jitter = 0.2;

/** Failures are remembered by this process, pauses by the quota for all processes. */
export function createBreaker({ quota, clock, log, random }: BreakerParts): Breaker {
	const records = new Map<string, FaultRecord>();
	const keysOf = ({ provider, model }: Route) =>
		({ provider: provider.name, model: `${provider.name}/${model.id}` }) as const;
	const recordsOf = (route: Route) => Object.values(keysOf(route)).flatMap((key) => records.get(key) ?? []);

	function fail(route: Route, error: ProviderError, milliseconds: number): void {
		const { pause, news } = reactions[error.kind];
		const asked = askedUntil(error, clock.now());
		// A wait that the provider asked for is kept, whatever the failure was called.
		if (asked !== undefined && !news) quota.pause(route, asked, "rate-limit", pause?.scope ?? "model");
		if (!pause) return;
		const running = quota.pausesOf(route);
		const isKnown = running.some(({ reason }) => reason === error.kind);
		// Calls that were under way when the pause began fail for the same reason: they do not make it grow.
		if (running.length > 0 && asked === undefined && (isKnown || !news)) return;
		const record = recordAt(keysOf(route)[pause.scope]);
		record.milliseconds = milliseconds;
		const guessed = clock.now() + secondsOf(pause, record) * 1_000;
		if (asked === undefined || news) quota.pause(route, Math.max(asked ?? 0, guessed), error.kind, pause.scope);
		if (news && !isKnown) tell(route, error, news);
	}

	function recordAt(key: string): FaultRecord {
		const record = records.get(key) ?? { failures: 0, milliseconds: 0, relapses: 0, answers: 0, trials: 0 };
		records.set(key, record);
		return record;
	}

	/** Enters one failure and returns how long the pause is that follows. */
	function secondsOf(rule: NonNullable<Reaction["pause"]>, record: FaultRecord): number {
		const { seconds, longestSeconds } = rule;
		if (longestSeconds !== undefined && record.answers > 0) record.relapses++;
		const figure = seconds[Math.min(record.failures, seconds.length - 1)] ?? daySeconds;
		record.failures++;
		record.answers = 0;
		const grown = longestSeconds === undefined ? figure : Math.min(figure * 2 ** record.relapses, longestSeconds);
		return grown * (1 + jitter * random());
	}

	function tell({ provider, model }: Route, error: ProviderError, news: NonNullable<Reaction["news"]>): void {
		const variable = `${provider.name.toUpperCase().replaceAll("-", "_")}_MODEL`;
		const text = say(operatorVoice, news.text, { provider: provider.label, model: model.id, variable });
		log[news.level]({ provider: provider.name, model: model.id, reason: error.kind, error }, text);
	}

	function succeed(route: Route): void {
		for (const key of Object.values(keysOf(route))) {
			const record = records.get(key);
			if (!record) continue;
			record.failures = 0;
			if (++record.answers >= answersToClean) records.delete(key);
		}
		for (const { reason } of quota.pausesOf(route)) if (reactions[reason].isGuess) quota.resume(route, reason);
	}

	/** An answer is worth more than its entry, and so is the next route: whether the store is broken shows the next booking. */
	function entered(work: () => void): void {
		try {
			work();
		} catch (error) {
			log.error({ error }, "pause not entered");
		}
	}

	return {
		isReady: (route) => !quota.pauseOf(route) && recordsOf(route).every(({ trials }) => trials === 0),
		isSlow: (route) =>
			recordsOf(route).some(({ failures, milliseconds }) => failures > 0 && milliseconds > blinkMilliseconds),
		lastResort(routes) {
			const candidates = routes.flatMap((route) => {
				const pauses = quota.pausesOf(route);
				const isGuess = pauses.every(({ reason }) => reactions[reason].isGuess);
				return isGuess ? [{ route, until: pauses[0]?.until ?? 0 }] : [];
			});
			return candidates.sort((left, right) => left.until - right.until)[0]?.route;
		},
		async watch(route, call) {
			const onTrial = recordsOf(route).filter(({ failures, relapses }) => failures + relapses > 0);
			for (const record of onTrial) record.trials++;
			const startedAt = clock.elapsed();
			try {
				const result = await call();
				entered(() => succeed(route));
				return result;
			} catch (error) {
				if (error instanceof ProviderError) entered(() => fail(route, error, clock.elapsed() - startedAt));
				throw error;
			} finally {
				for (const record of onTrial) record.trials--;
			}
		},
	};
}

/** Until when the provider asked to be left alone: nonsense is cut at a day, and a time that has passed says nothing. */
function askedUntil({ retryAfterSeconds = 0, observed, kind }: ProviderError, now: number): number | undefined {
	if (retryAfterSeconds > 0) return now + Math.min(retryAfterSeconds, daySeconds) * 1_000;
	if (kind !== "rate-limit") return undefined;
	const resets = observed.flatMap(({ remaining, resetAt }) => (remaining === 0 && resetAt ? [resetAt] : []));
	return resets.length === 0 ? undefined : Math.min(Math.max(...resets), now + daySeconds * 1_000);
}
