import { formatMoney, formatNumber, say } from "../../locale.ts";
import type { ProviderReport } from "../../router/route.ts";
import { markedMoment } from "../moment.ts";
import type { CommandContext } from "./command.ts";
import { failureName } from "./failure-name.ts";
import { regionName } from "./region-name.ts";
import { byUrgency, sourceText, windowLine } from "./status-window.ts";

/** One provider: its state, its most urgent windows, its balance; with all windows also what it did today. */
export function providerText(context: CommandContext, provider: ProviderReport, maximumWindows: number): string {
	const { voice, clock } = context;
	const { label, region, windows, isUnlimited, balance } = provider;
	const now = clock.now();
	const lines = byUrgency(windows)
		.slice(0, maximumWindows)
		.map((window) => windowLine(voice, window, now));
	if (lines.length === 0 && maximumWindows > 0 && !isUnlimited) lines.push(say(voice, "status.nothingKnown"));
	if (balance && maximumWindows > 0) {
		const amount = formatMoney(voice, balance.amount, balance.currency);
		lines.push(say(voice, "status.balance", { amount, source: sourceText(voice, "balance", balance.seenAt, now) }));
	}
	if (isUnlimited || maximumWindows === Number.POSITIVE_INFINITY) lines.push(todayText(context, provider));
	return [
		say(voice, "status.provider", { label, region: regionName(voice, region), state: stateOf(context, provider) }),
		...lines,
	].join("\n");
}

function stateOf(context: CommandContext, { region, state, pausedUntil, pauseReason }: ProviderReport): string {
	const { voice, clock } = context;
	if (!context.regions.includes(region)) {
		return say(voice, context.defaultRegions.includes(region) ? "status.outsideRegions" : "status.needsConsent");
	}
	const moment = pausedUntil === undefined ? undefined : markedMoment(voice, pausedUntil, clock.now());
	switch (state) {
		case "ready":
			return say(voice, "status.ready");
		case "refused-key":
			return say(voice, "status.refusedKey");
		case "no-credit":
			return say(voice, "status.noCredit");
		case "used-up":
			return moment === undefined ? say(voice, "status.usedUp") : say(voice, "status.usedUpUntil", { moment });
		case "paused": {
			const pause = moment === undefined ? say(voice, "status.paused") : say(voice, "status.pausedUntil", { moment });
			return pauseReason === undefined ? pause : `${pause} (${failureName(voice, pauseReason)})`;
		}
	}
}

function todayText({ voice }: CommandContext, { today, isPaid, isUnlimited }: ProviderReport): string {
	const parts = [
		say(voice, "status.today", {
			count: today.answers,
			answers: formatNumber(voice, today.answers),
			tokens: formatNumber(voice, today.tokens),
		}),
		...(isPaid ? [formatMoney(voice, today.cost, "EUR")] : []),
		...(today.failures > 0 ? [say(voice, "status.failures", { count: today.failures })] : []),
		...(isUnlimited ? [say(voice, "status.unlimited")] : []),
	];
	return parts.join(", ");
}
