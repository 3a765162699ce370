import type { Model } from "./provider.ts";
import { locateQwen } from "./qwen-region.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/** Gateway list prices of 2026-11-10; limits depend on the account and are told in no header. */
const max: Model = {
	id: "qwen3.8-max",
	quality: judged(0.92, { writing: 0.88, translation: 0.9, chat: 0.88 }),
	tokensPerSecond: 50,
	price: { input: 2, output: 6 },
	contextTokens: 1_000_000,
	maxAnswerTokens: 4_000,
	limits: [],
};

const flash: Model = {
	...max,
	id: "qwen3.8-flash",
	quality: judged(0.8, { complex: 0.76, writing: 0.77 }),
	tokensPerSecond: 120,
	price: { input: 0.15, output: 0.47 },
};

export const qwen: ProviderSpec = {
	name: "qwen",
	label: "Qwen",
	region: "asia",
	protocol: "openai",
	baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
	needsKey: true,
	currency: "USD",
	isPaid: true,
	models: [max, flash],
	unknownModel: { ...max, quality: judged(0.7), price: { input: 4, output: 12 } },
	/** Qwen 3.5 and newer think unless told otherwise. */
	extraBody: () => ({ enable_thinking: false }),
	errorKinds: [
		[/free_?tier_?only/i, "no-allowance"],
		[/arrearage/i, "money"],
		/** Its word for too many tokens in this minute, not for an empty account. */
		[/throttling|insufficient_quota/i, "rate-limit"],
		[/access_?denied/i, "no-allowance"],
	],
	locate: locateQwen,
};
