import type { Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/**
 * List prices in EUR of 2026-05-22 (models.dev, after Scaleway's price list). What the organisation may do depends on its
 * verification and is told in the headers of every answer (scaleway.com/en/docs/generative-apis, rate limits, 2026-09-20).
 */
const qwen: Model = {
	id: "qwen3.6-35b-a3b",
	quality: judged(0.8, { writing: 0.74, translation: 0.75, chat: 0.75 }),
	tokensPerSecond: 90,
	price: { input: 0.25, output: 1.5 },
	contextTokens: 128_000,
	maxAnswerTokens: 4_000,
	limits: [],
};

const gptOss: Model = {
	...qwen,
	id: "gpt-oss-120b",
	quality: judged(0.78, { writing: 0.71, translation: 0.73, chat: 0.73 }),
	price: { input: 0.15, output: 0.6 },
};

const mistralSmall: Model = {
	...qwen,
	id: "mistral-small-3.2-24b-instruct-2506",
	quality: judged(0.72, { coding: 0.66, reasoning: 0.64, complex: 0.64 }),
	price: { input: 0.15, output: 0.35 },
};

export const scaleway: ProviderSpec = {
	name: "scaleway",
	label: "Scaleway",
	region: "eu",
	protocol: "openai",
	baseUrl: "https://api.scaleway.ai/v1",
	needsKey: true,
	keyPage: "https://console.scaleway.com/iam/api-keys",
	currency: "EUR",
	isPaid: true,
	models: [qwen, gptOss, mistralSmall],
	/** The dearest of the catalogue, so that an unknown model hardly costs more than was booked. */
	unknownModel: { ...qwen, quality: judged(0.6), price: { input: 2, output: 8 } },
	extraBody(modelId) {
		if (modelId.includes("gpt-oss")) return { reasoning_effort: "low" };
		return modelId.includes("qwen") ? { reasoning_effort: "none" } : {};
	},
	limitHeaders: [
		{
			unit: "requests",
			window: "minute",
			maximum: "x-ratelimit-limit-requests",
			remaining: "x-ratelimit-remaining-requests",
			reset: "x-ratelimit-reset-requests",
		},
		{
			unit: "tokens",
			window: "minute",
			maximum: "x-ratelimit-limit-tokens",
			remaining: "x-ratelimit-remaining-tokens",
			reset: "x-ratelimit-reset-tokens",
		},
	],
};
