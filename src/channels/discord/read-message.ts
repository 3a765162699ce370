import {
	type APIAttachment,
	type GatewayMessageCreateDispatchData,
	MessageFlags,
	MessageReferenceType,
	MessageType,
} from "discord.js";
import type { AttachmentKind, Message } from "../../assistant/message.ts";
import type { MessageOrigin } from "./origin.ts";

/**
 * A message that is meant for the bot: any direct message, in servers one that mentions it. Undefined for all others, for
 * other bots, webhooks and system messages. Discord shows the text of server messages only when they mention the bot;
 * a reply to the bot mentions it as well unless its author switched the ping off.
 */
export function readMessage(data: GatewayMessageCreateDispatchData, botId: string): Message | undefined {
	const isDirect = data.guild_id === undefined;
	if (data.author.bot || data.author.system || data.webhook_id !== undefined) return undefined;
	if (data.type !== MessageType.Default && data.type !== MessageType.Reply) return undefined;
	if (!isDirect && !data.mentions.some((user) => user.id === botId)) return undefined;

	const isForwarded = data.message_reference?.type === MessageReferenceType.Forward;
	const source = (isForwarded ? data.message_snapshots?.[0]?.message : undefined) ?? data;
	return {
		id: `discord:${data.channel_id}:${data.id}`,
		channel: "discord",
		conversation: `discord:${data.channel_id}`,
		author: `discord:${data.author.id}`,
		authorName: data.member?.nick ?? data.author.global_name ?? data.author.username,
		text: withoutMention(source.content, botId),
		attachments: attachmentKinds(source),
		isDirect,
		mayCommand: !isForwarded,
		sentAt: Date.parse(data.timestamp),
		origin: { kind: "message", channelId: data.channel_id, messageId: data.id } satisfies MessageOrigin,
	};
}

/** With the space before it, so that none is left over in mid-sentence. */
function withoutMention(text: string, botId: string): string {
	return text.replace(new RegExp(` ?<@!?${botId}>`, "g"), "").trim();
}

type Carrier = Partial<
	Pick<GatewayMessageCreateDispatchData, "attachments" | "flags" | "poll" | "sticker_items" | "stickers">
>;

function attachmentKinds(source: Carrier): readonly AttachmentKind[] {
	const isVoice = ((source.flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
	return [
		...(source.attachments ?? []).map((file): AttachmentKind => (isVoice ? "voice" : fileKind(file))),
		...(source.sticker_items ?? source.stickers ?? []).map((): AttachmentKind => "sticker"),
		...(source.poll ? (["other"] as const) : []),
	];
}

const kindByMedium: Readonly<Record<string, AttachmentKind>> = { image: "picture", audio: "voice", video: "video" };

function fileKind(file: Pick<APIAttachment, "content_type">): AttachmentKind {
	return kindByMedium[file.content_type?.split("/")[0] ?? ""] ?? "document";
}
