import { formatTime, say } from "../../locale.ts";
import type { QuotaReport } from "../../router/route.ts";
import { drawUsage, usageOf } from "../chart.ts";
import type { Answer } from "../message.ts";
import { choiceOf } from "./choice.ts";
import type { Command, CommandContext } from "./command.ts";
import { budgetText, consentText, freeAnswersText, ownUseText } from "./status-footer.ts";
import { providerText } from "./status-provider.ts";

/**
 * How many windows of each provider the short form shows, as long as it stays this short. The last figure leaves room within
 * a card of Discord, 4,000 characters, for a further line and for its longer marks of time.
 */
const shortForms = [
	{ windows: 2, longestCharacters: 1_700 },
	{ windows: 1, longestCharacters: 3_200 },
	{ windows: 0, longestCharacters: Number.POSITIVE_INFINITY },
] as const;

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
		choices: ["alles", "bild"],
	},
	async run(context) {
		const { argument, quota } = context;
		const view = choiceOf(argument, { alles: "everything", all: "everything", bild: "picture", picture: "picture" });
		await context.refreshAccounts();
		const report = quota.report();
		if (view === "picture") return pictureOf(context, report);
		if (view === "everything") return { text: page(context, report, Number.POSITIVE_INFINITY), isCard: true };
		return { text: shortText(context, report), isCard: true };
	},
};

function shortText(context: CommandContext, report: QuotaReport): string {
	const pages = shortForms.map(({ windows, longestCharacters }) => ({
		text: page(context, report, windows),
		longestCharacters,
	}));
	return pages.find(({ text, longestCharacters }) => visibleLength(text) <= longestCharacters)?.text ?? "";
}

function page(context: CommandContext, report: QuotaReport, maximumWindows: number): string {
	const { voice, clock } = context;
	return [
		say(voice, "status.title", { time: formatTime(voice, clock.now()) }),
		...(report.providers.length === 0 ? [say(voice, "status.noProvider")] : []),
		...report.providers.map((provider) => providerText(context, provider, maximumWindows)),
		...consentText(context, report),
		...freeAnswersText(context, report),
		...budgetText(context, report),
		ownUseText(context),
		...channelsText(context),
	].join("\n\n");
}

async function pictureOf(context: CommandContext, report: QuotaReport): Promise<Answer> {
	const { voice, clock } = context;
	const lines = [
		say(voice, "status.title", { time: formatTime(voice, clock.now()) }),
		...freeAnswersText(context, report),
		...budgetText(context, report),
		ownUseText(context),
	];
	return { text: lines.join("\n\n"), picture: await drawUsage(usageOf(report, clock.now()), voice) };
}

function channelsText({ voice, isAdmin, channelStates }: CommandContext): readonly string[] {
	const states = isAdmin ? (channelStates?.() ?? []) : [];
	if (states.length === 0) return [];
	const channels = states.map(({ label, isHealthy }) => `${label} ${isHealthy ? "✅" : "⛔"}`).join(", ");
	return [say(voice, "status.channels", { channels })];
}

/** Of a mark of time the text alone is seen. */
function visibleLength(text: string): number {
	return text.replace(/\]\(time:\d+\)/g, "").length;
}
