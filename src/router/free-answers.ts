import type { Model, Provider } from "../providers/provider.ts";
import type { Allowance } from "./allowance.ts";
import { type Amounts, amountsOf, type Ledger } from "./ledger.ts";
import { windowMilliseconds } from "./window.ts";

/** A model with what is known of its windows, those that it shares with others included. */
export interface ModelAllowances {
	readonly model: Model;
	readonly allowances: readonly Allowance[];
	/** Nothing can be had from it before `end`. */
	readonly isOut: boolean;
}

/** An answer of which nothing is known; about two thirds of it are the question. */
const usualTokens = 1_000;
const questionPart = 0.7;

/** Tokens of one answer with its question: the average of the last day. */
export function usualLength(ledger: Ledger, providers: readonly Provider[], now: number): number {
	const uses = providers.map(({ name }) =>
		ledger.useSince({ provider: name, model: "" }, now - windowMilliseconds.day + 1),
	);
	const answers = uses.reduce((sum, use) => sum + use.answers, 0);
	const tokens = uses.reduce((sum, use) => sum + use.tokens, 0);
	return answers > 0 && tokens > 0 ? tokens / answers : usualTokens;
}

/**
 * Answers of this length that the windows of all models together allow from `now` until `end`. Undefined when no window
 * is known.
 */
export function freeAnswersLeft(
	ledger: Ledger,
	models: readonly ModelAllowances[],
	length: number,
	now: number,
	end: number,
): number | undefined {
	const answersOf = ({ model, allowances }: ModelAllowances, scope: Allowance["scope"]): number => {
		const each = amountsOfAnswer(model, length);
		const counts = allowances.flatMap((allowance) => {
			const left = allowance.scope === scope ? leftUntil(ledger, allowance, now, end) : undefined;
			return left === undefined || each[allowance.unit] === 0 ? [] : [Math.floor(left / each[allowance.unit])];
		});
		return Math.min(Number.POSITIVE_INFINITY, ...counts);
	};
	if (models.every(({ isOut }) => isOut)) return 0;
	const usable = models.filter(({ isOut }) => !isOut);
	// What all share goes furthest with the thriftiest of them.
	const shared = Math.max(...usable.map((one) => answersOf(one, "provider")));
	const own = usable.map((one) => answersOf(one, "model"));
	if (Number.isFinite(shared)) return Math.min(shared, sum(own));
	const known = own.filter(Number.isFinite);
	return known.length === 0 ? undefined : sum(known);
}

/** What is left until a moment: with what a rolling window frees before, or what a new window brings. */
function leftUntil(
	ledger: Ledger,
	{ unit, window, name, from, left, maximum, resetAt, isRolling }: Allowance,
	now: number,
	end: number,
): number | undefined {
	if (left === undefined || maximum === undefined) return left;
	const length = windowMilliseconds[window];
	if (window === "minute") return left + maximum * Math.floor((end - now) / length);
	if (resetAt !== undefined && resetAt < end) return isRolling ? maximum : left + maximum;
	if (resetAt !== undefined || end - length < from) return left;
	const freed = ledger.useSince(name, from)[unit] - ledger.useSince(name, end - length + 1)[unit];
	return Math.min(maximum, left + freed);
}

function amountsOfAnswer(model: Model, length: number): Amounts {
	return amountsOf(model, { inputTokens: length * questionPart, outputTokens: length * (1 - questionPart) });
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
