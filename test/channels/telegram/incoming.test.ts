import type { MessageEntity, PhotoSize, Sticker, Update, User } from "grammy/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../../src/assistant/message.ts";
import { toMessage } from "../../../src/channels/telegram/incoming.ts";
import type { Origin } from "../../../src/channels/telegram/origin.ts";
import { createFakeTelegram, type FakeTelegram } from "../../fakes/telegram.ts";
import type { Content, SayOptions } from "../../fakes/telegram-chats.ts";

const erika: User = { id: 4711, is_bot: false, first_name: "Erika", language_code: "de" };
const otherBot: User = { id: 99, is_bot: true, first_name: "Bot", username: "other_bot" };
const forwarded: Partial<Content> = { forward_origin: { type: "hidden_user", sender_user_name: "Max", date: 1 } };
const now = 1_800_000_000_000;

let fake: FakeTelegram;
let direct: number;
let group: number;
let forum: number;
let topic: number;

beforeAll(async () => {
	fake = await createFakeTelegram();
	direct = fake.addPrivateChat(erika);
	group = fake.addGroup();
	forum = fake.addGroup("Forum", { isForum: true });
	topic = fake.addTopic(forum);
});
afterAll(() => fake.close());

const read = (update: Update): Message | undefined => toMessage(update, fake.bot, now);
const hear = (chat: number, text: string, options: SayOptions = {}): Message | undefined =>
	read(fake.say(chat, erika, text, options));

describe("a message in a private chat", () => {
	it("carries everything the inside needs, under numeric identities", () => {
		const update = fake.say(direct, erika, "  Wie spät ist es?\n");

		const message = read(update);

		expect(message).toEqual({
			id: `telegram:4711:${update.message.message_id}`,
			channel: "telegram",
			conversation: "telegram:4711",
			author: "telegram:4711",
			authorName: "Erika",
			text: "  Wie spät ist es?\n",
			attachments: [],
			isDirect: true,
			mayCommand: true,
			sentAt: update.message.date * 1_000,
			origin: { chat: 4711, message: update.message.message_id, sendTopic: null, typingTopic: null },
		});
	});

	it("keeps mentions, and drops only another bot's commands", () => {
		expect(hear(direct, "Wer ist @clawdbot_de_bot?")?.text).toBe("Wer ist @clawdbot_de_bot?");
		expect(hear(direct, "/status@Clawdbot_DE_bot alles")?.text).toBe("/status alles");
		expect(hear(direct, "/status@other_bot")).toBeUndefined();
	});

	it("has conversations of its own in its topics", () => {
		const thread = fake.addTopic(direct, "Garten");

		const message = hear(direct, "Hallo", { topic: thread });

		expect(message?.conversation).toBe(`telegram:4711:${thread}`);
		expect(message?.origin).toMatchObject({ sendTopic: thread, typingTopic: thread });
	});

	it("takes marks that turn the writing direction out of names", () => {
		const update = fake.say(direct, { ...erika, first_name: "Eri\u202eka\u2066" }, "Hallo");

		expect(read(update)?.authorName).toBe("Erika");
	});
});

describe("a message in a group", () => {
	const family = "👨‍👩‍👧";

	it.each([
		["@clawdbot_de_bot Wie spät ist es?", "Wie spät ist es?"],
		["@Clawdbot_DE_Bot, wie spät ist es?", "wie spät ist es?"],
		[`${family} 🎉 hallo @clawdbot_de_bot wie geht es?`, `${family} 🎉 hallo wie geht es?`],
		["Was meinst du,\n@clawdbot_de_bot\nzum Wetter?", "Was meinst du,\n\nzum Wetter?"],
		["@clawdbot_de_bot und @clawdbot_de_bot", "und"],
		["@clawdbot_de_bot", ""],
		["/status alles", "/status alles"],
		["/status@clawdbot_de_bot alles", "/status alles"],
		["@clawdbot_de_bot /status", "/status"],
	])("%j is meant for the bot and says %j", (said, understood) => {
		expect(hear(group, said)?.text).toBe(understood);
	});

	it.each([
		"Hallo zusammen",
		"@clawdbot_de_bot2 hallo",
		"mail@clawdbot_de_bot",
		"/status@other_bot",
		"/status@other_bot @clawdbot_de_bot",
		"siehe clawdbot_de_bot",
	])("%j is not meant for the bot", (said) => {
		expect(hear(group, said)).toBeUndefined();
	});

	it("is meant for the bot when it is named without a user name", () => {
		const entities: MessageEntity[] = [{ type: "text_mention", offset: 3, length: 8, user: fake.bot }];

		expect(hear(group, "He Clawdbot was gibt es?", { fields: { entities } })?.text).toBe("He was gibt es?");
	});

	it("is meant for the bot when it answers one of the bot's messages, and only then", () => {
		const ours = fake.push({ message: botMessage(group) }).message;
		const theirs = fake.say(group, { ...erika, id: 5 }, "Hallo").message.message_id;

		expect(hear(group, "Und morgen?", { fields: { reply_to_message: ours as never } })?.text).toBe("Und morgen?");
		expect(hear(group, "Und morgen?", { replyTo: theirs })).toBeUndefined();
	});

	it("is not meant for the bot by standing in a topic that the bot created", () => {
		expect(hear(forum, "Hallo zusammen", { topic })).toBeUndefined();
		expect(hear(forum, "@clawdbot_de_bot hallo", { topic })).toMatchObject({
			conversation: `telegram:${forum}:${topic}`,
			isDirect: false,
			origin: { sendTopic: topic, typingTopic: topic } satisfies Partial<Origin>,
		});
	});

	it("belongs to General outside of topics: typing has a number there, sends have none", () => {
		expect(hear(forum, "/status")).toMatchObject({
			conversation: `telegram:${forum}`,
			origin: { sendTopic: null, typingTopic: 1 },
		});
	});

	it("knows no topic where a chain of replies has a number", () => {
		const message = hear(group, "/status", { fields: { message_thread_id: 17 } });

		expect(message).toMatchObject({
			conversation: `telegram:${group}`,
			origin: { sendTopic: null, typingTopic: null },
		});
	});
});

describe("text that others wrote", () => {
	it.each([
		["forwarded", forwarded],
		["from an inline bot", { via_bot: otherBot }],
		["from a channel", { sender_chat: { id: -100_5, type: "channel", title: "Kanal" } }],
	] satisfies [string, Partial<Content>][])("never commands when it is %s", (_, fields) => {
		expect(hear(direct, "/freigeben ABC", { fields })?.mayCommand).toBe(false);
		expect(hear(group, "/freigeben ABC", { fields })).toBeUndefined();
	});

	it("has the number of the group as its author when an administrator stays anonymous", () => {
		const sender_chat = { id: group, type: "supergroup", title: "Gruppe" } as const;
		const from: User = { id: 1_087_968_824, is_bot: true, first_name: "Group" };

		const message = read(fake.say(group, from, "@clawdbot_de_bot hallo", { fields: { sender_chat } }));

		expect(message).toMatchObject({ author: `telegram:${group}`, mayCommand: false, text: "hallo" });
	});

	it("is not heard when another bot wrote it", () => {
		expect(read(fake.say(group, otherBot, "@clawdbot_de_bot hallo"))).toBeUndefined();
	});

	it("is not heard when a channel post was passed on to its discussion group", () => {
		expect(hear(group, "@clawdbot_de_bot", { fields: { is_automatic_forward: true } })).toBeUndefined();
	});
});

describe("what is not plain text", () => {
	const photo: PhotoSize[] = [{ file_id: "a", file_unique_id: "a", width: 1, height: 1 }];
	const file = { file_id: "a", file_unique_id: "a", duration: 1, width: 1, height: 1, length: 1 };
	const location = { latitude: 52.5, longitude: 13.4 };
	const sticker = { ...file, type: "regular", is_animated: false, is_video: false } satisfies Sticker;

	it.each([
		["picture", { photo }],
		["voice", { voice: file }],
		["sticker", { sticker }],
		["video", { video: file }],
		["video", { video_note: file }],
		["video", { animation: file, document: file }],
		["document", { document: file }],
		["location", { location }],
		["location", { location, venue: { location, title: "Café", address: "Hauptstraße 1" } }],
		["other", { audio: file }],
		["other", { dice: { emoji: "🎲", value: 3 } }],
	] satisfies [string, Partial<Content>][])("is a %s", (kind, media) => {
		expect(hear(direct, "", { media })).toMatchObject({ attachments: [kind], text: "" });
	});

	it("has its caption as its text, with mentions in the right place", () => {
		const message = hear(group, "🌻 @clawdbot_de_bot was ist das?", { media: { photo } });

		expect(message).toMatchObject({ attachments: ["picture"], text: "🌻 was ist das?" });
	});

	it("is nothing to answer when it is a note of the service", () => {
		expect(hear(direct, "", { fields: { new_chat_title: "Neu" } })).toBeUndefined();
		expect(hear(group, "", { fields: { left_chat_member: fake.bot } })).toBeUndefined();
	});

	it("is nothing to answer when it is another kind of update", () => {
		const { message } = fake.say(direct, erika, "Hallo");

		expect(read(fake.push({ edited_message: { ...message, from: erika, edit_date: 2 } as never }))).toBeUndefined();
		expect(read(fake.push({ poll: { id: "1" } as never }))).toBeUndefined();
	});

	it("is the command to stop when the person pressed the button under a draft", () => {
		const stopped = { chat: { id: direct, type: "private", first_name: "Erika" }, draft_id: 12 } as const;

		const message = read(fake.push({ stopped_message_generation: stopped }));

		expect(message).toMatchObject({
			id: "telegram:4711:stop-12",
			conversation: "telegram:4711",
			author: "telegram:4711",
			text: "/stopp",
			mayCommand: true,
			isDirect: true,
			sentAt: now,
		});
	});
});

const botMessage = (chat: number): NonNullable<Update["message"]> => ({
	message_id: 900,
	date: 1,
	from: fake.bot,
	chat: { id: chat, type: "supergroup", title: "Gruppe" },
	text: "Hallo",
});
