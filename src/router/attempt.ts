import type { Log } from "../log.ts";
import {
	type CallOptions,
	type ChatRequest,
	type Completion,
	ProviderError,
	type Usage,
} from "../providers/provider.ts";
import { type Breaker, reactions } from "./breaker.ts";
import type { Compose, Quota, Reservation, Route } from "./route.ts";
import { estimateTokens } from "./tokens.ts";

/** How the try of one route ended. */
export type Outcome =
	| { readonly kind: "answer"; readonly completion: Completion }
	/** `wasShown`: the person saw a part of the answer before it broke. */
	| { readonly kind: "failure"; readonly error: ProviderError; readonly wasShown: boolean }
	/** It was not called: no window has room before `nextAt`. */
	| { readonly kind: "no-quota"; readonly nextAt: number };

export interface Question {
	readonly author: string;
	readonly compose: Compose;
	readonly options: CallOptions;
}

/** Tries one route: compose what fits, reserve, call, settle, observe. Throws only for a broken store. */
export function createAttempt({ quota, breaker, log }: { quota: Quota; breaker: Breaker; log: Log }) {
	return async (route: Route, { author, compose, options }: Question): Promise<Outcome> => {
		const { request, inputTokens, fits } = composeFor(route, quota.largestCall(route), compose);
		if (!fits) return failed(new ProviderError("too-large", `${route.model.id}: does not fit`), "");
		const reservation = quota.reserve(route, inputTokens + request.maxTokens, author);
		if ("nextAt" in reservation) return { kind: "no-quota", nextAt: reservation.nextAt };

		let shown = "";
		const onText = (textSoFar: string): void => {
			shown = textSoFar;
			options.onText?.(textSoFar);
		};
		try {
			const completion = await breaker.watch(route, () => call(route, request, { ...options, onText }));
			keepBooks(reservation, completion.usage, "answer", completion.observed);
			return { kind: "answer", completion };
		} catch (error) {
			if (!(error instanceof ProviderError)) throw error;
			keepBooks(reservation, usageOf(error, inputTokens, shown), "failure", error.observed);
			return failed(error, shown);
		}
	};

	/** An answer is worth more than its entry: an open reservation counts as used, so the quota errs on the safe side. */
	function keepBooks(
		reservation: Reservation,
		usage: Usage | null,
		outcome: "answer" | "failure",
		observed: Completion["observed"],
	): void {
		try {
			quota.settle(reservation, usage, outcome);
			quota.observe(reservation.route, observed, reservation);
		} catch (error) {
			log.error({ error, provider: reservation.route.provider.name }, "quota not settled");
		}
	}
}

/** The request that fits the route's context and its windows, question and answer together. */
function composeFor(
	{ model }: Route,
	largestCall: number,
	compose: Compose,
): { readonly request: ChatRequest; readonly inputTokens: number; readonly fits: boolean } {
	const size = Math.min(model.contextTokens, largestCall);
	const maxTokens = Math.min(model.maxAnswerTokens, Math.floor(size / 2));
	const messages = compose(size - maxTokens);
	const inputTokens = messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
	return { request: { messages, maxTokens }, inputTokens, fits: inputTokens <= size - maxTokens };
}

/** Whatever a provider throws leaves here as a ProviderError; our own signal explains every failure after it. */
async function call({ provider, model }: Route, request: ChatRequest, options: CallOptions): Promise<Completion> {
	try {
		return await provider.complete(model, request, options);
	} catch (error) {
		if (error instanceof ProviderError && (error.kind === "aborted" || !options.signal?.aborted)) throw error;
		if (options.signal?.aborted) throw new ProviderError("aborted", "aborted", { cause: error });
		throw new ProviderError("bad-answer", `${provider.name}: failed in its own code`, { cause: error });
	}
}

function failed(error: ProviderError, shown: string): Outcome {
	return { kind: "failure", error, wasShown: shown !== "" };
}

/** What a failed call cost: as the provider said, otherwise by what it showed; `null` when it was refused at the door. */
function usageOf(error: ProviderError, inputTokens: number, shown: string): Usage | null {
	if (error.usage) return error.usage;
	if (shown === "" && !reactions[error.kind].isCounted) return null;
	return { inputTokens, outputTokens: estimateTokens(shown), isEstimated: true };
}
