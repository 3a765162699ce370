import type { Chat, Message, MessageEntity, ParseMode, PhotoSize, User } from "grammy/types";
import type { Clock } from "../../src/clock.ts";
import { badRequest, Refusal } from "./telegram-rules.ts";
import { entitiesOf } from "./telegram-text.ts";

/** A message as the people in the chat see it. */
export interface VisibleMessage {
	readonly id: number;
	readonly isFromBot: boolean;
	/** Of a picture: what stands below it. */
	readonly text: string;
	readonly entities: readonly MessageEntity[];
	/** The largest size of a picture. */
	readonly photo: PhotoSize | undefined;
	/** Of the last send or edit that wrote it. */
	readonly parseMode: ParseMode | undefined;
	readonly topic: number | undefined;
	readonly replyTo: number | undefined;
}

export interface Draft {
	readonly id: number;
	readonly text: string;
	readonly canStop: boolean;
	readonly topic: number | undefined;
	readonly until: number;
}

interface StoredMessage {
	message: Message;
	parseMode: ParseMode | undefined;
}

export interface FakeChat {
	readonly chat: Exclude<Chat, Chat.ChannelChat>;
	readonly messages: Map<number, StoredMessage>;
	/** Number and the note that it was created; the number is the note's own. */
	readonly topics: Map<number, { readonly note: Message; isClosed: boolean }>;
	lastMessageId: number;
	draft: Draft | undefined;
	isBlocked: boolean;
	migratedTo: number | undefined;
}

/** How a person's message differs from plain text in the chat. */
export interface SayOptions {
	readonly topic?: number;
	/** Number of a message in the chat that is answered. */
	readonly replyTo?: number;
	/** A photo, a sticker, …: the text is its caption. */
	readonly media?: Partial<Content>;
	/** Further fields as Telegram would send them: a forward, a sender chat, other entities. */
	readonly fields?: Partial<Content>;
}

/** What differs from message to message; the rest follows from the chat and the moment. */
export type Content = Omit<Message, "message_id" | "date" | "chat">;

export interface ChatRoom {
	add(chat: FakeChat["chat"]): FakeChat;
	/** Throws the refusal of the Bot API for a chat that is not there, blocked the bot or moved. */
	reach(id: number): FakeChat;
	/** Throws only for what the test itself got wrong. */
	find(id: number): FakeChat;
	addTopic(chat: FakeChat, creator: User, name: string): number;
	store(chat: FakeChat, content: Content, parseMode?: ParseMode): Message;
	say(chat: FakeChat, from: User, text: string, options: SayOptions): Message;
	visible(chat: FakeChat): VisibleMessage[];
}

export function createChatRoom(clock: Clock, botId: number): ChatRoom {
	const chats = new Map<number, FakeChat>();

	const room: ChatRoom = {
		add(chat) {
			const added: FakeChat = {
				chat,
				messages: new Map(),
				topics: new Map(),
				// Number 1 is taken everywhere: in forums it is General.
				lastMessageId: 1,
				draft: undefined,
				isBlocked: false,
				migratedTo: undefined,
			};
			chats.set(chat.id, added);
			return added;
		},
		find(id) {
			const chat = chats.get(id);
			if (!chat) throw new Error(`the test declared no chat ${id}`);
			return chat;
		},
		reach(id) {
			const chat = chats.get(id);
			if (!chat) throw badRequest("chat not found");
			if (chat.isBlocked) throw new Refusal(403, "Forbidden: bot was blocked by the user");
			if (chat.migratedTo !== undefined)
				throw new Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {
					migrate_to_chat_id: chat.migratedTo,
				});
			return chat;
		},
		addTopic(chat, creator, name) {
			const note = room.store(chat, {
				from: creator,
				message_thread_id: chat.lastMessageId + 1,
				is_topic_message: true,
				forum_topic_created: { name, icon_color: 0x6fb9f0 },
			});
			chat.topics.set(note.message_id, { note, isClosed: false });
			return note.message_id;
		},
		store(chat, content, parseMode) {
			const message_id = ++chat.lastMessageId;
			const message: Message = { ...content, message_id, date: Math.floor(clock.now() / 1_000), chat: chat.chat };
			chat.messages.set(message_id, { message, parseMode });
			return message;
		},
		say(chat, from, text, { topic, replyTo, media, fields }) {
			const entities = entitiesOf(text);
			const [textField, entitiesField] = media ? ["caption", "caption_entities"] : ["text", "entities"];
			const note = topic === undefined ? undefined : chat.topics.get(topic)?.note;
			if (topic !== undefined && !note) throw new Error(`the test declared no topic ${topic}`);
			const replied = replyTo === undefined ? note : chat.messages.get(replyTo)?.message;
			const content: Partial<Content> = {
				from,
				...(text === "" ? {} : { [textField]: text }),
				...(entities.length === 0 ? {} : { [entitiesField]: entities }),
				...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
				...(replied ? asReplied(replied) : {}),
				...media,
				...fields,
			};
			return room.store(chat, content as Content);
		},
		visible: (chat) =>
			[...chat.messages.values()].map(({ message, parseMode }) => ({
				id: message.message_id,
				isFromBot: message.from?.id === botId,
				text: message.text ?? message.caption ?? "",
				entities: message.entities ?? message.caption_entities ?? [],
				photo: message.photo?.at(-1),
				parseMode,
				topic: message.is_topic_message ? message.message_thread_id : undefined,
				replyTo: message.reply_to_message?.message_id,
			})),
	};
	return room;
}

/** A message inside another one never shows what it answered itself. */
export const asReplied = (message: Message): Pick<Message, "reply_to_message"> => ({
	reply_to_message: { ...message, reply_to_message: undefined } as NonNullable<Message["reply_to_message"]>,
});
