import * as v from "valibot";
import type { Limit, Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/** For all models that end in `:free` together, as of 2026-09-28 (openrouter.ai/docs/api-reference/limits). */
const freePlan: readonly Limit[] = [
	{ unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 20, scope: "provider" },
	{ unit: "requests", window: "day", kind: "calendar", timeZone: "UTC", maximum: 50, scope: "provider" },
];

/** Which models are free changes every week: these were on 2026-11-10. One that is gone is left out by the failover. */
const gemma31b: Model = {
	id: "google/gemma-4-31b-it:free",
	quality: judged(0.76, { coding: 0.7, reasoning: 0.72 }),
	tokensPerSecond: 40,
	price: { input: 0, output: 0 },
	contextTokens: 131_072,
	maxAnswerTokens: 2_000,
	limits: freePlan,
};

const gemma26b: Model = {
	...gemma31b,
	id: "google/gemma-4-26b-a4b-it:free",
	quality: judged(0.72, { coding: 0.66, reasoning: 0.68 }),
	tokensPerSecond: 80,
};

/** OpenRouter's own choice among the free models of the day: stays when the others are gone (its documentation, 2026-11). */
const anyFree: Model = {
	...gemma26b,
	id: "openrouter/free",
	quality: judged(0.6),
	tokensPerSecond: 60,
};

/** Of `GET /key`, as documented in 2026-11 (openrouter.ai/docs, get current API key). */
const keySchema = v.object({
	data: v.object({ is_free_tier: v.boolean(), limit_remaining: v.nullish(v.number()) }),
});

export const openrouter: ProviderSpec = {
	name: "openrouter",
	label: "OpenRouter",
	region: "global",
	protocol: "openai",
	baseUrl: "https://openrouter.ai/api/v1",
	needsKey: true,
	keyPage: "https://openrouter.ai/settings/keys",
	currency: "USD",
	isPaid: true,
	models: [gemma31b, gemma26b, anyFree],
	/** Dearer than nearly everything on offer, so that an unknown model hardly costs more than was booked. */
	unknownModel: { ...gemma31b, quality: judged(0.65), price: { input: 5, output: 25 }, limits: [] },
	freeModels: { pattern: /:free$|^openrouter\/free$/, limits: freePlan },
	extraBody: (modelId) => ({ reasoning: modelId.includes("gpt-oss") ? { effort: "low" } : { enabled: false } }),
	/** Only a refusal says something of the limits. */
	limitTexts: [
		{
			pattern: /free-models-per-day(?:[\s\S]*?"X-RateLimit-Limit"\s*:\s*"?(?<maximum>\d+))?/i,
			unit: "requests",
			window: "day",
			scope: "provider",
		},
		{ pattern: /free-models-per-min/i, unit: "requests", window: "minute", scope: "provider" },
	],
	errorKinds: [
		[/data policy|guardrail|no allowed providers/i, "no-allowance", 404],
		[/not a valid model/i, "model-gone", 400],
		[/key limit exceeded/i, "money", 403],
	],
	/**
	 * An account that never bought credits has 50 free requests a day; for one that did, the answer leaves open whether it
	 * has 1,000. Below zero even free models are refused.
	 */
	async readAccount(ask, { baseUrl }) {
		const { data } = v.parse(keySchema, await ask(`${baseUrl}/key`));
		const left = data.limit_remaining ?? undefined;
		return {
			limits: data.is_free_tier ? [{ unit: "requests", window: "day", scope: "provider", maximum: 50 }] : [],
			...(left === undefined ? {} : { balance: { amount: left, currency: "USD" } }),
			hasCredit: left === undefined || left >= 0,
		};
	},
};
