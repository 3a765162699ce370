import type { Clock } from "../clock.ts";
import { say, type Voice } from "../locale.ts";
import type { Log } from "../log.ts";
import type { Region } from "../providers/provider.ts";
import type { Quota, Router } from "../router/route.ts";
import type { Access, Admission } from "./access.ts";
import { commandOf, runCommand } from "./commands/call.ts";
import type { ChannelState } from "./commands/command.ts";
import { menu, profiles } from "./commands/menu.ts";
import type { Conversations } from "./conversation.ts";
import { badInputText } from "./failure.ts";
import type { Answer, AnswerMessage, Live, Menu, Message, Profiles } from "./message.ts";
import { withLine } from "./notice.ts";
import { type People, type Person, regionsOf, voiceOf } from "./person.ts";
import { answerQuestion } from "./question.ts";
import { refusalText } from "./refusal.ts";
import { createRunning } from "./running.ts";

export interface AssistantParts {
	readonly router: Router;
	readonly quota: Pick<Quota, "report" | "usedToday" | "useByPerson" | "setShare">;
	/** Asks providers what is left where that is not known anew; resolves soon, whatever they say. */
	readonly refreshAccounts: () => Promise<void>;
	readonly access: Access;
	readonly people: People;
	readonly conversations: Conversations;
	/** DEFAULT_REGIONS. */
	readonly defaultRegions: readonly Region[];
	readonly estimateTokens: (text: string) => number;
	readonly clock: Clock;
	readonly log: Log;
	/** How the channels are, for admins in /status. */
	readonly channelStates?: () => readonly ChannelState[];
}

/** What the bot does with a message, and what it offers. */
export interface Assistant {
	readonly answer: AnswerMessage;
	/** Such a command overtakes the messages that wait. */
	isUrgent(message: Message): boolean;
	/** Shown when a message waits long behind another one. */
	waitingNotice(message: Message): Promise<string>;
	/** For a message that is one too many in the queue; `null` for people who may not write. */
	tooMany(message: Message): Promise<Answer | null>;
	/** After the last failed attempt. */
	apology(message: Message): Promise<Answer>;
	readonly menu: Menu;
	readonly profiles: Profiles;
}

export function createAssistant(parts: AssistantParts): Assistant {
	const { access, people, log } = parts;
	const running = createRunning();
	const voiceFor = async (message: Message): Promise<Voice> => voiceOf(await people.get(message.author));

	async function answer(message: Message, live: Live, ending: AbortSignal): Promise<Answer | null> {
		const admission = await access.authorise(message);
		const person = await people.get(message.author);
		if (admission.kind === "refused") {
			log.info({ author: message.author, reason: admission.reason?.kind ?? "silence" }, "refused");
			return refusal(person, admission);
		}
		const reply = await replyTo(message, live, ending, person, admission);
		return { ...reply, text: await withNotices(reply.text, message, admission) };
	}

	async function replyTo(
		message: Message,
		live: Live,
		ending: AbortSignal,
		person: Person,
		{ isAdmin, news }: Admission & { kind: "permitted" },
	): Promise<Answer> {
		const voice = voiceOf(person);
		if (news === "first-admin") return { text: say(voice, "access.firstAdmin") };
		const regions = regionsOf(person, isAdmin, parts.defaultRegions);

		const call = commandOf(message);
		if (call) {
			log.info({ command: call.command?.name ?? "unknown" }, "command");
			const { argument } = call;
			return runCommand(call, { ...parts, running, message, person, voice, regions, isAdmin, argument });
		}
		const badInput = badInputText(voice, message);
		if (badInput !== undefined) return { text: badInput };

		const { signal: stopped, end } = running.begin(message);
		try {
			const text = await answerQuestion(parts, message, live, { person, regions, stopped, ending });
			if (message.attachments.length === 0) return { text };
			return { text: withLine(text, say(voice, "failure.attachmentIgnored")) };
		} finally {
			end();
		}
	}

	/** Lines that come with an answer and are no message of their own. */
	async function withNotices(reply: string, message: Message, { news }: { news?: string }): Promise<string> {
		const person = await people.get(message.author);
		const voice = voiceOf(person);
		const isNew = !person.wasToldAboutAi || person.toldInAnswerTo === message.id;
		if (isNew) await people.change(message.author, { wasToldAboutAi: true, toldInAnswerTo: message.id });
		const isMissing = news === "first-admin" || commandOf(message)?.command?.saysItIsAnAi !== true;
		const lines = [
			...(news === "approved" ? [say(voice, "access.approvedNow")] : []),
			...(isNew && isMissing ? [say(voice, "assistant.aiNotice")] : []),
		];
		return lines.reduce(withLine, reply);
	}

	function refusal(person: Person, { reason }: Admission & { kind: "refused" }): Answer | null {
		return reason ? { text: refusalText(voiceOf(person), reason, person.id) } : null;
	}

	return {
		answer,
		isUrgent: (message) => commandOf(message)?.command?.isUrgent === true,
		waitingNotice: async (message) => say(await voiceFor(message), "assistant.waiting"),
		async tooMany(message) {
			const admission = await access.authorise(message);
			const person = await people.get(message.author);
			if (admission.kind === "refused") return refusal(person, admission);
			return { text: say(voiceOf(person), "assistant.tooMany") };
		},
		apology: async (message) => ({ text: say(await voiceFor(message), "failure.apology") }),
		menu,
		profiles,
	};
}
