import * as v from "valibot";
import type { AccountReading, Model } from "./provider.ts";
import { isWorkspaceHost, locateQwen } from "./qwen-region.ts";
import { readSignIn } from "./sign-in/settings.ts";
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
	keyPage: "https://www.alibabacloud.com/help/en/model-studio/get-api-key",
	currency: "USD",
	isPaid: true,
	models: [max, flash],
	unknownModel: { ...max, quality: judged(0.7), price: { input: 4, output: 12 } },
	/** Qwen 3.5 and newer think unless told otherwise. */
	extraBody: () => ({ enable_thinking: false }),
	errorKinds: [
		[/free_?tier_?only/i, "no-allowance"],
		[/arrearage|bill_?overdue/i, "money"],
		[/burst_?rate|increased too quickly/i, "burst"],
		/** Its words for too many tokens in this minute, not for an empty account. */
		[/throttling|insufficient_quota/i, "rate-limit"],
		[/access_?denied/i, "no-allowance"],
	],
	locate: locateQwen,
	signIn: readSignIn,
	canReadAccount: ({ baseUrl, signIn }) => !signIn && isWorkspaceHost(new URL(baseUrl).hostname),
	async readAccount(ask, { baseUrl, models = qwen.models.map(({ id }) => id) }) {
		const url = (id: string): string => `${new URL(baseUrl).origin}/api/v1/quotas?model=${encodeURIComponent(id)}`;
		const answers = await Promise.all(models.map((id) => ask(url(id))));
		const quotas = answers.flatMap((answer) => v.parse(quotasSchema, answer).output.quotas);
		return { limits: quotas.flatMap(limitsOf), hasCredit: undefined };
	},
};

const rateSchema = v.nullish(
	v.object({
		request_limit: v.nullish(v.number()),
		/** Seconds, like the other period. */
		request_limit_period: v.nullish(v.number()),
		usage_limit: v.nullish(v.number()),
		usage_limit_field: v.nullish(v.string()),
		usage_limit_period: v.nullish(v.number()),
	}),
);

/** Of `GET /api/v1/quotas`, as of 2026-09-28 (alibabacloud.com/help, Model Studio, list model quotas). */
const quotasSchema = v.object({
	output: v.object({
		quotas: v.array(v.object({ model: v.string(), model_limit: rateSchema, workspace_limit: rateSchema })),
	}),
});

type Quotas = v.InferOutput<typeof quotasSchema>["output"]["quotas"][number];

/** A workspace may be given less than the account: the lower figure binds. */
function limitsOf({ model, model_limit, workspace_limit }: Quotas): AccountReading["limits"] {
	const rates = [model_limit, workspace_limit].flatMap((rate) => rate ?? []);
	const requests = rates.flatMap((rate) => perMinute(rate.request_limit, rate.request_limit_period));
	const tokens = rates
		.filter(({ usage_limit_field }) => /token/i.test(usage_limit_field ?? "token"))
		.flatMap((rate) => perMinute(rate.usage_limit, rate.usage_limit_period));
	const lowest = (unit: "requests" | "tokens", maxima: readonly number[]): AccountReading["limits"] =>
		maxima.length === 0 ? [] : [{ unit, window: "minute", maximum: Math.min(...maxima), modelId: model }];
	return [...lowest("requests", requests), ...lowest("tokens", tokens)];
}

function perMinute(amount: number | null | undefined, seconds: number | null | undefined): readonly number[] {
	return amount && seconds ? [Math.floor((amount * 60) / seconds)] : [];
}
