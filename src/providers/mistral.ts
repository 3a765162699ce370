import type { Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/**
 * List prices in USD of 2026-11-10 (mistral.ai/pricing). What the account may do is told in the headers of every answer,
 * which is why there are no built-in limits: the free mode of 2026-11 is uncertain and allows some models nothing at all.
 */
const large: Model = {
	id: "mistral-large-4",
	quality: judged(0.88, { coding: 0.86, reasoning: 0.84 }),
	tokensPerSecond: 60,
	price: { input: 0.7, output: 2.1 },
	contextTokens: 1_000_000,
	maxAnswerTokens: 4_000,
	limits: [],
};

const small: Model = {
	...large,
	id: "mistral-small-latest",
	quality: judged(0.78, { reasoning: 0.72, complex: 0.72 }),
	tokensPerSecond: 150,
	price: { input: 0.15, output: 0.6 },
	contextTokens: 256_000,
};

const ministral14b: Model = {
	...small,
	id: "ministral-14b-latest",
	quality: judged(0.66, { coding: 0.6, reasoning: 0.58, complex: 0.58 }),
	price: { input: 0.2, output: 0.2 },
};

const ministral8b: Model = {
	...small,
	id: "ministral-8b-latest",
	quality: judged(0.6, { coding: 0.52, reasoning: 0.5, complex: 0.5 }),
	tokensPerSecond: 180,
	price: { input: 0.15, output: 0.15 },
};

export const mistral: ProviderSpec = {
	name: "mistral",
	label: "Mistral",
	region: "eu",
	protocol: "openai",
	baseUrl: "https://api.mistral.ai/v1",
	needsKey: true,
	keyPage: "https://console.mistral.ai/api-keys",
	currency: "USD",
	isPaid: true,
	models: [large, small, ministral14b, ministral8b],
	unknownModel: { ...large, quality: judged(0.65) },
	/** Fields that it does not know are an error (422). Usage comes unasked. */
	extraBody: () => ({ stream_options: undefined }),
	/** Headers as seen on 2026-02-12 (github.com/mistralai/client-ts, issue 169). */
	limitHeaders: [
		{
			unit: "requests",
			window: "minute",
			maximum: "x-ratelimit-limit-req-minute",
			remaining: "x-ratelimit-remaining-req-minute",
		},
		{
			unit: "tokens",
			window: "minute",
			maximum: "x-ratelimit-limit-tokens-minute",
			remaining: "x-ratelimit-remaining-tokens-minute",
		},
		{
			unit: "tokens",
			window: "month",
			maximum: "x-ratelimit-limit-tokens-month",
			remaining: "x-ratelimit-remaining-tokens-month",
		},
	],
	/** Code 1300 with a limit of 0 means that the model is not in the plan: the common table knows that. */
	errorKinds: [
		[/capacity.{0,20}exceeded|"3505"/i, "overload", 429],
		[/invalid_model|invalid model|"1500"/i, "model-gone", 400],
	],
};
