import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createFakeTelegram, type SeenCall } from "../test/fakes/telegram.ts";
import { type Program, startProgram } from "./program.ts";
import { createTimedModel, lastWord, type Rhythm } from "./timed-model.ts";

/** One question on its way through a bot, in milliseconds of `performance.now()`. */
interface Walk {
	/** The update is there for whoever polls. */
	readonly askedAt: number;
	/** The language model has the whole request. */
	readonly requestAt?: number;
	readonly lastTokenAt?: number;
	/** Telegram has the last edit with the complete text. */
	readonly finalEditAt?: number;
}

/** A bot in a process of its own between a Telegram and a language model in this one. */
export interface Stage {
	readonly program: Program;
	/** A new person asks in a chat of their own; returns the number of the question. */
	ask(): number;
	/** Resolves once these questions are answered, or the time is up. */
	answered(questions: readonly number[], patienceMilliseconds: number): Promise<readonly Walk[]>;
	/** Resolves to the milliseconds of one visible call without any bot. */
	visibleCall(): Promise<number>;
	/** What Telegram would have punished, and chats that do not show exactly one complete answer. */
	faults(): readonly string[];
	close(): Promise<void>;
}

const bots = {
	ours: fileURLToPath(new URL("../src/main.ts", import.meta.url)),
	/** The baseline of the same run. */
	bare: fileURLToPath(new URL("./minimal-bot.ts", import.meta.url)),
};
export type BotName = keyof typeof bots;

/** Starts a bot and resolves when it polls. */
export async function createStage(bot: BotName, rhythm: Rhythm): Promise<Stage> {
	const walks = new Map<number, Walk>();
	const note = (question: number, seen: Partial<Walk>): void => {
		const walk = walks.get(question);
		if (walk) walks.set(question, { ...walk, ...seen });
	};
	let polls = 0;
	let visitor = 1_000_000;
	function onCall({ method, parameters, at }: SeenCall): void {
		if (method === "getUpdates") polls++;
		const isFinal = method === "editMessageText" && String(parameters.text).includes(lastWord);
		if (isFinal) note(Number(parameters.chat_id), { finalEditAt: at });
	}
	const telegram = await createFakeTelegram({ enforcesRates: true, onCall });
	const model = await createTimedModel(rhythm, {
		requestAt: (question, requestAt) => note(question, { requestAt }),
		lastTokenAt: (question, lastTokenAt) => note(question, { lastTokenAt }),
	});
	const program = startProgram([bots[bot]], {
		TELEGRAM_BOT_TOKEN: telegram.token,
		TELEGRAM_API_ROOT: telegram.apiRoot,
		LOCAL_BASE_URL: model.baseUrl,
		LOG_LEVEL: "error",
	});
	const patience = performance.now() + 20_000;
	while (polls === 0) {
		if (performance.now() > patience) throw new Error(`the bot does not poll: ${program.errors()}`);
		await wait(20);
	}

	return {
		program,
		ask() {
			const question = walks.size + 1;
			telegram.addPrivateChat({ id: question });
			walks.set(question, { askedAt: performance.now() });
			telegram.say(question, question, `Frage ${question}: Wie viel ist 7 mal 8?`);
			return question;
		},
		async answered(questions, patienceMilliseconds) {
			const until = performance.now() + patienceMilliseconds;
			const isOpen = (question: number): boolean => walks.get(question)?.finalEditAt === undefined;
			while (questions.some(isOpen) && performance.now() < until) await wait(20);
			return questions.flatMap((question) => walks.get(question) ?? []);
		},
		async visibleCall() {
			const chat_id = telegram.addPrivateChat({ id: visitor++ });
			const body = JSON.stringify({ chat_id, text: "…", link_preview_options: { is_disabled: true } });
			const url = `${telegram.apiRoot}/bot${telegram.token}/sendMessage`;
			const begin = performance.now();
			const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
			await answer.text();
			return performance.now() - begin;
		},
		faults() {
			const wrong = [...walks.keys()].filter((chat) => {
				const texts = telegram.botTexts(chat);
				return texts.length !== 1 || !texts[0]?.includes(lastWord);
			});
			return [...telegram.violations.map(({ rule }) => rule), ...wrong.map((chat) => `no single answer in ${chat}`)];
		},
		async close() {
			await program.stop();
			await telegram.close();
			model.close();
		},
	};
}
