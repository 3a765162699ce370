import type { Limit, Model } from "./provider.ts";
import { judged, type Problem, type ProviderSpec } from "./spec.ts";

/** Workers AI, one pot for all models of the account, as of 2026-09-26 (developers.cloudflare.com/workers-ai, pricing). */
const freePlan: readonly Limit[] = [
	{ unit: "credits", window: "day", kind: "calendar", timeZone: "UTC", maximum: 10_000, scope: "provider" },
	{ unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 300, scope: "provider" },
];

/** USD per neuron in the paid plan: $0.011 per 1,000 (same page). */
const perNeuron = 0.011 / 1_000;

/** Neurons per million tokens, as of 2026-09-26 (same page). */
function model(id: string, facts: Pick<Model, "quality" | "tokensPerSecond">, input: number, output: number): Model {
	return {
		id,
		...facts,
		price: { input: input * perNeuron, output: output * perNeuron },
		credits: { input, output },
		contextTokens: 128_000,
		maxAnswerTokens: 1_000,
		limits: freePlan,
	};
}

/** Where the account's id belongs. */
const placeholder = "{account}";

/** Errors come as `{"errors": [{"code": …}]}`; codes as of 2026-07-29 (same documentation, errors). */
const code = (...codes: readonly number[]): RegExp => new RegExp(`"code"\\s*:\\s*"?(?:${codes.join("|")})\\b`);

export const cloudflare: ProviderSpec = {
	name: "cloudflare",
	label: "Cloudflare",
	region: "global",
	protocol: "openai",
	baseUrl: `https://api.cloudflare.com/client/v4/accounts/${placeholder}/ai/v1`,
	needsKey: true,
	keyPage: "https://dash.cloudflare.com/profile/api-tokens",
	currency: "USD",
	isPaid: false,
	/** gpt-oss-120b uses up the pot three times as fast for little better German: whoever wants it names it. */
	models: [
		model(
			"@cf/google/gemma-4-26b-a4b-it",
			{ quality: judged(0.72, { coding: 0.66, reasoning: 0.68 }), tokensPerSecond: 80 },
			9_091,
			27_273,
		),
		model("@cf/zai-org/glm-4.7-flash", { quality: judged(0.66, { coding: 0.68 }), tokensPerSecond: 90 }, 5_500, 36_400),
	],
	/** Counts like the dearest model of the free pot. */
	unknownModel: { ...model("", { quality: judged(0.6), tokensPerSecond: 60 }, 40_909, 290_909) },
	extraBody: (modelId) =>
		modelId.includes("gpt-oss") ? { reasoning_effort: "low" } : { chat_template_kwargs: { enable_thinking: false } },
	limitTexts: [
		{
			pattern: new RegExp(`${code(3036).source}|daily free allocation`, "i"),
			unit: "credits",
			window: "day",
			scope: "provider",
		},
	],
	errorKinds: [
		[code(3036), "rate-limit"],
		[code(3040), "overload"],
		[code(3006), "too-large"],
		[code(3007, 3008), "overload"],
		[code(5007, 3042), "model-gone"],
		[code(5016, 5018, 3041), "no-allowance"],
		/** 7003: no account has this id. */
		[code(3023, 7003, 9109, 10_000), "auth"],
	],
	locate(read, baseUrl = cloudflare.baseUrl) {
		const account = read("CLOUDFLARE_ACCOUNT_ID");
		const complain = (key: Problem["key"]): readonly Problem[] => [
			{ key, values: { variable: "CLOUDFLARE_ACCOUNT_ID" } },
		];
		/** Several are complained about already. */
		const isOne = account !== undefined && !/[\s,;|]/.test(account);
		if (isOne && !/^[\da-f]{32}$/i.test(account)) return complain("config.cloudflareAccount");
		if (!baseUrl.includes(placeholder)) {
			return { baseUrl: baseUrl.replace(/\/ai$/, "/ai/v1"), region: cloudflare.region };
		}
		if (account === undefined) return complain("config.cloudflareAccountMissing");
		return { baseUrl: baseUrl.replace(placeholder, account), region: cloudflare.region };
	},
};
