import type { ApiMethods, Message, ParseMode, User } from "grammy/types";
import type { Clock } from "../../src/clock.ts";
import type { SentFile } from "./multipart.ts";
import { asReplied, type ChatRoom, type FakeChat } from "./telegram-chats.ts";
import { photoOf } from "./telegram-pictures.ts";
import { badRequest, type Given, type MethodName } from "./telegram-rules.ts";
import type { FormattedText, ParseText } from "./telegram-text.ts";

/** A method of the Bot API over parameters that `checkParameters` let through. Throws a Refusal. */
export type Methods = {
	readonly [Method in Exclude<MethodName, "getUpdates">]: (
		given: Given<Method>,
		files: readonly SentFile[],
	) => ReturnType<ApiMethods[Method]>;
};

/** What the operator sees of the bot, by language (`""`: people whose language has nothing of its own). */
export interface Profile {
	commands: readonly { readonly command: string; readonly description: string }[];
	description: string;
	shortDescription: string;
}

const longestText = 4_096;
const longestCaption = 1_024;
const draftSeconds = 30;
const typingInGeneral = 1;

export function createMethods(parts: {
	readonly bot: User & { is_bot: true; username: string };
	readonly room: ChatRoom;
	readonly clock: Clock;
	readonly parse: ParseText;
	readonly profiles: Map<string, Profile>;
	/** How the bot is set up at BotFather. */
	readonly setUp: { readonly readsAllGroupMessages?: boolean; readonly webhookUrl?: string };
}): Methods {
	const { bot, room, clock, parse, profiles, setUp } = parts;

	function read({ text = "", parse_mode }: { text?: string; parse_mode?: ParseMode }): FormattedText {
		const parsed = parse(text, parse_mode);
		if (typeof parsed === "string") throw badRequest(`can't parse entities: ${parsed}`);
		return parsed;
	}

	function readMessage(given: Parameters<typeof read>[0]): FormattedText {
		const parsed = read(given);
		if (parsed.text.length > longestText) throw badRequest("message is too long");
		return parsed;
	}

	/** A message of the bot's own. */
	function findOwn({ chat_id, message_id = 0 }: { chat_id: number; message_id?: number }) {
		const stored = room.reach(chat_id).messages.get(message_id);
		if (!stored) throw badRequest("message to edit not found");
		if (stored.message.from?.id !== bot.id) throw badRequest("message can't be edited");
		return stored;
	}

	function profileOf(language = ""): Profile {
		const profile = profiles.get(language) ?? { commands: [], description: "", shortDescription: "" };
		profiles.set(language, profile);
		return profile;
	}

	return {
		getMe: () => ({
			...bot,
			can_join_groups: true,
			can_read_all_group_messages: setUp.readsAllGroupMessages ?? false,
			supports_inline_queries: false,
			can_connect_to_business: false,
			has_main_web_app: false,
			has_topics_enabled: false,
			allows_users_to_create_topics: false,
			can_manage_bots: false,
			supports_join_request_queries: false,
		}),
		deleteWebhook: () => true,
		getWebhookInfo: () => ({ url: setUp.webhookUrl ?? "", has_custom_certificate: false, pending_update_count: 0 }),

		sendMessage(given) {
			const chat = room.reach(given.chat_id);
			const { text, entities } = readMessage(given);
			if (text.trim() === "") throw badRequest("message text is empty");
			const topic = topicFields(chat, given.message_thread_id);
			const reply = replyFields(chat, given.reply_parameters);
			chat.draft = undefined;
			return room.store(
				chat,
				{ from: bot, text, ...(entities.length > 0 ? { entities: [...entities] } : {}), ...topic, ...reply },
				given.parse_mode,
			) as Message.TextMessage;
		},

		editMessageText(given) {
			const stored = findOwn(given);
			if (stored.message.text === undefined) throw badRequest("there is no text in the message to edit");
			const { text, entities } = readMessage(given);
			if (text.trim() === "") throw badRequest("message text is empty");
			const before = JSON.stringify([stored.message.text, stored.message.entities ?? []]);
			if (before === JSON.stringify([text, entities]))
				throw badRequest(
					"message is not modified: specified new message content and reply markup are exactly the same as a current " +
						"content and reply markup of the message",
				);
			const edited = { ...stored.message, text, entities: [...entities], edit_date: Math.floor(clock.now() / 1_000) };
			stored.message = edited;
			stored.parseMode = given.parse_mode;
			return edited;
		},

		/** A new upload is a new file: the same picture once more counts as a change. */
		editMessageMedia(given, files) {
			const stored = findOwn(given);
			const {
				media,
				caption = "",
				parse_mode,
			} = given.media as { media: string; caption?: string; parse_mode?: ParseMode };
			const file = files.find(({ field }) => media === `attach://${field}`);
			if (given.media.type !== "photo" || !file) throw badRequest("wrong file identifier/HTTP URL specified");
			const photo = photoOf(file);
			const { text, entities } = read({ text: caption, ...(parse_mode ? { parse_mode } : {}) });
			if (text.length > longestCaption) throw badRequest("message caption is too long");
			const { text: _text, entities: _entities, ...others } = stored.message;
			const edited = {
				...others,
				photo: [photo],
				...(text === "" ? {} : { caption: text, caption_entities: [...entities] }),
				edit_date: Math.floor(clock.now() / 1_000),
			};
			stored.message = edited;
			stored.parseMode = parse_mode;
			return edited;
		},

		deleteMessage({ chat_id, message_id }) {
			if (!room.reach(chat_id).messages.delete(message_id)) throw badRequest("message to delete not found");
			return true;
		},

		sendChatAction({ chat_id, message_thread_id }) {
			const chat = room.reach(chat_id);
			const isGeneral = message_thread_id === typingInGeneral && chat.chat.is_forum === true;
			if (!isGeneral) topicFields(chat, message_thread_id);
			return true;
		},

		sendMessageDraft(given) {
			const chat = room.reach(given.chat_id);
			if (chat.chat.type !== "private") throw badRequest("drafts can be sent to private chats only");
			if (given.draft_id === 0) throw badRequest("draft_id must be non-zero");
			topicFields(chat, given.message_thread_id);
			chat.draft = {
				id: given.draft_id,
				text: readMessage(given).text || "Thinking…",
				canStop: given.can_stop ?? false,
				topic: given.message_thread_id,
				until: clock.elapsed() + draftSeconds * 1_000,
			};
			return true;
		},

		setMyCommands({ commands, language_code }) {
			for (const { command, description } of commands) {
				if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest("BOT_COMMAND_INVALID");
				if (description.length < 1 || description.length > 256) throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
			}
			profileOf(language_code).commands = commands;
			return true;
		},
		setMyDescription({ description = "", language_code }) {
			if (description.length > 512) throw badRequest("description is too long");
			profileOf(language_code).description = description;
			return true;
		},
		setMyShortDescription({ short_description = "", language_code }) {
			if (short_description.length > 120) throw badRequest("short description is too long");
			profileOf(language_code).shortDescription = short_description;
			return true;
		},
	};
}

/** General has no number on sends: Telegram finds no topic 1. */
function topicFields(
	chat: FakeChat,
	topic: number | undefined,
): Pick<Message, "message_thread_id" | "is_topic_message"> {
	if (topic === undefined) return {};
	const found = chat.topics.get(topic);
	if (!found) throw badRequest("message thread not found");
	if (found.isClosed) throw badRequest("TOPIC_CLOSED");
	return { message_thread_id: topic, is_topic_message: true };
}

function replyFields(
	chat: FakeChat,
	reply: { message_id?: number; allow_sending_without_reply?: boolean } | undefined,
): Pick<Message, "reply_to_message"> {
	if (!reply) return {};
	const replied = chat.messages.get(reply.message_id ?? 0)?.message;
	if (replied) return asReplied(replied);
	if (reply.allow_sending_without_reply) return {};
	throw badRequest("message to be replied not found");
}
