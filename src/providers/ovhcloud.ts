import type { Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/**
 * List prices in EUR and 400 requests a minute for each model of a project, as of 2026-09-26 (docs.ovhcloud.com, AI
 * Endpoints). Calls without a key are not offered here: without an account there is no contract.
 */
const large: Model = {
	id: "gpt-oss-120b",
	quality: judged(0.8, { writing: 0.72, translation: 0.74, chat: 0.74 }),
	tokensPerSecond: 80,
	price: { input: 0.08, output: 0.4 },
	contextTokens: 131_072,
	maxAnswerTokens: 4_000,
	limits: [{ unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 400 }],
};

/** Price as of 2025-08; later ones were not found. */
const mistralSmall: Model = {
	...large,
	id: "mistral-small-3-2-24b-instruct-2506",
	quality: judged(0.72, { coding: 0.66, reasoning: 0.64, complex: 0.64 }),
	price: { input: 0.09, output: 0.28 },
	contextTokens: 128_000,
};

const small: Model = {
	...large,
	id: "gpt-oss-20b",
	quality: judged(0.64, { writing: 0.56, translation: 0.58, chat: 0.6 }),
	tokensPerSecond: 120,
	price: { input: 0.04, output: 0.15 },
};

export const ovhcloud: ProviderSpec = {
	name: "ovhcloud",
	label: "OVHcloud",
	region: "eu",
	protocol: "openai",
	baseUrl: "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
	needsKey: true,
	keyPage: "https://www.ovhcloud.com/de/public-cloud/ai-endpoints/",
	currency: "EUR",
	isPaid: true,
	models: [large, mistralSmall, small],
	/** The dearest of the catalogue, so that an unknown model hardly costs more than was booked. */
	unknownModel: { ...large, quality: judged(0.6), price: { input: 0.75, output: 3.6 } },
	extraBody: (modelId) => (modelId.includes("gpt-oss") ? { reasoning_effort: "low" } : {}),
};
