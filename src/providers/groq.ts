import type { Limit, Model } from "./provider.ts";
import { judged, type ProviderSpec } from "./spec.ts";

/** Free plan, per organisation and model, as of 2026-10-01 (console.groq.com/docs/rate-limits). */
const freePlan: readonly Limit[] = [
	{ unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 30 },
	{ unit: "requests", window: "day", kind: "rolling", timeZone: "UTC", maximum: 1_000 },
	{ unit: "tokens", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 8_000 },
	{ unit: "tokens", window: "day", kind: "rolling", timeZone: "UTC", maximum: 200_000 },
];

/** Groq books prompt and asked-for answer against the tokens per minute before it begins: long answers are not asked for. */
const maxAnswerTokens = 1_000;

const large: Model = {
	id: "openai/gpt-oss-120b",
	quality: judged(0.8, { writing: 0.72, translation: 0.74, chat: 0.74 }),
	tokensPerSecond: 500,
	price: { input: 0.15, output: 0.6 },
	contextTokens: 131_072,
	maxAnswerTokens,
	limits: freePlan,
};

const small: Model = {
	id: "openai/gpt-oss-20b",
	quality: judged(0.64, { writing: 0.56, translation: 0.58, chat: 0.6, simple: 0.7, command: 0.7 }),
	tokensPerSecond: 1_000,
	price: { input: 0.075, output: 0.3 },
	contextTokens: 131_072,
	maxAnswerTokens,
	limits: freePlan,
};

/** The only one that could look at pictures; Groq calls it a preview. */
const preview: Model = {
	...large,
	id: "qwen/qwen3.8-27b",
	quality: judged(0.76, { writing: 0.7, translation: 0.7, chat: 0.72 }),
	tokensPerSecond: 400,
	price: { input: 0.8, output: 4 },
};

const units = ["requests", "tokens"] as const;
const windows = ["minute", "day"] as const;

export const groq: ProviderSpec = {
	name: "groq",
	label: "Groq",
	region: "us",
	protocol: "openai",
	baseUrl: "https://api.groq.com/openai/v1",
	needsKey: true,
	keyPage: "https://console.groq.com/keys",
	currency: "USD",
	isPaid: false,
	models: [large, preview, small],
	/** The dearest of the list, so that an unknown model never costs more than was booked. */
	unknownModel: { ...large, quality: judged(0.65), price: { input: 0.8, output: 4 } },
	extraBody: (modelId) => ({ reasoning_effort: modelId.includes("gpt-oss") ? "low" : "none" }),
	/** There is no header for requests per minute and tokens per day. */
	limitHeaders: [
		{
			unit: "requests",
			window: "day",
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
	/** "… on tokens per day (TPD): Limit 200000, Used 199990, Requested 900." */
	limitTexts: units.flatMap((unit) =>
		windows.map((window) => ({
			unit,
			window,
			pattern: new RegExp(`${unit} per ${window} \\(\\w+\\): Limit (?<maximum>\\d+), Used (?<used>\\d+)`, "i"),
		})),
	),
	errorKinds: [
		[/tool_use_failed/, "bad-answer"],
		/** The account's own ceiling for spending. */
		[/blocked_api_access/, "money"],
		[/network settings/i, "network", 403],
	],
};
