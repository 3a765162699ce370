import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Completion, Provider, ProviderError } from "../providers/provider.ts";
import { createAttempt, type Outcome } from "./attempt.ts";
import { type Breaker, reactions } from "./breaker.ts";
import { rank } from "./rank.ts";
import {
	type Attempt,
	type Decision,
	type Quota,
	type Route,
	type RoutedAnswer,
	type Router,
	RouterError,
	type TaskAnalysis,
	type Wish,
} from "./route.ts";
import { taskOf } from "./task.ts";

export interface RouterParts {
	readonly providers: readonly Provider[];
	readonly quota: Quota;
	readonly breaker: Breaker;
	readonly clock: Clock;
	readonly log: Log;
}

type Tried = ReadonlyMap<Route, Outcome>;

/** A wait that is worth it when nobody else is left. */
const longestWaitMilliseconds = 5_000;
/** How often an answer that was seen may start again before the person is spared a further change. */
const maximumRestarts = 2;

/** Finds the route that answers. It is the only one that tries again: providers and their libraries do not. */
export function createRouter({ providers, quota, breaker, clock, log }: RouterParts): Router {
	const routes = providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })));
	const attempt = createAttempt({ quota, breaker, log });

	return {
		async complete(wish, compose, options = {}) {
			const begunAt = clock.elapsed();
			const task = taskOf(wish.text, wish.previous);
			const attempts: Attempt[] = [];
			try {
				const ranked = rank(routes, wish, task, quota.shareLeft);
				if (ranked.length === 0) throw new RouterError("no-provider");
				const tried = new Map<Route, Outcome>();
				let brokenAnswers = 0;

				for await (const route of candidates(ranked, tried, options.signal)) {
					if (options.signal?.aborted) break;
					const startedAt = clock.elapsed();
					const outcome = await attempt(route, { author: wish.author, compose, options });
					tried.set(route, outcome);
					attempts.push(attemptOf(route, outcome, clock.elapsed() - startedAt));
					if (outcome.kind === "answer") return answered(wish, task, route, outcome.completion, attempts, begunAt);
					if (outcome.kind === "no-quota") continue;
					if (reactions[outcome.error.kind].isFinal) throw refusal(outcome.error);
					if (outcome.wasShown && ++brokenAnswers > maximumRestarts) break;
				}
				if (options.signal?.aborted) throw new RouterError("aborted");
				throw exhausted(ranked, tried);
			} catch (error) {
				throw reported(error, task, attempts, begunAt);
			}
		},
	};

	/** Who may be asked, in this order. A pause never ends the search: it only passes its own route over. */
	async function* candidates(ranked: readonly Route[], tried: Tried, signal?: AbortSignal): AsyncGenerator<Route> {
		for (const route of ranked) if (breaker.isReady(route)) yield route;

		const resort = breaker.lastResort(ranked.filter((route) => !tried.has(route)));
		if (resort) yield resort;

		const [soonest] = returns(ranked, tried);
		if (!soonest || soonest.at - clock.now() > longestWaitMilliseconds) return;
		await sleep(clock, soonest.at - clock.now(), signal);
		if (!quota.pauseOf(soonest.route)) yield soonest.route;
	}

	/** When routes that pause or have no quota can be asked again, the first of them first. */
	function returns(ranked: readonly Route[], tried: Tried): readonly { readonly route: Route; readonly at: number }[] {
		return ranked
			.map((route) => {
				const outcome = tried.get(route);
				const quotaAt = outcome?.kind === "no-quota" ? outcome.nextAt : 0;
				return { route, at: Math.max(quotaAt, quota.pauseOf(route)?.until ?? 0) };
			})
			.filter(({ at }) => at > 0 && Number.isFinite(at))
			.sort((left, right) => left.at - right.at);
	}

	function exhausted(ranked: readonly Route[], tried: Tried): RouterError {
		const isTooLong = ranked.every((route) => {
			const outcome = tried.get(route);
			return outcome?.kind === "failure" && ["too-large", "context"].includes(outcome.error.kind);
		});
		if (isTooLong) return new RouterError("too-long");
		return new RouterError("busy", { nextTryAt: returns(ranked, tried)[0]?.at });
	}

	function answered(
		{ mode }: Wish,
		task: TaskAnalysis,
		{ provider, model }: Route,
		completion: Completion,
		attempts: readonly Attempt[],
		begunAt: number,
	): RoutedAnswer {
		const { inputTokens, outputTokens } = completion.usage;
		const cost = (inputTokens * model.price.input + outputTokens * model.price.output) / 1_000_000;
		const { name, label, region } = provider;
		const decision: Decision = { task, mode, provider: name, label, model: model.id, region, attempts, cost };
		const facts = { task: task.label, demand: task.demand, provider: name, model: model.id, cost, attempts };
		log.info({ ...facts, milliseconds: Math.round(clock.elapsed() - begunAt) }, "answered");
		return { completion, decision };
	}

	/** Every failure leaves as a RouterError and as one line of the log. A broken store means: nobody is asked. */
	function reported(error: unknown, task: TaskAnalysis, attempts: readonly Attempt[], begunAt: number): RouterError {
		const failure = error instanceof RouterError ? error : new RouterError("busy", { cause: error });
		const cause = failure.cause === undefined ? {} : { cause: String(failure.cause) };
		const facts = { task: task.label, demand: task.demand, failure: failure.kind, attempts, ...cause };
		const level = failure.kind === "aborted" ? "info" : "warn";
		log[level]({ ...facts, milliseconds: Math.round(clock.elapsed() - begunAt) }, "no answer");
		return failure;
	}
}

function attemptOf({ provider, model }: Route, outcome: Outcome, milliseconds: number): Attempt {
	const attempt = { provider: provider.name, model: model.id, milliseconds: Math.round(milliseconds) };
	if (outcome.kind === "answer") return attempt;
	return { ...attempt, failure: outcome.kind === "no-quota" ? "no-quota" : outcome.error.kind };
}

/** The failures that no other provider mends. */
function refusal(cause: ProviderError): RouterError {
	const { kind } = cause;
	const isKnown = kind === "content" || kind === "bad-request" || kind === "aborted";
	return new RouterError(isKnown ? kind : "busy", { cause });
}
