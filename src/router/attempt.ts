import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import {
	type CallOptions,
	type ChatRequest,
	type Completion,
	ProviderError,
	type Usage,
} from "../providers/provider.ts";
import type { Breaker } from "./breaker.ts";
import { reactions } from "./reactions.ts";
import type { Compose, NoRoom, Quota, Reservation, Route } from "./route.ts";
import { estimateTokens, mostTokens } from "./tokens.ts";

/** How the try of one route ended. */
export type Outcome =
	| { readonly kind: "answer"; readonly completion: Completion; readonly cost: number }
	| Failure
	/** It was not called: even the question alone is more than it takes. */
	| { readonly kind: "no-fit" }
	/** It was not called: it has to wait. */
	| { readonly kind: "no-room"; readonly room: NoRoom };

export interface Failure {
	readonly kind: "failure";
	readonly error: ProviderError;
	/** What the person saw of the answer before it broke. */
	readonly shown: string;
	readonly usage: Usage | null;
	/** EUR. */
	readonly cost: number;
	/** The conversation was too long and can be shortened: what the same route may take. */
	readonly shorter?: Draft;
}

/** A request with its size by estimate. */
export interface Draft {
	readonly request: ChatRequest;
	readonly inputTokens: number;
}

export interface Question {
	readonly author: string;
	readonly compose: Compose;
	readonly options: CallOptions;
	/** How long a call may go on without any text; infinite for one that has its own measure. */
	readonly patienceMilliseconds: number;
}

export interface AttemptParts {
	readonly quota: Quota;
	readonly breaker: Breaker;
	readonly clock: Clock;
	readonly log: Log;
}

/** Tries one route: compose what fits, reserve, call, settle, observe. Throws only for a broken store. */
export function createAttempt({ quota, breaker, clock, log }: AttemptParts) {
	return async (route: Route, question: Question, shorter?: Draft): Promise<Outcome> => {
		const draft = shorter ?? draftFor(route, question.compose);
		if (!draft) return { kind: "no-fit" };
		const { request, inputTokens } = draft;
		const size = { inputTokens, mostInputTokens: mostTokens(request.messages), outputTokens: request.maxTokens };
		const reservation = quota.reserve(route, size, question.author);
		if ("nextAt" in reservation) return { kind: "no-room", room: reservation };

		const startedAt = clock.now();
		let shown = "";
		const onText = (textSoFar: string): void => {
			shown = textSoFar;
			question.options.onText?.(textSoFar);
		};
		try {
			const completion = await breaker.watch(route, () => call(route, request, question, clock, onText));
			const cost = keepBooks(reservation, startedAt, completion.usage, "answer", completion.observed);
			return { kind: "answer", completion, cost };
		} catch (error) {
			if (!(error instanceof ProviderError)) throw error;
			const usage = usageOf(error, inputTokens, shown);
			const cost = keepBooks(reservation, startedAt, usage, "failure", error.observed);
			const again = reactions[error.kind].next === "shorter" && !shorter && shorterThan(draft, route, question);
			return { kind: "failure", error, shown, usage, cost, ...(again && { shorter: again }) };
		}
	};

	/**
	 * Returns what the call cost. An answer is worth more than its entry: an open reservation counts as used, so the quota
	 * errs on the safe side.
	 */
	function keepBooks(
		reservation: Reservation,
		startedAt: number,
		usage: Usage | null,
		outcome: "answer" | "failure",
		observed: Completion["observed"],
	): number {
		try {
			quota.settle(reservation, usage, outcome);
			quota.observe(reservation, observed);
			return usage ? quota.costOf(reservation.route, usage, startedAt) : 0;
		} catch (error) {
			log.error({ error, provider: reservation.route.provider.name }, "quota not settled");
			return 0;
		}
	}

	/** The request that fits the route's context and its windows, question and answer together. */
	function draftFor(route: Route, compose: Compose, mostInputTokens = Number.POSITIVE_INFINITY): Draft | undefined {
		const { contextTokens, maxAnswerTokens } = route.model;
		const size = Math.min(contextTokens, quota.largestCall(route));
		const maxTokens = Math.min(maxAnswerTokens, Math.floor(size / 2));
		const messages = compose(Math.min(size - maxTokens, mostInputTokens));
		const inputTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
		return inputTokens <= size - maxTokens ? { request: { messages, maxTokens }, inputTokens } : undefined;
	}

	/** The estimate was wrong or the plan is smaller than known: half of the conversation, if that is any less. */
	function shorterThan(refused: Draft, route: Route, { compose }: Question): Draft | undefined {
		const draft = draftFor(route, compose, Math.floor(refused.inputTokens / 2));
		const isLess =
			draft && (draft.inputTokens < refused.inputTokens || draft.request.maxTokens < refused.request.maxTokens);
		return isLess ? draft : undefined;
	}
}

/**
 * Whatever a provider throws leaves here as a ProviderError. Our own signal explains every failure after it, and so does
 * the end of our patience.
 */
async function call(
	{ provider, model }: Route,
	request: ChatRequest,
	{ options, patienceMilliseconds }: Question,
	clock: Clock,
	onText: (textSoFar: string) => void,
): Promise<Completion> {
	const patience = new AbortController();
	const cancelTimer = Number.isFinite(patienceMilliseconds)
		? clock.after(patienceMilliseconds, () => patience.abort())
		: () => undefined;
	const signal = options.signal ? AbortSignal.any([options.signal, patience.signal]) : patience.signal;
	const show = (textSoFar: string): void => {
		cancelTimer();
		onText(textSoFar);
	};
	try {
		return await provider.complete(model, request, { signal, onText: show });
	} catch (error) {
		const facts = error instanceof ProviderError ? { ...error, cause: error } : { cause: error };
		if (options.signal?.aborted) throw new ProviderError("aborted", "aborted", facts);
		if (patience.signal.aborted) throw new ProviderError("timeout", `${provider.name}: no text in time`, facts);
		if (error instanceof ProviderError) throw error;
		throw new ProviderError("bad-answer", `${provider.name}: failed in its own code`, { cause: error });
	} finally {
		cancelTimer();
	}
}

/** What a failed call cost: as the provider said, otherwise by what it showed; `null` when it was refused at the door. */
function usageOf(error: ProviderError, inputTokens: number, shown: string): Usage | null {
	if (error.usage) return error.usage;
	if (shown === "" && !reactions[error.kind].isCounted) return null;
	return { inputTokens, outputTokens: estimateTokens(shown), isEstimated: true };
}
