import type { Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/** Prices at peak hours and contexts as of 2026-11 (api-docs.deepseek.com/quick_start/pricing). No limits but concurrency. */
const pro: Model = {
	id: "deepseek-v4-pro",
	quality: judged(0.9, { writing: 0.86, translation: 0.86, chat: 0.86 }),
	tokensPerSecond: 40,
	price: { input: 1.32, output: 3.96 },
	contextTokens: 1_000_000,
	maxAnswerTokens: 4_000,
	limits: [],
};

const flash: Model = {
	...pro,
	id: "deepseek-flash",
	quality: judged(0.8, { writing: 0.76, chat: 0.78 }),
	tokensPerSecond: 90,
	price: { input: 0.3, output: 1.2 },
};

export const deepseek: ProviderSpec = {
	name: "deepseek",
	label: "DeepSeek",
	region: "china",
	protocol: "openai",
	baseUrl: "https://api.deepseek.com",
	needsKey: true,
	currency: "USD",
	isPaid: true,
	models: [pro, flash],
	unknownModel: { ...pro, quality: judged(0.7) },
	/** These models think unless told otherwise. */
	extraBody: () => ({ thinking: { type: "disabled" } }),
};
