/** What kind of task a message is: the labels of router/task.ts. */
export const tasks = [
	"coding",
	"reasoning",
	"complex",
	"writing",
	"translation",
	"summarise",
	"simple",
	"command",
	"chat",
] as const;
export type Task = (typeof tasks)[number];

/** Where a provider processes text; `global`: it does not say. */
export const regions = ["local", "eu", "us", "asia", "china", "global"] as const;
export type Region = (typeof regions)[number];

/** `credits`: a provider's own unit, which each model uses up at its own rate. */
export type LimitUnit = "requests" | "tokens" | "credits";
export type LimitWindow = "minute" | "day" | "month";
/** `provider`: all models of the account share it. */
export type LimitScope = "model" | "provider";

/** A ceiling the provider sets. `rolling` windows move with the clock, `calendar` ones start anew at midnight of `timeZone`. */
export interface Limit {
	readonly unit: LimitUnit;
	readonly window: LimitWindow;
	readonly kind: "rolling" | "calendar";
	/** IANA zone of a calendar window. */
	readonly timeZone: string;
	readonly maximum: number;
	/** Missing: each model has its own. */
	readonly scope?: LimitScope;
}

export interface Model {
	readonly id: string;
	/** 0 to 1, judged on German. */
	readonly quality: Readonly<Record<Task, number>>;
	readonly tokensPerSecond: number;
	/** EUR per million tokens by the price list; 0 = free. */
	readonly price: { readonly input: number; readonly output: number };
	/** Credits per million tokens; missing where the provider counts none. */
	readonly credits?: { readonly input: number; readonly output: number };
	readonly contextTokens: number;
	/** Longest answer worth asking for: some providers book the asked-for length against the quota. */
	readonly maxAnswerTokens: number;
	/** Start values with a date in the provider's file, or those of the configuration; headers and read-outs win. */
	readonly limits: readonly Limit[];
	/** `limits` come from the operator. */
	readonly areLimitsConfigured?: true;
}

export interface ChatMessage {
	readonly role: "system" | "user" | "assistant";
	readonly content: string;
}

export interface ChatRequest {
	readonly messages: readonly ChatMessage[];
	/** The longest answer that is wanted. */
	readonly maxTokens: number;
}

/** Tokens of one call. `isEstimated`: the provider sent none and they were counted from the text. */
export interface Usage {
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly isEstimated: boolean;
}

/** A figure that a provider told about a window, in a header or a read-out of the account. */
export interface ObservedLimit {
	readonly unit: LimitUnit;
	readonly window: LimitWindow;
	/** Missing: it concerns the model that was called. */
	readonly scope?: LimitScope;
	readonly maximum?: number;
	readonly remaining?: number;
	/** Milliseconds since 1970 at which the window is full again. */
	readonly resetAt?: number;
}

/** What a provider says of the account when it is asked, apart from any call of a model. */
export interface AccountReading {
	/** Each for the model with this id, or for all of them. */
	readonly limits: readonly (ObservedLimit & { readonly modelId?: string })[];
	readonly balance?: { readonly amount: number; readonly currency: string };
	/** False: nothing can be called until the account is topped up. Undefined: it says nothing of money. */
	readonly hasCredit: boolean | undefined;
}

export interface Completion {
	/** Without reasoning; never empty. */
	readonly text: string;
	/**
	 * `length`: the answer ended at `maxTokens`; `content-filter`: the provider cut or refused it; `repetition`: it ran in
	 * circles and was ended here, without its repetitions.
	 */
	readonly finishReason: "stop" | "length" | "content-filter" | "repetition";
	readonly usage: Usage;
	readonly observed: readonly ObservedLimit[];
}

export interface CallOptions {
	/** The person or the program ended the call: rejects with kind `aborted`. */
	readonly signal?: AbortSignal;
	/** The whole text so far, never a fragment: after a failover it simply starts again. */
	readonly onText?: (textSoFar: string) => void;
}

export interface Provider {
	/** `qwen`, `groq`, … as in the variables' names, lower case. */
	readonly name: string;
	/** As people read it: `Qwen`, `Groq`. */
	readonly label: string;
	readonly region: Region;
	readonly models: readonly Model[];
	/** Calls are billed and count against the operator's budget. False where the plan is free or the machine is our own. */
	readonly isPaid: boolean;
	/** Multiplies the list price at a moment (milliseconds since 1970), 0 to 1. Missing: the price never changes. */
	readonly priceFactor?: (at: number) => number;
	/** Throws only ProviderError. Resolves only with a finish reason the provider really sent. */
	complete(model: Model, request: ChatRequest, options?: CallOptions): Promise<Completion>;
	/** Asks what is left. Costs no quota. Missing where a provider offers no such read-out. Throws only ProviderError. */
	readAccount?(signal?: AbortSignal): Promise<AccountReading>;
}

/**
 * auth: key refused · money: no credit · rate-limit: wait · burst: too many at once, seconds are enough ·
 * no-allowance: this model is not in the plan ·
 * too-large: does not fit this provider's limits · context: does not fit the model's context · overload: 5xx ·
 * network: no connection, or it was cut · timeout: an own deadline passed · model-gone: unknown model ·
 * content: filtered · bad-request: our request is wrong · bad-answer: empty, garbage or without a finish reason ·
 * aborted: our own signal
 */
export const providerErrorKinds = [
	"auth",
	"money",
	"rate-limit",
	"burst",
	"no-allowance",
	"too-large",
	"context",
	"overload",
	"network",
	"timeout",
	"model-gone",
	"content",
	"bad-request",
	"bad-answer",
	"aborted",
] as const;
export type ProviderErrorKind = (typeof providerErrorKinds)[number];

/** The only error that leaves a provider. Its message carries no key and no text of the chat. */
export class ProviderError extends Error {
	override readonly name = "ProviderError";
	readonly kind: ProviderErrorKind;
	/** As the provider asked; undefined when it did not say. */
	readonly retryAfterSeconds: number | undefined;
	readonly observed: readonly ObservedLimit[];
	/** What the failed call used up, as far as it can be known: a broken stream costs quota too. */
	readonly usage: Usage | undefined;
	/** Of a failed connection, such as `ECONNREFUSED` or `DEPTH_ZERO_SELF_SIGNED_CERT`; `HTML_PAGE`: a page came instead. */
	readonly code: string | undefined;

	constructor(
		kind: ProviderErrorKind,
		message: string,
		facts: {
			cause?: unknown;
			retryAfterSeconds?: number | undefined;
			observed?: readonly ObservedLimit[];
			usage?: Usage | undefined;
			code?: string | undefined;
		} = {},
	) {
		super(message, { cause: facts.cause });
		this.kind = kind;
		this.retryAfterSeconds = facts.retryAfterSeconds;
		this.observed = facts.observed ?? [];
		this.usage = facts.usage;
		this.code = facts.code;
	}
}
