import type {
	AccountReading,
	CallOptions,
	ChatMessage,
	Completion,
	LimitUnit,
	LimitWindow,
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
	/** EUR that this answer was billed at by the price list; 0 on a free plan. */
	readonly cost: number;
}

export interface RoutedAnswer {
	readonly completion: Completion;
	readonly decision: Decision;
	/** Its stream broke for good: the text ends in the middle. */
	readonly isBroken?: true;
}

export interface Router {
	/** The best route, then the next, until one answers. Throws only RouterError. */
	complete(wish: Wish, compose: Compose, options?: CallOptions): Promise<RoutedAnswer>;
}

/**
 * no-provider: none is permitted in the wished regions · busy: all pause or failed, see `nextTryAt` ·
 * budget: only paid ones are left and the operator's ceiling is reached · share: others' part is all that is left ·
 * too-long: fits no permitted model · content: a provider's filter refused · bad-request: a provider could not read our
 * request, and the next one would get the same · aborted: our own signal
 */
export type RouterErrorKind =
	| "no-provider"
	| "busy"
	| "budget"
	| "share"
	| "too-long"
	| "content"
	| "bad-request"
	| "aborted";

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

/** What one call may use up. */
export interface CallSize {
	/** By estimate: what the windows of tokens are booked with. */
	readonly inputTokens: number;
	/** No tokenizer makes more of the question: what the budget is booked with. */
	readonly mostInputTokens: number;
	/** The longest answer that is asked for. */
	readonly outputTokens: number;
}

/** Booked before a call, settled after it. */
export interface Reservation {
	readonly id: number;
	readonly route: Route;
}

/** Why a call has to wait: a window of the provider, the operator's budget, or the person's share of either. */
export interface NoRoom {
	/** Milliseconds since 1970; infinite when it never fits. */
	readonly nextAt: number;
	readonly reason: "window" | "budget" | "share";
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
	reserve(route: Route, size: CallSize, author: string): Reservation | NoRoom;
	/** Replaces the estimate with what was used; `null` when the provider did not count the call. */
	settle(reservation: Reservation, usage: Usage | null, outcome: "answer" | "failure"): void;
	/** From the headers of a call; wins over own counting. */
	observe(reservation: Reservation, seen: readonly ObservedLimit[]): void;
	/** What a provider said of the account. Without credit it pauses, with credit again it comes back at once. */
	observeAccount(provider: Provider, reading: AccountReading): void;
	/** EUR that a call of this route cost at a moment; 0 where the plan is free. */
	costOf(route: Route, usage: Usage, at: number): number;
	/** Leaves a model, or all models of its provider, alone until then. Never shortens a longer pause. */
	pause(route: Route, until: number, reason: ProviderErrorKind, scope: "model" | "provider"): void;
	/** Ends the route's pauses of this reason before their time. */
	resume(route: Route, reason: ProviderErrorKind): void;
	/** The longest pause of the route, or undefined. */
	pauseOf(route: Route): Pause | undefined;
	/** All that still run, the longest first: its model's and its provider's, one for each reason. */
	pausesOf(route: Route): readonly Pause[];
	/** 0 to 1 over the tightest known window; 1 when nothing is known or limited. */
	shareLeft(route: Route): number;
	/** The most tokens that one call may book, question and answer together; infinite when nothing limits them. */
	largestCall(route: Route): number;
	report(): QuotaReport;
	/** What one person used since midnight in Europe/Berlin. */
	usedToday(author: string): PersonalUse;
	/** Everybody who used something since then, most answers first. */
	useByPerson(): readonly (PersonalUse & { readonly author: string })[];
	/** Part of every shared window of a day or longer that one person may use, 0 to 1; undefined: the usual one. */
	setShare(author: string, share: number | undefined): void;
}

export interface PersonalUse {
	readonly answers: number;
	readonly tokens: number;
	/** EUR. */
	readonly cost: number;
	/** 0 to 1, as it holds now. */
	readonly share: number;
	/** An admin set it. */
	readonly isShareSet: boolean;
}

/** What is known of one window, for people to read. */
export interface WindowReport {
	/** Undefined: the window counts for all models of the provider. */
	readonly model: string | undefined;
	readonly unit: LimitUnit;
	readonly window: LimitWindow;
	readonly used: number;
	/** Undefined: nobody knows. Shown as `unbekannt`, never as 0 or 100. */
	readonly limit: number | undefined;
	/** Milliseconds since 1970, as all times here. Undefined: it rolls, or nobody knows. */
	readonly resetAt: number | undefined;
	readonly source: "header" | "balance" | "own-count" | "configuration" | "built-in";
	/** When the figure was seen; undefined for own counts, which are always current. */
	readonly seenAt: number | undefined;
	/** When it is used up at the pace of the last hour (a month: of the last day); missing when it lasts or nobody can tell. */
	readonly exhaustedAt?: number;
}

/** One provider as /status shows it. */
export interface ProviderReport {
	readonly name: string;
	readonly label: string;
	readonly region: Region;
	readonly isPaid: boolean;
	/** `used-up`: no window has room for one request more. */
	readonly state: "ready" | "paused" | "used-up" | "refused-key" | "no-credit";
	readonly pausedUntil: number | undefined;
	/** Of a pause that a failure caused. */
	readonly pauseReason: ProviderErrorKind | undefined;
	/** Empty for a provider without any limit, such as an own machine. */
	readonly windows: readonly WindowReport[];
	/** Without any limit of its own: nothing runs out. */
	readonly isUnlimited: boolean;
	/** Calls of all its models since midnight in Europe/Berlin. */
	readonly today: Pick<PersonalUse, "answers" | "tokens" | "cost"> & { readonly failures: number };
	readonly balance: { readonly amount: number; readonly currency: string; readonly seenAt: number } | undefined;
	/**
	 * Answers of the usual length that its free windows still allow until midnight, by the one that binds first.
	 * Undefined where nothing is free, nothing is known, or nothing limits it.
	 */
	readonly freeAnswersLeft: number | undefined;
}

/** One ceiling of the operator over everything that is billed, in EUR. */
export interface BudgetReport {
	readonly window: "day" | "month";
	readonly used: number;
	/** Undefined: no ceiling. */
	readonly limit: number | undefined;
	readonly resetAt: number;
}

export interface QuotaReport {
	readonly providers: readonly ProviderReport[];
	/** Empty where no provider is paid. */
	readonly budget: readonly BudgetReport[];
}
