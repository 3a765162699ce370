import type { Limit, LimitScope, Model, Provider, Usage } from "../providers/provider.ts";
import type { Seen } from "./figures.ts";
import { wholeUnits } from "./ledger.ts";

type Key = Pick<Limit, "unit" | "window">;

/** What the provider told about a window of this model, or about the one that all its models share. */
export function figureFor(
	seen: readonly Seen[],
	{ unit, window, scope = "model" }: Key & { readonly scope?: LimitScope },
	modelId: string,
): Seen | undefined {
	const model = scope === "provider" ? "" : modelId;
	return seen.find((figure) => figure.unit === unit && figure.window === window && figure.model === model);
}

/**
 * The model's limits, as far as they can be those of this account: a built-in one that the provider calls larger belongs to
 * another plan, and then the table says nothing about the windows that the provider does not tell of either.
 */
export function limitsOf(model: Model, seen: readonly Seen[]): readonly Limit[] {
	return isOnOtherPlan(model, seen) ? model.limits.filter((limit) => figureFor(seen, limit, model.id)) : model.limits;
}

/**
 * Whether calls are billed: where the provider is paid, and where the plan is called free but the headers show a larger one
 * (such as Groq's developer plan), whose list prices are then taken to hold.
 */
export function isBilled({ isPaid, models }: Provider, seen: readonly Seen[]): boolean {
	const told = seen.filter(({ source }) => source === "header");
	return isPaid || models.some((model) => model.price.input + model.price.output > 0 && isOnOtherPlan(model, told));
}

/** Millionths of a euro at a moment, rounded up; at the list price without one. */
export function priceOf(
	{ provider, model }: { readonly provider: Provider; readonly model: Model },
	{ inputTokens, outputTokens }: Omit<Usage, "isEstimated">,
	at?: number,
): number {
	const factor = at === undefined ? 1 : (provider.priceFactor?.(at) ?? 1);
	return Math.ceil((inputTokens * model.price.input + outputTokens * model.price.output) * factor);
}

function isOnOtherPlan({ id, limits, areLimitsConfigured }: Model, seen: readonly Seen[]): boolean {
	if (areLimitsConfigured) return false;
	return limits.some((limit) => (figureFor(seen, limit, id)?.maximum ?? 0) > wholeUnits(limit.unit, limit.maximum));
}
