import type {
	CallOptions,
	ChatMessage,
	Completion,
	Model,
	ObservedLimit,
	Provider,
	ProviderErrorKind,
	Region,
	Task,
	Usage,
} from "../providers/provider.ts";

/** One model of one provider: what the router chooses between. */
export interface Route {
	readonly provider: Provider;
	readonly model: Model;
}

/** `strong`: the best model that is permitted and left; `fast`: any will do; `any`: by price, speed and what is left. */
export type Demand = "strong" | "any" | "fast";

/** What a person chose with /modus. */
export const modes = ["quality", "speed", "thrift", "balanced"] as const;
export type Mode = (typeof modes)[number];

/** What kind of task a question is, and what it asks of a model. */
export interface TaskAnalysis {
	readonly label: Task;
	readonly demand: Demand;
	/** 0 to 1. */
	readonly confidence: number;
}

/** All the router may base a decision on. */
export interface Wish {
	readonly author: string;
	/** The question as the person wrote it. */
	readonly text: string;
	/** Up to two earlier turns of the same person, oldest first. */
	readonly previous: readonly string[];
	/** Where this person's text may be processed. Filtered before any score; failover keeps to it. */
	readonly regions: readonly Region[];
	readonly mode: Mode;
}

/**
 * The conversation as messages of at most `inputTokens` by estimate: oldest turns are left out first.
 * Called anew for each route, because contexts and quotas differ.
 */
export type Compose = (inputTokens: number) => readonly ChatMessage[];

/** One try of one route. */
export interface Attempt {
	readonly provider: string;
	readonly model: string;
	/** Undefined: this attempt gave the answer. `no-quota`: it was never called. */
	readonly failure?: ProviderErrorKind | "no-quota";
	readonly milliseconds: number;
}

/** Why this route: what /warum tells and the log shows. Survives JSON. */
export interface Decision {
	readonly task: TaskAnalysis;
	/** Unless it is `balanced`, it decided in place of the task's demand. */
	readonly mode: Mode;
	readonly provider: string;
	readonly label: string;
	readonly model: string;
	readonly region: Region;
	readonly attempts: readonly Attempt[];
	/** USD, by the route's list price. */
	readonly cost: number;
}

export interface RoutedAnswer {
	readonly completion: Completion;
	readonly decision: Decision;
}

export interface Router {
	/** The best route, then the next, until one answers. Throws only RouterError. */
	complete(wish: Wish, compose: Compose, options?: CallOptions): Promise<RoutedAnswer>;
}

/**
 * no-provider: none is permitted in the wished regions · busy: all pause or failed, see `nextTryAt` ·
 * too-long: fits no permitted model · content: a provider's filter refused · bad-request: a provider could not read our
 * request, and the next one would get the same · aborted: our own signal
 */
export type RouterErrorKind = "no-provider" | "busy" | "too-long" | "content" | "bad-request" | "aborted";

export class RouterError extends Error {
	override readonly name = "RouterError";
	readonly kind: RouterErrorKind;
	/** Milliseconds since 1970; undefined when nobody can say. */
	readonly nextTryAt: number | undefined;

	constructor(kind: RouterErrorKind, facts: { cause?: unknown; nextTryAt?: number | undefined } = {}) {
		super(`no answer: ${kind}`, { cause: facts.cause });
		this.kind = kind;
		this.nextTryAt = facts.nextTryAt;
	}
}

/** Booked before a call, settled after it. */
export interface Reservation {
	readonly id: number;
	readonly route: Route;
}

/** A route that is left alone for a while. */
export interface Pause {
	/** Milliseconds since 1970. */
	readonly until: number;
	readonly reason: ProviderErrorKind;
}

/** The ledger of every window of every route. Synchronous and atomic: two processes cannot pass a limit together. */
export interface Quota {
	/** Books one request and its estimated tokens in one atomic step, or says when the next one is possible. */
	reserve(route: Route, tokens: number, author: string): Reservation | { readonly nextAt: number };
	/** Replaces the estimate with what was used; `null` when the provider did not count the call. */
	settle(reservation: Reservation, usage: Usage | null, outcome: "answer" | "failure"): void;
	/** From the headers of a call, or from a balance call without one; wins over own counting. */
	observe(route: Route, seen: readonly ObservedLimit[], reservation?: Reservation): void;
	/** Leaves a model, or all models of its provider, alone until then. Never shortens a longer pause. */
	pause(route: Route, until: number, reason: ProviderErrorKind, scope: "model" | "provider"): void;
	/** Ends the route's pauses of this reason before their time. */
	resume(route: Route, reason: ProviderErrorKind): void;
	/** The longest pause of the route, or undefined. */
	pauseOf(route: Route): Pause | undefined;
	/** 0 to 1 over the tightest known window; 1 when nothing is known or limited. */
	shareLeft(route: Route): number;
	/** The most tokens that one call may book, question and answer together; infinite when nothing limits them. */
	largestCall(route: Route): number;
	report(): QuotaReport;
	/** Answers and tokens of one person since midnight in Europe/Berlin. */
	usedToday(author: string): { readonly answers: number; readonly tokens: number };
}

/** What is known of one window, for people to read. */
export interface WindowReport {
	/** Undefined: the window counts for all models of the provider. */
	readonly model: string | undefined;
	readonly unit: "requests" | "tokens";
	readonly window: "minute" | "day";
	readonly used: number;
	/** Undefined: nobody knows. Shown as `unbekannt`, never as 0 or 100. */
	readonly limit: number | undefined;
	/** Milliseconds since 1970, as all times here. Undefined: it rolls, or nobody knows. */
	readonly resetAt: number | undefined;
	readonly source: "header" | "balance" | "own-count" | "configuration" | "built-in";
	/** When the figure was seen; undefined for own counts, which are always current. */
	readonly seenAt: number | undefined;
	/** When a day's limit is reached if the last hour goes on; missing when it lasts or too little was used to tell. */
	readonly exhaustedAt?: number;
}

/** One provider as /status shows it. */
export interface ProviderReport {
	readonly name: string;
	readonly label: string;
	readonly region: Region;
	readonly state: "ready" | "paused" | "refused-key" | "no-credit";
	readonly pausedUntil: number | undefined;
	readonly windows: readonly WindowReport[];
}

export type QuotaReport = readonly ProviderReport[];
