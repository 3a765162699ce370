import { formatMoney, formatNumber, formatPercent, say, type TextKey } from "../../locale.ts";
import type { BudgetReport, QuotaReport } from "../../router/route.ts";
import type { CommandContext } from "./command.ts";
import { regionName } from "./region-name.ts";

/** One sentence names the providers that are used only for people who agreed. */
export function consentText({ voice, defaultRegions }: CommandContext, { providers }: QuotaReport): readonly string[] {
	const outside = providers.filter(({ region }) => !defaultRegions.includes(region));
	if (outside.length === 0) return [];
	const names = outside.map(({ label, region }) => `${label} (${regionName(voice, region)})`);
	return [say(voice, "status.outside", { providers: new Intl.ListFormat(voice.language).format(names) })];
}

/** How many answers cost nothing until midnight, over the providers that may answer this person. */
export function freeAnswersText({ voice, regions }: CommandContext, report: QuotaReport): readonly string[] {
	const working = report.providers.filter(
		({ region, state }) => regions.includes(region) && state !== "refused-key" && state !== "no-credit",
	);
	const limited = working.flatMap(({ label, freeAnswersLeft }) =>
		freeAnswersLeft === undefined ? [] : [{ label, count: freeAnswersLeft }],
	);
	const open = working.filter(({ isPaid, freeAnswersLeft }) => !isPaid && freeAnswersLeft === undefined);
	const isEndless = open.some(({ isUnlimited }) => isUnlimited);
	if (limited.length === 0 && isEndless) return [say(voice, "status.freeUnlimited")];
	if (limited.length === 0) return open.length > 0 ? [say(voice, "status.freeUnknown")] : [];
	const count = limited.reduce((sum, one) => sum + one.count, 0);
	const each = limited.map((one) => `${one.label} ${formatNumber(voice, one.count)}`).join(", ");
	const values = { count, answers: formatNumber(voice, count), each };
	return [say(voice, isEndless ? "status.freeAndUnlimited" : "status.free", values)];
}

const spans: Readonly<Record<BudgetReport["window"], TextKey>> = {
	day: "status.budgetDay",
	month: "status.budgetMonth",
};

/** What the paid providers cost, against the operator's ceilings. */
export function budgetText({ voice }: CommandContext, { budget }: QuotaReport): readonly string[] {
	if (budget.length === 0) return [];
	const parts = budget.map(({ window, used, limit }) => {
		const ceiling = limit === undefined ? say(voice, "status.budgetOpen") : formatMoney(voice, limit, "EUR");
		return say(voice, spans[window], { used: formatMoney(voice, used, "EUR"), limit: ceiling });
	});
	return [say(voice, "status.budget", { parts: parts.join(", ") })];
}

export function ownUseText({ voice, quota, message }: CommandContext): string {
	const { answers, tokens, share, isShareSet } = quota.usedToday(message.author);
	const use = say(voice, "status.ownUse", {
		count: answers,
		answers: formatNumber(voice, answers),
		tokens: formatNumber(voice, tokens),
	});
	return isShareSet ? `${use}${say(voice, "status.ownShare", { share: formatPercent(voice, share) })}` : use;
}
