import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type Answer, createAnswer, type Piece } from "./answer.ts";
import { readChunks } from "./chunks.ts";
import { createWatch, usualDeadlines, type Watch } from "./deadlines.ts";
import { pageError, providerErrorOf, RefusedError } from "./errors.ts";
import { readLimitHeaders } from "./limit-headers.ts";
import { type CallOptions, type ChatRequest, type Completion, type ObservedLimit, ProviderError } from "./provider.ts";
import type { Credential } from "./sign-in/credential.ts";
import type { ProviderSettings, ProviderSpec } from "./spec.ts";

/** What a client is put together from. */
export interface ClientParts {
	readonly spec: ProviderSpec;
	readonly settings: ProviderSettings;
	readonly clock: Clock;
	readonly log: Log;
	readonly fetch: typeof globalThis.fetch;
	/** DATA_DIR. */
	readonly dataDirectory: string;
	/** Aborted when the provider is no longer wanted: what stays between calls ends, such as a loaded model. */
	readonly end?: AbortSignal | undefined;
	/** In place of a key, where the operator signed in. */
	readonly credential?: Credential | undefined;
}

/** What differs between the two protocols. */
export interface Dialect {
	/** Resolves with a response of status 2xx; throws a RefusedError for every other status. */
	send(signal: AbortSignal): Promise<Response>;
	/** What a chunk says. The chunk is untrusted. */
	pieceOf(chunk: object): Piece;
	/** The refusal inside a chunk, if it is one. */
	errorOf(chunk: object): unknown;
}

/**
 * One call with all that can go wrong on its way: deadlines, the caller's signal, refusals inside a stream, pages that are
 * no answer, streams that end without a finish reason. Throws only ProviderError.
 */
export async function guardedCall(
	parts: ClientParts,
	dialect: Dialect,
	request: ChatRequest,
	options: CallOptions = {},
): Promise<Completion> {
	const { spec, clock } = parts;
	if (options.signal?.aborted) throw new ProviderError("aborted", `${spec.name}: ended before the call`);
	const watch = createWatch(clock, { ...usualDeadlines, ...spec.deadlines }, options.signal);
	const answer = createAnswer(spec.name, request, options.onText);
	let response: Response | undefined;
	const observed = (): readonly ObservedLimit[] =>
		readLimitHeaders(spec.limitHeaders ?? [], response?.headers ?? new Headers(), clock.now());
	try {
		response = await dialect.send(watch.signal);
		await readAnswer(parts, dialect, response, answer, watch).catch((error: unknown) => {
			const isOnlyUsageMissing = answer.isWhole() && !(error instanceof ProviderError) && watch.reason() !== "aborted";
			if (!isOnlyUsageMissing) throw error;
		});
		return answer.complete(observed());
	} catch (error) {
		const failure = failureOf(error, watch, parts);
		if (!response && !watch.reason()) throw failure;
		throw new ProviderError(failure.kind, failure.message, {
			...failure,
			observed: observed(),
			usage: answer.usage(),
		});
	} finally {
		watch.stop();
	}
}

async function readAnswer(
	parts: ClientParts,
	dialect: Dialect,
	response: Response,
	answer: Answer,
	watch: Watch,
): Promise<void> {
	const type = response.headers.get("content-type") ?? "";
	if (type.includes("text/html") || !response.body) {
		await response.body?.cancel();
		throw pageError(parts.spec.name);
	}
	await readChunks(response.body, watch.signal, parts.clock, (chunk) => {
		watch.sawData();
		const error = dialect.errorOf(chunk);
		if (error !== undefined) throw new RefusedError(undefined, JSON.stringify(error), response.headers);
		const wasWhole = answer.isWhole();
		if (!answer.add(dialect.pieceOf(chunk))) return "enough";
		if (!wasWhole && answer.isWhole()) watch.sawEnd();
		return "more";
	});
	watch.signal.throwIfAborted();
}

/** Why the watch ended the call says more than the error which that caused. */
function failureOf(error: unknown, watch: Watch, { spec, settings, clock }: ClientParts): ProviderError {
	const { name } = spec;
	if (watch.reason() === "aborted") return new ProviderError("aborted", `${name}: ended by the caller`);
	if (watch.reason() === "timeout") return new ProviderError("timeout", `${name}: no answer in time`);
	return providerErrorOf(error, { ...spec, apiKey: settings.apiKey, now: clock.now() });
}
