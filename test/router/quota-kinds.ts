import type { Limit, Model, Provider } from "../../src/providers/provider.ts";
import type { Budget } from "../../src/router/budget.ts";
import type { CallSize } from "../../src/router/route.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

/** One limit of each kind, and a call of which exactly `passing` fit. */
export interface KindOfLimit {
	readonly provider: Provider;
	readonly model: Model;
	readonly budget: Budget;
	readonly size: CallSize;
	readonly author: string;
	readonly passing: number;
}

const month = { window: "month", kind: "rolling", timeZone: "UTC" } as const;
const day = { ...month, window: "day" } as const;
const unlimited: Budget = { eurPerDay: undefined, eurPerMonth: undefined };

/** Of a call with 700 tokens in and 300 out. */
const kinds: Readonly<Record<string, { limits?: readonly Limit[]; budget?: Budget; passing: number }>> = {
	"requests of a minute": { limits: [{ ...day, unit: "requests", window: "minute", maximum: 333 }], passing: 333 },
	"requests of a day": { limits: [{ ...day, unit: "requests", maximum: 400 }], passing: 400 },
	"tokens of a day": { limits: [{ ...day, unit: "tokens", maximum: 250_999 }], passing: 250 },
	"tokens of a month": { limits: [{ ...month, unit: "tokens", maximum: 250_000 }], passing: 250 },
	"credits of all models": { limits: [{ ...day, unit: "credits", maximum: 4_363.8, scope: "provider" }], passing: 300 },
	"requests of all models": { limits: [{ ...day, unit: "requests", maximum: 499, scope: "provider" }], passing: 499 },
	"the day's budget": { budget: { eurPerDay: 0.39, eurPerMonth: undefined }, passing: 300 },
	"the month's budget": { budget: { eurPerDay: undefined, eurPerMonth: 0.130_1 }, passing: 100 },
	"the share of a window": { limits: [{ ...day, unit: "requests", maximum: 300 }], passing: 270 },
	"the share of the budget": { budget: { eurPerDay: 0.13, eurPerMonth: 13 }, passing: 90 },
};

export const kindsOfLimit = Object.keys(kinds);

export function createKindOfLimit(kind: string): KindOfLimit {
	const { limits = [], budget = unlimited, passing = 0 } = kinds[kind] ?? {};
	const model = createModel("m", {
		limits,
		price: { input: 1, output: 2 },
		credits: { input: 9_091, output: 27_273 },
	});
	return {
		provider: createScriptedProvider("groq", { models: [model], isPaid: budget !== unlimited }),
		model,
		budget,
		size: { inputTokens: 700, mostInputTokens: 700, outputTokens: 300 },
		author: kind.startsWith("the share") ? "telegram:7" : "telegram:1",
		passing,
	};
}
