import type { MessageGenerationStopped, Message as TelegramMessage, Update } from "grammy/types";
import type { AttachmentKind, Message } from "../../assistant/message.ts";
import { addressedText, type Bot } from "./addressed.ts";
import type { Origin } from "./origin.ts";

/** General exists in every forum, has this number and is never named in its messages. */
const generalTopic = 1;

/** The message of an update, or undefined when it is nothing that the bot has to answer. `now`: milliseconds since 1970. */
export function toMessage(update: Update, bot: Bot, now: number): Message | undefined {
	if (update.message) return fromMessage(update.message, bot);
	if (update.stopped_message_generation) return fromStopButton(update.stopped_message_generation, now);
	return undefined;
}

function fromMessage(message: TelegramMessage, bot: Bot): Message | undefined {
	const author = authorOf(message);
	const attachments = attachmentsOf(message);
	// Neither text nor anything else that a person sends: somebody joined, a title changed.
	const isService = message.text === undefined && attachments.length === 0;
	if (!author || isService || message.is_automatic_forward) return undefined;

	const mayCommand = !message.forward_origin && !message.via_bot && !message.sender_chat;
	const text = addressedText(message, bot, mayCommand);
	if (text === undefined) return undefined;

	const { chat } = message;
	const topic = message.is_topic_message ? (message.message_thread_id ?? generalTopic) : generalTopic;
	const sendTopic = topic === generalTopic ? null : topic;
	const origin: Origin = {
		chat: chat.id,
		message: message.message_id,
		sendTopic,
		typingTopic: chat.is_forum ? topic : sendTopic,
	};
	return {
		id: `telegram:${chat.id}:${message.message_id}`,
		channel: "telegram",
		conversation: conversationOf(chat.id, sendTopic),
		author: `telegram:${author.id}`,
		authorName: withoutDirectionMarks(author.name),
		text,
		attachments,
		isDirect: chat.type === "private",
		mayCommand,
		sentAt: message.date * 1_000,
		origin,
	};
}

/** The person pressed the button under a draft: the same as if they had written the command. */
function fromStopButton(stopped: MessageGenerationStopped, now: number): Message {
	const { chat, draft_id, message_thread_id = null } = stopped;
	const origin: Origin = {
		chat: chat.id,
		message: draft_id,
		sendTopic: message_thread_id,
		typingTopic: message_thread_id,
	};
	return {
		id: `telegram:${chat.id}:stop-${draft_id}`,
		channel: "telegram",
		conversation: conversationOf(chat.id, message_thread_id),
		author: `telegram:${chat.id}`,
		authorName: withoutDirectionMarks(chat.first_name),
		text: "/stopp",
		attachments: [],
		isDirect: true,
		mayCommand: true,
		sentAt: now,
		origin,
	};
}

const conversationOf = (chat: number, topic: number | null): string =>
	topic === null ? `telegram:${chat}` : `telegram:${chat}:${topic}`;

/**
 * Anonymous administrators and channels share one stand-in user of Telegram's. Their own numeric id is used, so that
 * letting one of them in never lets in all of them. Other bots are nobody: two bots must not talk to each other.
 */
function authorOf({ from, sender_chat: chat }: TelegramMessage): { id: number; name: string } | undefined {
	if (chat) return { id: chat.id, name: chat.title ?? "" };
	if (!from || from.is_bot) return undefined;
	return { id: from.id, name: from.first_name };
}

/** Names are strangers' text: these characters would turn round what stands beside them. */
const withoutDirectionMarks = (name: string): string => name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");

/** The first field that is set decides: an animation is a document too, a venue a location too. */
const kindsByField = {
	animation: "video",
	photo: "picture",
	live_photo: "picture",
	voice: "voice",
	video: "video",
	video_note: "video",
	sticker: "sticker",
	document: "document",
	location: "location",
	audio: "other",
	contact: "other",
	dice: "other",
	game: "other",
	poll: "other",
	story: "other",
	paid_media: "other",
	checklist: "other",
	rich_message: "other",
} as const satisfies { readonly [Field in keyof TelegramMessage]?: AttachmentKind };

function attachmentsOf(message: TelegramMessage): readonly AttachmentKind[] {
	const fields = Object.keys(kindsByField) as (keyof typeof kindsByField)[];
	const field = fields.find((candidate) => message[candidate] !== undefined);
	return field === undefined ? [] : [kindsByField[field]];
}
