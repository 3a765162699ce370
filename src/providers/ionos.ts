import type { Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/**
 * List prices in EUR of 2026-11 (cloud.ionos.de, AI Model Hub). 5 requests a second for the whole contract, as of 2026-11
 * (docs.ionos.com/cloud/ai/ai-model-hub, rate limits); there are no limit headers, but a Retry-After.
 */
const gptOss: Model = {
	id: "openai/gpt-oss-120b",
	quality: judged(0.8, { writing: 0.72, translation: 0.74, chat: 0.74 }),
	tokensPerSecond: 80,
	price: { input: 0.15, output: 0.65 },
	contextTokens: 128_000,
	maxAnswerTokens: 4_000,
	limits: [{ unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 300, scope: "provider" }],
};

const llama: Model = {
	...gptOss,
	id: "meta-llama/Llama-3.3-70B-Instruct",
	quality: judged(0.72, { coding: 0.64, reasoning: 0.62, complex: 0.64 }),
	tokensPerSecond: 40,
	price: { input: 0.65, output: 0.65 },
};

const mistralSmall: Model = {
	...gptOss,
	id: "mistralai/Mistral-Small-24B-Instruct",
	quality: judged(0.7, { coding: 0.64, reasoning: 0.62, complex: 0.62 }),
	tokensPerSecond: 80,
	price: { input: 0.1, output: 0.3 },
	contextTokens: 32_000,
};

export const ionos: ProviderSpec = {
	name: "ionos",
	label: "IONOS",
	region: "eu",
	protocol: "openai",
	baseUrl: "https://openai.inference.de-txl.ionos.com/v1",
	needsKey: true,
	keyPage: "https://cloud.ionos.de",
	currency: "EUR",
	isPaid: true,
	models: [gptOss, llama, mistralSmall],
	unknownModel: { ...llama, quality: judged(0.6), contextTokens: 32_000 },
	extraBody: (modelId) => (modelId.includes("gpt-oss") ? { reasoning_effort: "low" } : {}),
};
