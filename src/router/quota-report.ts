import type { Provider, ProviderErrorKind } from "../providers/provider.ts";
import type { Allowance, AllowancesOf } from "./allowance.ts";
import type { BudgetBook } from "./budget.ts";
import type { Figures } from "./figures.ts";
import { exhaustedAt } from "./forecast.ts";
import { freeAnswersLeft, type ModelAllowances, usualLength } from "./free-answers.ts";
import { type Ledger, naturalUnits, type Use } from "./ledger.ts";
import type { Pauses } from "./pauses.ts";
import { isBilled } from "./plan.ts";
import { freeAt, leastAmounts } from "./room.ts";
import type { Pause, PersonalUse, ProviderReport, QuotaReport, WindowReport } from "./route.ts";
import type { Share } from "./shares.ts";
import { dayOf, windowMilliseconds } from "./window.ts";

export interface Books {
	readonly ledger: Ledger;
	readonly figures: Figures;
	readonly pauses: Pauses;
	readonly budget: BudgetBook;
	readonly allowancesOf: AllowancesOf;
}

const millionths = 1_000_000;
const states: Partial<Record<ProviderErrorKind, ProviderReport["state"]>> = { auth: "refused-key", money: "no-credit" };

/** What is known of each provider at this moment, and of the operator's budget. */
export function reportOf(providers: readonly Provider[], books: Books, now: number): QuotaReport {
	const length = usualLength(books.ledger, providers, now);
	const reports = providers.map((provider) => providerReport(provider, books, length, now));
	return { providers: reports, budget: reports.some(({ isPaid }) => isPaid) ? books.budget.report(now) : [] };
}

export function personalUse(use: Pick<Use, "answers" | "tokens" | "cost">, { part, isSet }: Share): PersonalUse {
	return {
		answers: use.answers,
		tokens: use.tokens,
		cost: use.cost / millionths,
		share: part,
		isShareSet: isSet,
	};
}

function providerReport(
	provider: Provider,
	{ ledger, figures, pauses, allowancesOf }: Books,
	length: number,
	now: number,
): ProviderReport {
	const { name, label, region } = provider;
	const midnight = dayOf("Europe/Berlin", now);
	const seen = figures.of(name);
	const isPaid = isBilled(provider, seen);
	const models = provider.models.map((model): ModelAllowances & { rest: Rest | undefined } => {
		const allowances = allowancesOf({ provider, model }, now, seen);
		const [pause] = pauses.of({ provider: name, model: model.id }, now);
		const isOut = pause !== undefined && pause.until >= midnight.end;
		return { model, allowances, isOut, rest: restOf(pause, allowances, now) };
	});
	const rest = soonest(models.map((one) => one.rest));
	const isUnlimited = models.every(({ allowances }) => allowances.length === 0) && hasNoLimits(provider);
	const { answers, failures, tokens, cost } = ledger.useSince({ provider: name, model: "" }, midnight.start);
	return {
		name,
		label,
		region,
		isPaid,
		state: rest?.state ?? "ready",
		pausedUntil: rest && Number.isFinite(rest.until) ? rest.until : undefined,
		pauseReason: rest?.reason,
		windows: isUnlimited ? [] : windowsOf(name, models, ledger, now),
		isUnlimited,
		today: { answers, failures, tokens, cost: cost / millionths },
		balance: figures.balanceOf(name),
		freeAnswersLeft: isPaid ? undefined : freeAnswersLeft(ledger, models, length, now, midnight.end),
	};
}

/** An own machine, or an account of which the operator said so; of any other without a figure nothing is known. */
function hasNoLimits({ region, models }: Provider): boolean {
	return region === "local" || models.every(({ areLimitsConfigured }) => areLimitsConfigured);
}

interface Rest {
	readonly until: number;
	readonly state: ProviderReport["state"];
	readonly reason: ProviderErrorKind | undefined;
}

/** Until when a model is left alone: because of a failure, or because a window has no room for one request more. */
function restOf(pause: Pause | undefined, allowances: readonly Allowance[], now: number): Rest | undefined {
	const windowAt = freeAt(allowances, leastAmounts, now);
	const until = Math.max(pause?.until ?? now, windowAt);
	if (until <= now) return undefined;
	const state = pause && (states[pause.reason] ?? (pause.until >= windowAt ? "paused" : undefined));
	return state ? { until, state, reason: pause.reason } : { until, state: "used-up", reason: undefined };
}

/** A provider rests when all its models do: until the first of them is back. */
function soonest(rests: readonly (Rest | undefined)[]): Rest | undefined {
	return rests.reduce((first, rest) => (first && rest && rest.until < first.until ? rest : rest && first), rests[0]);
}

/** Each window once; a model of which no window is known shows its own count of the day. */
function windowsOf(
	provider: string,
	models: readonly ModelAllowances[],
	ledger: Ledger,
	now: number,
): readonly WindowReport[] {
	const shared = new Map<string, WindowReport>();
	const own = models.flatMap(({ model, allowances }) => {
		for (const allowance of allowances.filter(({ scope }) => scope === "provider"))
			shared.set(`${allowance.unit} ${allowance.window}`, windowReport(undefined, allowance, ledger, now));
		if (allowances.length === 0) return [unknownWindow(provider, model.id, ledger, now)];
		return allowances
			.filter(({ scope }) => scope === "model")
			.map((allowance) => windowReport(model.id, allowance, ledger, now));
	});
	return [...shared.values(), ...own];
}

function windowReport(model: string | undefined, allowance: Allowance, ledger: Ledger, now: number): WindowReport {
	const { unit, window, used, maximum, resetAt, source, seenAt } = allowance;
	const limit = maximum === undefined ? undefined : naturalUnits(unit, maximum);
	const endsAt = exhaustedAt(ledger, allowance, now);
	const forecast = endsAt === undefined ? {} : { exhaustedAt: endsAt };
	return { model, unit, window, used: naturalUnits(unit, used), limit, resetAt, source, seenAt, ...forecast };
}

function unknownWindow(provider: string, model: string, ledger: Ledger, now: number): WindowReport {
	const used = ledger.useSince({ provider, model }, now - windowMilliseconds.day + 1).requests;
	const nothing = { limit: undefined, resetAt: undefined, seenAt: undefined };
	return { model, unit: "requests", window: "day", used, source: "own-count", ...nothing };
}
