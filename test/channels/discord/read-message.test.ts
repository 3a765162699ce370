import { type GatewayMessageCreateDispatchData, MessageReferenceType, MessageType } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { readMessage } from "../../../src/channels/discord/read-message.ts";

const bot = "1439000000000000001";
const anna = { id: "1439000000000000002", username: "anna", discriminator: "0", global_name: "Anna", avatar: null };

function event(fields: Partial<GatewayMessageCreateDispatchData> = {}): GatewayMessageCreateDispatchData {
	return {
		id: "1439000000000000020",
		channel_id: "1439000000000000010",
		author: anna,
		content: "Hallo",
		timestamp: "2026-11-23T12:00:00.000Z",
		edited_timestamp: null,
		tts: false,
		mention_everyone: false,
		mentions: [],
		mention_roles: [],
		attachments: [],
		embeds: [],
		pinned: false,
		type: MessageType.Default,
		...fields,
	};
}

const inServer = {
	guild_id: "1439000000000000005",
	mentions: [{ ...anna, id: bot, bot: true }],
} satisfies Partial<GatewayMessageCreateDispatchData>;

const file = (contentType: string) => ({
	id: "1",
	filename: "datei",
	size: 1,
	url: "https://example.org/1",
	proxy_url: "https://example.org/1",
	content_type: contentType,
});

describe("a Discord message", () => {
	it("becomes a message with numeric identities", () => {
		expect(readMessage(event(), bot)).toEqual({
			id: "discord:1439000000000000010:1439000000000000020",
			channel: "discord",
			conversation: "discord:1439000000000000010",
			author: "discord:1439000000000000002",
			authorName: "Anna",
			text: "Hallo",
			attachments: [],
			isDirect: true,
			mayCommand: true,
			sentAt: Date.UTC(2026, 10, 23, 12),
			origin: { kind: "message", channelId: "1439000000000000010", messageId: "1439000000000000020" },
		});
	});

	it("calls its author by the name of the server, of the account or of the login, in this order", () => {
		const member = { nick: "Ännchen", roles: [], joined_at: null, deaf: false, mute: false, flags: 0 as never };

		expect(readMessage(event({ ...inServer, member }), bot)?.authorName).toBe("Ännchen");
		expect(readMessage(event(), bot)?.authorName).toBe("Anna");
		expect(readMessage(event({ author: { ...anna, global_name: null } }), bot)?.authorName).toBe("anna");
	});

	it.each([
		[`<@${bot}> Hallo`, "Hallo"],
		[`<@!${bot}>   Hallo`, "Hallo"],
		[`Hallo <@${bot}>`, "Hallo"],
		[`Was meint <@${bot}> dazu?`, "Was meint dazu?"],
		[`Frag <@1439000000000000003>, <@${bot}>!`, "Frag <@1439000000000000003>,!"],
		[`<@${bot}> /status alles`, "/status alles"],
		[`<@${bot}>\nErste Zeile\n  eingerückt`, "Erste Zeile\n  eingerückt"],
		[`<@${bot}>`, ""],
	])("loses the mention of the bot: %j", (content, text) => {
		expect(readMessage(event({ ...inServer, content }), bot)).toMatchObject({ text, isDirect: false });
	});

	it("is taken as an answer to the bot that mentions it by the ping alone", () => {
		expect(readMessage(event({ ...inServer, type: MessageType.Reply, content: "Und weiter?" }), bot)?.text).toBe(
			"Und weiter?",
		);
	});

	it.each<[string, Partial<GatewayMessageCreateDispatchData>]>([
		["written in a server without a mention", { ...inServer, mentions: [] }],
		["for everyone in a server", { ...inServer, mentions: [], mention_everyone: true, content: "@everyone" }],
		["by another bot", { author: { ...anna, bot: true } }],
		["by another bot that mentions this one", { ...inServer, author: { ...anna, bot: true } }],
		["by Discord", { author: { ...anna, system: true } }],
		["by a webhook", { ...inServer, webhook_id: "1439000000000000009" }],
		["about a pinned message", { type: MessageType.ChannelPinnedMessage }],
		["about a new member", { ...inServer, type: MessageType.UserJoin }],
		["about a thread", { ...inServer, type: MessageType.ThreadCreated }],
	])("is ignored when it is %s", (_what, fields) => {
		expect(readMessage(event(fields), bot)).toBeUndefined();
	});

	it("brings forwarded text without the right to command", () => {
		const forwarded = event({
			content: "",
			message_reference: { type: MessageReferenceType.Forward, channel_id: "1439000000000000011" },
			message_snapshots: [
				{
					message: {
						content: "/freigeben ABCD",
						attachments: [file("image/png")],
						embeds: [],
						timestamp: "2026-11-23T11:00:00.000Z",
						edited_timestamp: null,
						type: MessageType.Default,
						mentions: [],
						mention_roles: [],
						flags: 0 as never,
					},
				},
			],
		});

		expect(readMessage(forwarded, bot)).toMatchObject({
			text: "/freigeben ABCD",
			attachments: ["picture"],
			mayCommand: false,
		});
	});

	it("says what kind of things came along", () => {
		const attachments = ["image/webp", "audio/mpeg", "video/mp4", "application/pdf", "text/plain"].map(file);
		const voice = { attachments: [file("audio/ogg")], flags: (1 << 13) as never };
		const sticker = { sticker_items: [{ id: "1", name: "Hund", format_type: 1 as never }] };

		expect(readMessage(event({ attachments }), bot)?.attachments).toEqual([
			"picture",
			"voice",
			"video",
			"document",
			"document",
		]);
		expect(readMessage(event(voice), bot)?.attachments).toEqual(["voice"]);
		expect(readMessage(event(sticker), bot)?.attachments).toEqual(["sticker"]);
	});
});
