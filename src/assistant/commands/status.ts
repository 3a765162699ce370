import { formatNumber, formatTime, say, type Voice } from "../../locale.ts";
import type { ProviderReport } from "../../router/route.ts";
import { shortMoment } from "../moment.ts";
import { choiceOf } from "./choice.ts";
import type { Command, CommandContext } from "./command.ts";
import { regionName } from "./region-name.ts";
import { byUrgency, windowLine } from "./status-window.ts";

/** Leaves room for a further line within one message of Discord. */
const longestCharacters = 1_800;

export const status: Command = {
	name: "status",
	aliases: [],
	description: "commands.status",
	isAdmin: false,
	isUrgent: true,
	isPrivate: true,
	argument: {
		name: "commands.statusArgument",
		description: "commands.statusArgumentText",
		isRequired: false,
		choices: ["alles"],
	},
	run(context) {
		const { argument } = context;
		if (choiceOf(argument, { alles: true, all: true })) return page(context, Number.POSITIVE_INFINITY);
		const pages = [2, 1, 0].map((windows) => page(context, windows));
		return pages.find((text) => text.length <= longestCharacters) ?? pages.at(-1) ?? "";
	},
};

function page(context: CommandContext, maximumWindows: number): string {
	const { voice, clock, quota, message } = context;
	const report = quota.report();
	const used = quota.usedToday(message.author);
	return [
		say(voice, "status.title", { time: formatTime(voice, clock.now()) }),
		...(report.length === 0 ? [say(voice, "status.noProvider")] : []),
		...report.map((provider) => providerText(context, provider, maximumWindows)),
		...consentText(context, report),
		say(voice, "status.ownUse", {
			count: used.answers,
			answers: formatNumber(voice, used.answers),
			tokens: formatNumber(voice, used.tokens),
		}),
		...channelsText(context),
	].join("\n\n");
}

function providerText(context: CommandContext, provider: ProviderReport, maximumWindows: number): string {
	const { voice, clock } = context;
	const { label, region, windows } = provider;
	const state = context.regions.includes(region)
		? stateText(voice, provider, clock.now())
		: say(voice, context.defaultRegions.includes(region) ? "status.outsideRegions" : "status.needsConsent");
	return [
		say(voice, "status.provider", { label, region: regionName(voice, region), state }),
		...byUrgency(windows)
			.slice(0, maximumWindows)
			.map((window) => windowLine(voice, window, clock.now())),
		...(windows.length === 0 && maximumWindows > 0 ? [say(voice, "status.nothingKnown")] : []),
	].join("\n");
}

function stateText(voice: Voice, { state, pausedUntil }: ProviderReport, now: number): string {
	switch (state) {
		case "ready":
			return say(voice, "status.ready");
		case "refused-key":
			return say(voice, "status.refusedKey");
		case "no-credit":
			return say(voice, "status.noCredit");
		case "paused":
			if (pausedUntil === undefined) return say(voice, "status.paused");
			return say(voice, "status.pausedUntil", { moment: shortMoment(voice, pausedUntil, now) });
	}
}

/** One sentence names the providers that are used only for people who agreed. */
function consentText({ voice, defaultRegions }: CommandContext, report: readonly ProviderReport[]): readonly string[] {
	const outside = report.filter(({ region }) => !defaultRegions.includes(region));
	if (outside.length === 0) return [];
	const names = outside.map(({ label, region }) => `${label} (${regionName(voice, region)})`);
	return [say(voice, "status.outside", { providers: new Intl.ListFormat(voice.language).format(names) })];
}

function channelsText({ voice, isAdmin, channelStates }: CommandContext): readonly string[] {
	const states = isAdmin ? (channelStates?.() ?? []) : [];
	if (states.length === 0) return [];
	const channels = states.map(({ label, isHealthy }) => `${label} ${isHealthy ? "✅" : "⛔"}`).join(", ");
	return [say(voice, "status.channels", { channels })];
}
