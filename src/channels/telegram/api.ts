import { Api, HttpError, type RawApi } from "grammy";
import type { ApiError } from "grammy/types";
import type { Clock } from "../../clock.ts";
import { TelegramError } from "./errors.ts";

/** The methods of the Bot API, each with a deadline of its own. They reject only with TelegramError. */
export type TelegramApi = RawApi;

/** The signals of the library's types come from a package; the built-in ones do the same. */
export type ForeignSignal = Parameters<RawApi["getMe"]>[0];

/**
 * `answerSeconds` is how long Telegram may take to answer, on top of the `timeout` that a long poll asks for.
 * Nothing is repeated here: only the caller knows whether a repetition is wanted.
 */
export function createTelegramApi(parts: {
	readonly token: string;
	readonly apiRoot: string | undefined;
	readonly clock: Clock;
	readonly answerSeconds: number;
}): TelegramApi {
	const { token, apiRoot, clock, answerSeconds } = parts;
	const api = new Api(token, apiRoot === undefined ? {} : { apiRoot: apiRoot.replace(/\/+$/, "") });
	const secret = token.slice(token.indexOf(":") + 1) || token;
	const withoutToken = (text: string): string => text.replaceAll(secret, "[redacted]");

	api.config.use(async (call, method, payload, signal) => {
		const seconds = answerSeconds + ("timeout" in payload ? Number(payload.timeout) : 0);
		const deadline = new AbortController();
		const abort = (): void => deadline.abort();
		const cancel = clock.after(seconds * 1_000, abort);
		signal?.addEventListener("abort", abort);
		if (signal?.aborted) abort();
		try {
			const answer = await call(method, payload, deadline.signal as ForeignSignal);
			if (answer.ok) return answer;
			throw new TelegramError(method, { ...answer, description: withoutToken(answer.description) });
		} catch (error) {
			if (error instanceof TelegramError) throw error;
			throw new TelegramError(method, silence(deadline.signal.aborted ? "no answer in time" : reasonOf(error)));
		} finally {
			cancel();
			signal?.removeEventListener("abort", abort);
		}
	});
	return api.raw;
}

const silence = (description: string): ApiError => ({ ok: false, error_code: 0, description });

/** A word like `ECONNREFUSED` or `invalid-json`, never a message: that one names the URL with the token. */
function reasonOf(error: unknown): string {
	const cause: unknown = error instanceof HttpError ? error.error : error;
	if (!(cause instanceof Error)) return "no answer";
	if ("code" in cause && typeof cause.code === "string") return cause.code;
	if ("type" in cause && typeof cause.type === "string") return cause.type;
	return cause.name;
}
