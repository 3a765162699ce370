import {
	type APIApplicationCommand,
	type APIMessage,
	type APIUser,
	type ChannelType,
	type MessageFlags,
	MessageType,
} from "discord-api-types/v10";
import { textOfComponents } from "./discord-components.ts";
import type { SentFile } from "./multipart.ts";

export type { SentFile };

export interface FakeChannel {
	readonly id: string;
	readonly type: ChannelType.DM | ChannelType.GuildText | ChannelType.PublicThread;
	readonly name: string;
	/** Undefined for direct chats. */
	readonly guildId?: string;
	/** Only of threads. */
	readonly parentId?: string;
	/** False where only a person installed the bot: it sees and reaches nothing but its interactions. */
	readonly hasBot: boolean;
	isArchived: boolean;
}

export interface FakeMessage {
	readonly data: APIMessage;
	readonly isByBot: boolean;
	/** Only of messages with `enforce_nonce`. */
	readonly nonce?: string;
	readonly createdAt: number;
	/** Promised by an interaction and still without text: people see "is thinking". */
	isLoading: boolean;
	isDeleted: boolean;
	edits: number;
}

export interface FakeInteraction {
	readonly id: string;
	readonly token: string;
	readonly channel: FakeChannel;
	readonly createdAt: number;
	/** By the real clock. */
	readonly sentAt: number;
	/** Milliseconds from the interaction to its acknowledgement, by the real clock. */
	acknowledgedAfterMilliseconds?: number;
	isEphemeral: boolean;
	originalId?: string;
	followUps: number;
}

export interface SeenCall {
	readonly method: string;
	/** Without `/api/v10`. */
	readonly path: string;
	readonly body: Readonly<Record<string, unknown>>;
	readonly files: readonly SentFile[];
	/** Milliseconds of the real clock. */
	readonly at: number;
	/** 0 while unanswered and when the answer was never sent. */
	status: number;
}

/** What Discord remembers. */
export interface FakeState {
	readonly token: string;
	readonly bot: APIUser;
	readonly channels: Map<string, FakeChannel>;
	readonly messages: Map<string, FakeMessage>;
	/** By token. */
	readonly interactions: Map<string, FakeInteraction>;
	commands: readonly APIApplicationCommand[];
	readonly calls: SeenCall[];
	/** Rules of ours that a request broke: pings, previews, nonces, requests inside a rate limit. */
	readonly violations: string[];
	now(): number;
	/** 19 digits like a real one, rising. */
	nextId(): string;
	/** Stores a message. Everything that is absent stays absent, as in real payloads. */
	store(channel: FakeChannel, author: APIUser, text: string, more?: NewMessage): FakeMessage;
}

export interface NewMessage {
	readonly nonce?: string;
	readonly isLoading?: boolean;
	readonly fields?: Partial<APIMessage>;
}

const discordEpoch = 1_420_070_400_000;

export function createState(token: string, now: () => number): FakeState {
	let counter = 0n;
	const nextId = (): string => String((BigInt(Math.floor(now()) - discordEpoch) << 22n) + ++counter);
	const messages = new Map<string, FakeMessage>();
	const bot = { ...createUser(nextId(), "clawdbot"), bot: true };
	return {
		token,
		bot,
		channels: new Map(),
		messages,
		interactions: new Map(),
		commands: [],
		calls: [],
		violations: [],
		now,
		nextId,
		store(channel, author, text, more = {}) {
			const data = {
				id: nextId(),
				channel_id: channel.id,
				author,
				content: text,
				timestamp: new Date(now()).toISOString(),
				edited_timestamp: null,
				tts: false,
				mention_everyone: false,
				mentions: [],
				mention_roles: [],
				attachments: [],
				embeds: [],
				pinned: false,
				type: MessageType.Default,
				flags: 0 as MessageFlags,
				...more.fields,
			} satisfies APIMessage;
			const message: FakeMessage = {
				data,
				isByBot: author.id === bot.id,
				...(more.nonce === undefined ? {} : { nonce: more.nonce }),
				createdAt: now(),
				isLoading: more.isLoading ?? false,
				isDeleted: false,
				edits: 0,
			};
			messages.set(data.id, message);
			return message;
		},
	};
}

export function createUser(id: string, username: string): APIUser {
	return { id, username, discriminator: "0", global_name: null, avatar: null };
}

/** What people read of the bot's in a channel now, in order. The message that only says "is thinking" is left out. */
export function visibleMessages(state: FakeState, channelId: string): readonly FakeMessage[] {
	return [...state.messages.values()].filter(
		({ data, isByBot, isDeleted, isLoading }) => data.channel_id === channelId && isByBot && !isDeleted && !isLoading,
	);
}

/** The text of a message, plain or on a card. */
export function shownText({ data }: FakeMessage): string {
	return data.content || textOfComponents(data.components ?? []);
}
