import {
	type LimitHeaders,
	type LimitText,
	readLimitHeaders,
	readLimitTexts,
	readRetryAfter,
} from "./limit-headers.ts";
import { LineTooLongError } from "./lines.ts";
import { ProviderError, type ProviderErrorKind } from "./provider.ts";

/** What an error of this status, or of every status, means when the pattern is found in its code or text. */
export type ErrorRule = readonly [pattern: RegExp, kind: ProviderErrorKind, status?: number];

/** What the classification needs to know about the provider. */
export interface ErrorFacts {
	readonly name: string;
	readonly apiKey?: string | undefined;
	readonly limitHeaders?: readonly LimitHeaders[] | undefined;
	readonly limitTexts?: readonly LimitText[] | undefined;
	readonly errorKinds?: readonly ErrorRule[] | undefined;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/**
 * A refusal as it came: an HTTP status with its body, or an error object inside a stream (status undefined).
 * Never leaves this folder, for the body may repeat the key or the chat.
 */
export class RefusedError extends Error {
	override readonly name = "RefusedError";
	readonly status: number | undefined;
	readonly body: string;
	readonly headers: Headers;

	constructor(status: number | undefined, body: string, headers: Headers) {
		super("refused");
		this.status = status;
		this.body = body;
		this.headers = headers;
	}
}

interface Rule {
	readonly pattern: RegExp;
	readonly kind: ProviderErrorKind;
	/** Only with these, 0 for an error inside a stream; with every status when missing. */
	readonly statuses?: readonly number[];
}

/** By what the body says; the first one that fits decides. */
const rules: readonly Rule[] = [
	{
		pattern:
			/context_length_exceeded|exceed_context_size|(maximum|exceeds?|available) (the )?(model'?s )?context|context (length|window|size)|(prompt|input)\b.{0,40} (too long|longer than)|input (length should be|token count exceeds)|too many (input )?tokens|reduce the length of the messages/i,
		kind: "context",
		statuses: [0, 400, 413, 422, 500],
	},
	{
		pattern:
			/data_?inspection_?failed|content_?(filter|policy)|inappropriate content|content exists risk|moderation|flagged/i,
		kind: "content",
		statuses: [0, 400, 403, 422],
	},
	{
		pattern:
			/limit(?![\w-]*(?:remaining|reset|used))[\w-]*["']?\s*[:=]?\s*["']?0\b(?!\.)|free_?tier_?only|model_permission|no access to (the )?model/i,
		kind: "no-allowance",
		statuses: [403, 429],
	},
	{
		pattern:
			/insufficient[_ ](quota|balance|funds|credits?)|arrearage|credit balance|out of credits|blocked_api_access/i,
		kind: "money",
	},
	{ pattern: /billing|payment|overdue/i, kind: "money", statuses: [400, 401, 403] },
	{
		pattern:
			/model[_ ]?not[_ ]?(found|exist|supported)|model_decommissioned|model\b.{0,80}(does not exist|not found|decommissioned)/i,
		kind: "model-gone",
		statuses: [0, 400, 403, 404, 422],
	},
];

const kindOfStatus: Readonly<Record<number, ProviderErrorKind>> = {
	401: "auth",
	402: "money",
	403: "auth",
	404: "model-gone",
	408: "overload",
	409: "overload",
	413: "too-large",
	429: "rate-limit",
	498: "overload",
	499: "overload",
};

/**
 * The one place that turns what was thrown on the way into the error that leaves the provider. It carries the status and
 * a short code, no text of the original and no cause.
 */
export function providerErrorOf(error: unknown, facts: ErrorFacts): ProviderError {
	if (error instanceof ProviderError) return error;
	if (error instanceof RefusedError) return isForeignPage(error) ? pageError(facts.name) : refusalError(error, facts);
	if (error instanceof SyntaxError || error instanceof LineTooLongError)
		return new ProviderError("bad-answer", `${facts.name}: unreadable answer`);
	const code = systemCode(error);
	return new ProviderError("network", `${facts.name}: connection failed${code ? ` (${code})` : ""}`, { code });
}

/** A page for people in place of an answer: the provider's address is wrong, or a network wants a sign-in first. */
export function pageError(name: string): ProviderError {
	return new ProviderError("bad-answer", `${name}: a page instead of an answer`, { code: "HTML_PAGE" });
}

/** With these a page says that somebody else answered: a network, a proxy, or a web server at a wrong address. */
const pageStatuses: readonly number[] = [400, 401, 403, 404, 405, 407, 511];

/** A redirect is not followed: it leads to a login page, or sends the chat to another host. */
function isForeignPage({ status = 0, body }: RefusedError): boolean {
	return (status >= 300 && status < 400) || (pageStatuses.includes(status) && /^\s*<(!doctype|html)/i.test(body));
}

function refusalError(refusal: RefusedError, facts: ErrorFacts): ProviderError {
	const { status, body, headers } = refusal;
	const retryAfterSeconds = readRetryAfter(headers, body, facts.now);
	const label = status === undefined ? "error in the stream" : `HTTP ${status}`;
	return new ProviderError(kindOf(refusal, facts), `${facts.name}: ${label}${codeOf(body, facts.apiKey)}`, {
		retryAfterSeconds,
		observed: [
			...readLimitHeaders(facts.limitHeaders ?? [], headers, facts.now),
			...readLimitTexts(facts.limitTexts ?? [], body),
		],
	});
}

function kindOf({ status, body, headers }: RefusedError, { errorKinds = [] }: ErrorFacts): ProviderErrorKind {
	const ofProvider = errorKinds.find(([pattern, , only]) => (only ?? status) === status && pattern.test(body));
	if (ofProvider) return ofProvider[1];
	const rule = rules.find(
		({ pattern, statuses }) => (!statuses || statuses.includes(status ?? 0)) && pattern.test(body),
	);
	if (rule) return rule.kind;
	if (status === 429 && [...headers].some(([name, value]) => /^x-ratelimit-limit/.test(name) && value === "0")) {
		return "no-allowance";
	}
	if (status === undefined) return kindOfCode(body);
	return kindOfStatus[status] ?? (status >= 500 ? "overload" : "bad-request");
}

/** Errors inside a stream carry the status in their code, if anywhere. */
function kindOfCode(body: string): ProviderErrorKind {
	const status = Number(/"(?:code|status)"\s*:\s*"?(\d{3})\b/.exec(body)?.[1]);
	if (/rate_?limit/i.test(body)) return "rate-limit";
	return kindOfStatus[status] ?? (status >= 400 && status < 500 ? "bad-request" : "overload");
}

/** The provider's own word for the error, if it is a plain word and no part of the key. */
function codeOf(body: string, apiKey: string | undefined): string {
	const words = ["code", "type"].map(
		(field) => new RegExp(`"${field}"\\s*:\\s*"([a-z][a-z_.]{0,59})"`, "i").exec(body)?.[1],
	);
	const code = words.find((word) => word && !(apiKey && (apiKey.includes(word) || word.includes(apiKey))));
	return code === undefined ? "" : ` ${code}`;
}

/** `ECONNREFUSED` and the like lie some causes deep. */
function systemCode(error: unknown, depth = 0): string | undefined {
	if (!(error instanceof Error) || depth > 5) return undefined;
	const { code } = error as { readonly code?: unknown };
	if (typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
	return systemCode(error.cause, depth + 1);
}
