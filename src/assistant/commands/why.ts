import { say, type TextKey, type Voice } from "../../locale.ts";
import type { Task } from "../../providers/provider.ts";
import type { Decision, Demand, QuotaReport } from "../../router/route.ts";
import type { Command } from "./command.ts";
import { failureName } from "./failure-name.ts";
import { wordsFor } from "./mode.ts";
import { regionName } from "./region-name.ts";

export const why: Command = {
	name: "warum",
	aliases: ["why"],
	description: "commands.why",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	async run({ conversations, quota, message, voice }) {
		const turns = await conversations.history(message.conversation, message.author);
		const decision = turns.findLast((turn) => turn.decision !== undefined)?.decision;
		return decision === undefined ? say(voice, "status.whyNothing") : explain(voice, decision, quota.report());
	},
};

function explain(voice: Voice, decision: Decision, report: QuotaReport): string {
	const { task, mode, label, model, region, attempts } = decision;
	const labelOf = (provider: string): string =>
		report.providers.find(({ name }) => name === provider)?.label ?? provider;
	const lines = [
		say(voice, "status.whyWho", { provider: label, model, region: regionName(voice, region) }),
		mode === "balanced"
			? say(voice, "status.whyTask", { task: say(voice, tasks[task.label]), reason: say(voice, demands[task.demand]) })
			: say(voice, "status.whyMode", wordsFor(voice, mode)),
	];
	const failed = attempts.flatMap(({ provider, failure }) =>
		failure === undefined ? [] : [`${labelOf(provider)} (${failureName(voice, failure)})`],
	);
	if (failed.length > 0) lines.push(say(voice, "status.whyFailed", { failed: [...new Set(failed)].join(", ") }));
	return lines.join("\n\n");
}

const tasks: Readonly<Record<Task, TextKey>> = {
	coding: "status.taskCoding",
	reasoning: "status.taskReasoning",
	complex: "status.taskComplex",
	writing: "status.taskWriting",
	translation: "status.taskTranslation",
	summarise: "status.taskSummarise",
	simple: "status.taskSimple",
	command: "status.taskCommand",
	chat: "status.taskChat",
};

const demands: Readonly<Record<Demand, TextKey>> = {
	strong: "status.demandStrong",
	any: "status.demandAny",
	fast: "status.demandFast",
};
