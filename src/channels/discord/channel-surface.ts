import { createHash } from "node:crypto";
import { type RESTPostAPIChannelMessageJSONBody, Routes } from "discord.js";
import { ChannelError } from "../channel.ts";
import { discordPace } from "../pace.ts";
import type { Surface } from "../surface.ts";
import { renderAnswer } from "./answer-parts.ts";
import type { Calls } from "./calls.ts";
import { isKind } from "./errors.ts";
import { bodyOf, placeholderBody } from "./message-body.ts";

export const discordTypingSeconds = 10;

export interface ChannelSurface extends Surface {
	/** Like `create`, for something that is no part: the same `key` never makes a second message. */
	send(key: string): Promise<string>;
}

/** Replies by the bot's own messages in a channel, thread or direct chat. `question` is the message that is answered. */
export function createChannelSurface(
	calls: Calls,
	reply: { readonly messageId: string; readonly channelId: string; readonly question?: string },
): ChannelSurface {
	const { channelId } = reply;
	let lost = 0;

	async function send(key: string, question?: string): Promise<string> {
		const body = {
			...placeholderBody(),
			nonce: nonceOf(`${reply.messageId}:${key}:${lost}`),
			enforce_nonce: true,
			...(question === undefined ? {} : { message_reference: { message_id: question, fail_if_not_exists: false } }),
		} satisfies RESTPostAPIChannelMessageJSONBody;
		return idOf(await calls.send("POST", Routes.channelMessages(channelId), { body }));
	}

	return {
		chat: `discord:${channelId}`,
		limits: discordPace,
		typingSeconds: discordTypingSeconds,
		render: renderAnswer,
		async typing() {
			await calls.send("POST", Routes.channelTyping(channelId));
		},
		create: (index) => send(String(index), index === 0 ? reply.question : undefined),
		send,
		async edit(id, part, asPlain) {
			try {
				await calls.send("PATCH", Routes.channelMessage(channelId, id), bodyOf(part, asPlain));
			} catch (error) {
				// Under the old nonce Discord would hand out the deleted message once more.
				if (isKind(error, "missing")) lost++;
				throw error;
			}
		},
		async remove(id) {
			await calls.send("DELETE", Routes.channelMessage(channelId, id));
		},
	};
}

/** Discord returns the message it has when the same nonce comes again within some minutes. At most 25 characters. */
function nonceOf(key: string): string {
	return createHash("sha256").update(key).digest("base64url").slice(0, 25);
}

export function idOf(message: unknown): string {
	if (typeof message === "object" && message !== null && "id" in message && typeof message.id === "string") {
		return message.id;
	}
	throw new ChannelError("network", "discord: the answer to a create names no message");
}
