import * as v from "valibot";
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

/** Of `GET /user/balance`, as of 2026-11 (api-docs.deepseek.com/api/get-user-balance): amounts are texts. */
const balanceSchema = v.object({
	is_available: v.boolean(),
	balance_infos: v.array(
		v.object({ currency: v.string(), total_balance: v.pipe(v.string(), v.decimal(), v.transform(Number)) }),
	),
});

/** China has no summer time. */
const offsetMilliseconds = 8 * 3_600_000;

/** Half the price outside Monday to Friday, 9 to 12 and 14 to 18 o'clock in Beijing (same page as the prices). */
function priceFactor(at: number): number {
	const beijing = new Date(at + offsetMilliseconds);
	const [day, hour] = [beijing.getUTCDay(), beijing.getUTCHours()];
	const isPeak = day >= 1 && day <= 5 && ((hour >= 9 && hour < 12) || (hour >= 14 && hour < 18));
	return isPeak ? 1 : 0.5;
}

export const deepseek: ProviderSpec = {
	name: "deepseek",
	label: "DeepSeek",
	region: "china",
	protocol: "openai",
	baseUrl: "https://api.deepseek.com",
	needsKey: true,
	keyPage: "https://platform.deepseek.com/api_keys",
	currency: "USD",
	isPaid: true,
	priceFactor,
	models: [pro, flash],
	unknownModel: { ...pro, quality: judged(0.7) },
	/** These models think unless told otherwise. */
	extraBody: () => ({ thinking: { type: "disabled" } }),
	errorKinds: [
		[/insufficient/i, "money"],
		/** It limits nothing but how many calls run at the same time. */
		[/^/, "burst", 429],
	],
	async readAccount(ask, { baseUrl }) {
		const { is_available, balance_infos } = v.parse(
			balanceSchema,
			await ask(`${baseUrl.replace(/\/(v1|beta)$/, "")}/user/balance`),
		);
		const info = balance_infos.find(({ total_balance }) => total_balance > 0) ?? balance_infos[0];
		return {
			limits: [],
			...(info ? { balance: { amount: info.total_balance, currency: info.currency } } : {}),
			hasCredit: is_available,
		};
	},
};
