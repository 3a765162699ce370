import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { CallOptions, Completion, Provider, ProviderError } from "../providers/provider.ts";
import { createAttempt, type Failure, type Question } from "./attempt.ts";
import type { Breaker } from "./breaker.ts";
import { type Attempted, withHeadStart } from "./head-start.ts";
import { rank } from "./rank.ts";
import { reactions } from "./reactions.ts";
import {
	type Attempt,
	type Compose,
	type Quota,
	type Route,
	type RoutedAnswer,
	type Router,
	RouterError,
	type TaskAnalysis,
	type Wish,
} from "./route.ts";
import { createSearch } from "./search.ts";
import { taskOf } from "./task.ts";

export interface RouterParts {
	readonly providers: readonly Provider[];
	readonly quota: Quota;
	readonly breaker: Breaker;
	readonly clock: Clock;
	readonly log: Log;
}

/** How often an answer that was seen may start again before the person is spared a further change. */
const maximumRestarts = 2;
/** Longer nobody bears to look at nothing. A model of the own machine may have to be loaded first: its time is not counted. */
const longestSilenceMilliseconds = 60_000;
/** How long one call may work without a word: time is left for another one, and none is cut short by those before it. */
const longestPatienceMilliseconds = 30_000;
const shortestPatienceMilliseconds = 10_000;

/** What happened to a question so far. */
interface Course {
	readonly wish: Wish;
	readonly task: TaskAnalysis;
	readonly begunAt: number;
	readonly attempts: Attempt[];
	/** Answers that broke after the person had seen a part of them. */
	readonly broken: Broken[];
}

interface Broken {
	readonly route: Route;
	readonly failure: Failure;
}

/** Finds the route that answers. It is the only one that tries again: providers and their libraries do not. */
export function createRouter({ providers, quota, breaker, clock, log }: RouterParts): Router {
	const routes = providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })));
	const attempt = createAttempt({ quota, breaker, clock, log });

	return {
		async complete(wish, compose, options = {}) {
			const task = taskOf(wish.text, wish.previous);
			const course: Course = { wish, task, begunAt: clock.elapsed(), attempts: [], broken: [] };
			try {
				return await search(course, compose, options);
			} catch (error) {
				return brokenOffOrThrow(course, error, options.signal);
			}
		},
	};

	async function search(course: Course, compose: Compose, options: CallOptions): Promise<RoutedAnswer> {
		const { wish, task, begunAt, attempts, broken } = course;
		const ranked = rank(routes, wish, task, quota.shareLeft);
		if (ranked.length === 0) throw new RouterError("no-provider");
		const way = createSearch(ranked, { quota, breaker, clock });
		const next = () => way.next(options.signal);
		let uncounted = 0;

		for (let step = await next(); step; step = await next()) {
			const startedAt = clock.elapsed();
			const left = longestSilenceMilliseconds - (startedAt - begunAt - uncounted);
			if (options.signal?.aborted || left <= 0) break;
			const { route, shorter, isTrial, rejoin } = step;
			const isLocal = route.provider.region === "local";
			const question = { author: wish.author, compose, options, patienceMilliseconds: patienceFor(isLocal, left) };

			const call = (asked: Question) => attempt(route, asked, shorter);
			const outcome = await (rejoin?.() ?? (isTrial ? withHeadStart(call, question, clock, log) : call(question)));

			const milliseconds = clock.elapsed() - startedAt;
			way.note(route, outcome);
			attempts.push(attemptOf(route, outcome, milliseconds));
			if (outcome.kind === "answer") return answered(course, route, outcome.completion, outcome.cost);
			if (outcome.kind !== "failure") continue;
			if (outcome.shown !== "" && outcome.error.kind !== "content") broken.push({ route, failure: outcome });
			if (reactions[outcome.error.kind].next === "nobody") throw refusal(outcome.error);
			if (outcome.shown !== "" || isLocal) uncounted += milliseconds;
			if (broken.length > maximumRestarts) break;
		}
		if (options.signal?.aborted) throw new RouterError("aborted");
		throw way.failure();
	}

	function answered(
		{ wish, task, attempts, begunAt }: Course,
		{ provider, model }: Route,
		completion: Completion,
		cost: number,
	): RoutedAnswer {
		const { name, label, region } = provider;
		const facts = { task: task.label, demand: task.demand, provider: name, model: model.id, cost, attempts };
		log.info({ ...facts, milliseconds: Math.round(clock.elapsed() - begunAt) }, "answered");
		const decision = { task, mode: wish.mode, provider: name, label, model: model.id, region, attempts, cost };
		return { completion, decision };
	}

	/**
	 * Half an answer is worth more than a sentence about its failure: the longest stays. Otherwise every failure leaves as a
	 * RouterError and as one line of the log. A broken store means: nobody is asked.
	 */
	function brokenOffOrThrow(course: Course, error: unknown, signal: AbortSignal | undefined): RoutedAnswer {
		const { task, attempts, begunAt, broken } = course;
		const failure = error instanceof RouterError ? error : new RouterError("busy", { cause: error });
		const cause = failure.cause === undefined ? {} : { cause: String(failure.cause) };
		const facts = { task: task.label, demand: task.demand, failure: failure.kind, attempts, ...cause };
		const level = failure.kind === "aborted" ? "info" : "warn";
		const [longest] = broken.toSorted((one, other) => other.failure.shown.length - one.failure.shown.length);
		const isKept = longest !== undefined && !signal?.aborted && failure.kind !== "aborted";
		log[level](
			{ ...facts, milliseconds: Math.round(clock.elapsed() - begunAt) },
			isKept ? "answer broken off" : "no answer",
		);
		if (!isKept) throw failure;
		return brokenOff(course, longest);
	}
}

function patienceFor(isLocal: boolean, leftMilliseconds: number): number {
	if (isLocal) return Number.POSITIVE_INFINITY;
	return Math.min(Math.max(leftMilliseconds, shortestPatienceMilliseconds), longestPatienceMilliseconds);
}

function brokenOff({ wish, task, attempts }: Course, { route, failure }: Broken): RoutedAnswer {
	const { provider, model } = route;
	const { name, label, region } = provider;
	const usage = failure.usage ?? { inputTokens: 0, outputTokens: 0, isEstimated: true };
	const { mode } = wish;
	return {
		completion: { text: failure.shown, finishReason: "length", usage, observed: [] },
		decision: { task, mode, provider: name, label, model: model.id, region, attempts, cost: failure.cost },
		isBroken: true,
	};
}

function attemptOf({ provider, model }: Route, outcome: Attempted, milliseconds: number): Attempt {
	const attempt = { provider: provider.name, model: model.id, milliseconds: Math.round(milliseconds) };
	switch (outcome.kind) {
		case "answer":
			return attempt;
		case "late":
			return { ...attempt, failure: "timeout" };
		case "no-room":
			return { ...attempt, failure: "no-quota" };
		case "no-fit":
			return { ...attempt, failure: "too-large" };
		case "failure":
			return { ...attempt, failure: outcome.error.kind };
	}
}

/** The failures that no other provider mends. */
function refusal(cause: ProviderError): RouterError {
	const { kind } = cause;
	const isKnown = kind === "content" || kind === "bad-request" || kind === "aborted";
	return new RouterError(isKnown ? kind : "busy", { cause });
}
