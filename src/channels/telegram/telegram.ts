import type { Update } from "grammy/types";
import type { Menu, Message, Profiles } from "../../assistant/message.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Channel, Notes } from "../channel.ts";
import { createLiveReply } from "../live-reply.ts";
import type { Pace } from "../pace.ts";
import type { Bot } from "./addressed.ts";
import { createTelegramApi, type ForeignSignal } from "./api.ts";
import { TelegramError } from "./errors.ts";
import { toMessage } from "./incoming.ts";
import { publishMenu } from "./menu.ts";
import { originOf } from "./origin.ts";
import { persist } from "./persist.ts";
import { pollUpdates } from "./polling.ts";
import { createSurface } from "./surface.ts";

interface TelegramTimes {
	/** How long one question for updates may wait for an answer. */
	readonly pollSeconds: number;
	/** How long Telegram may take for any answer, on top of `pollSeconds`. */
	readonly answerSeconds: number;
	/** How long to leave the place to another program that receives with this token. */
	readonly conflictPauseSeconds: number;
}

export interface TelegramParts {
	readonly token: string;
	/** Base URL of a Bot API server; undefined: Telegram's own. */
	readonly apiRoot?: string | undefined;
	/** Growing answers in private chats are drafts with a stop button instead of edited messages. */
	readonly usesDrafts: boolean;
	readonly menu: Menu;
	readonly profiles: Profiles;
	readonly store: Notes;
	readonly clock: Clock;
	readonly log: Log;
	readonly pace: Pace;
	readonly times?: TelegramTimes;
}

type Accept = (messages: readonly Message[]) => void;

/** Edits are left out: what was answered is not answered again. */
const updateKinds = ["message"] as const;

/**
 * Telegram by long polling. An update is confirmed only after `accept` has returned; a Telegram that cannot be reached
 * is waited for, at the start too; a token that is not valid rejects `start` with a ChannelError `unauthorised`.
 */
export function createTelegramChannel(parts: TelegramParts): Channel {
	const { token, apiRoot, usesDrafts, menu, profiles, store, clock, log, pace } = parts;
	const { times = { pollSeconds: 30, answerSeconds: 10, conflictPauseSeconds: 30 } } = parts;
	const api = createTelegramApi({ token, apiRoot, clock, answerSeconds: times.answerSeconds });
	const intake = new AbortController();
	const { signal } = intake;
	const waiting = { clock, log, conflictPauseSeconds: times.conflictPauseSeconds };
	let receiving: Promise<unknown> = Promise.resolve();

	async function receive(accept: Accept, firstAnswer: PromiseWithResolvers<void>): Promise<void> {
		const bot = await identify(firstAnswer);
		if (!bot) return;
		log.info({ bot: bot.id }, "telegram: receiving");
		const polling = {
			...waiting,
			api,
			allowedUpdates: usesDrafts ? ([...updateKinds, "stopped_message_generation"] as const) : updateKinds,
			pollSeconds: times.pollSeconds,
			receive: (updates: readonly Update[]) => {
				const messages = updates.flatMap((update) => read(update, bot) ?? []);
				if (messages.length > 0) accept(messages);
			},
		};
		await Promise.all([
			pollUpdates(polling, signal),
			publishMenu({ api, botId: bot.id, menu, profiles, store, log }, signal),
		]);
	}

	/** Asks who the bot is until Telegram answers: names and mentions cannot be read before. */
	async function identify(firstAnswer: PromiseWithResolvers<void>): Promise<Bot | undefined> {
		let bot: Bot | undefined;
		await persist(waiting, signal, async () => {
			try {
				bot = await api.getMe(signal as ForeignSignal);
			} catch (error) {
				if (error instanceof TelegramError && error.kind === "unauthorised") firstAnswer.reject(error);
				throw error;
			} finally {
				firstAnswer.resolve();
			}
			return true;
		});
		return bot;
	}

	/** One update that cannot be read must not keep all that come after it away. */
	function read(update: Update, bot: Bot): Message | undefined {
		try {
			return toMessage(update, bot, clock.now());
		} catch (error) {
			log.error({ update: update.update_id, error }, "telegram: an update cannot be read and is left out");
			return undefined;
		}
	}

	return {
		name: "telegram",

		async start(accept) {
			const firstAnswer = Promise.withResolvers<void>();
			receiving = receive(accept, firstAnswer);
			await firstAnswer.promise;
		},

		open(message, record) {
			const surface = createSurface({ api, origin: originOf(message), isDirect: message.isDirect, usesDrafts });
			return createLiveReply(surface, record, { pace, clock, log });
		},

		async stop() {
			intake.abort();
			await receiving;
		},

		async close() {},
	};
}
