import { MessageFlags, Routes } from "discord.js";
import type { Clock } from "../../clock.ts";
import { ChannelError, type ReplyRecord } from "../channel.ts";
import type { RenderedPart } from "../markdown/rendered.ts";
import { discordPace } from "../pace.ts";
import type { Surface } from "../surface.ts";
import { renderAnswer } from "./answer-parts.ts";
import type { Calls } from "./calls.ts";
import { type ChannelSurface, discordTypingSeconds, idOf } from "./channel-surface.ts";
import { isKind } from "./errors.ts";
import { bodyOf, placeholderBody } from "./message-body.ts";
import type { InteractionOrigin } from "./origin.ts";

/** Discord's own name for the message that `deferReply` promised. */
const original = "@original";
/** Marks the recorded id of a part that stands in the channel and does not belong to the interaction. */
const channelMark = "channel:";
/** Where only the person installed the bot, Discord takes so many messages after the first one. */
const followUpsOfGuest = 5;
const continuation = "\n[…]";
const characterLimit = 2_000;

/** The deferred answer is the first part from the start: it is filled, or taken away when there is nothing to say. */
export function withDeferredAnswer(record: ReplyRecord): ReplyRecord {
	return {
		parts: record.parts.length === 0 ? [original] : record.parts,
		deliveredParts: record.deliveredParts,
		save: (parts, deliveredParts) => record.save(parts, deliveredParts),
	};
}

/**
 * Replies to a slash command: the first part is the deferred answer itself, further ones are follow-ups. Once the token is
 * over, the parts go to `channel` as ordinary messages; without a channel the calls throw `expired`.
 */
export function createInteractionSurface(
	calls: Calls,
	clock: Clock,
	origin: InteractionOrigin,
	channel: ChannelSurface | undefined,
): Surface {
	const webhook = Routes.webhook(origin.applicationId, origin.token);
	const messageRoute = (id: string) => Routes.webhookMessage(origin.applicationId, origin.token, id);
	/** Messages of the channel that took the place of messages of the interaction. */
	const moved = new Map<string, string>();
	let isOver = false;

	/** Throws `expired` without a call once the token cannot be valid any more. */
	async function withToken(call: () => Promise<unknown>): Promise<unknown> {
		if (isOver || clock.now() >= origin.expiresAt)
			throw new ChannelError("expired", "discord: the interaction is over");
		try {
			return await call();
		} catch (error) {
			isOver ||= isKind(error, "expired");
			throw error;
		}
	}

	/** Runs `call` with the interaction's token, or `instead` in the channel once the token is over. */
	async function orInChannel<Result>(
		call: () => Promise<Result>,
		instead: (channel: ChannelSurface) => Promise<Result>,
	): Promise<Result> {
		try {
			return await call();
		} catch (error) {
			if (!isKind(error, "expired") || channel === undefined) throw error;
			return instead(channel);
		}
	}

	return {
		chat: `discord:interaction:${origin.interactionId}`,
		limits: discordPace,
		typingSeconds: discordTypingSeconds,
		render(answer, isUnfinished) {
			const parts = renderAnswer(answer, isUnfinished);
			return origin.isPresent ? parts : shortened(parts);
		},
		/** The deferred answer says so by itself. */
		typing: async () => undefined,
		async create(index) {
			const placeholder = placeholderBody();
			const flags = origin.isPrivate ? placeholder.flags | MessageFlags.Ephemeral : placeholder.flags;
			const options = { body: { ...placeholder, flags }, query: { wait: true }, isInteraction: true };
			return orInChannel(
				async () => idOf(await withToken(() => calls.send("POST", webhook, options))),
				async (instead) => channelMark + (await instead.create(index)),
			);
		},
		async edit(id, part, asPlain) {
			if (id.startsWith(channelMark)) return channel?.edit(id.slice(channelMark.length), part, asPlain);
			const options = { ...bodyOf(part, asPlain), isInteraction: true };
			await orInChannel(
				() => withToken(() => calls.send("PATCH", messageRoute(id), options)),
				async (instead) => {
					const successor = moved.get(id) ?? (await instead.send(id));
					moved.set(id, successor);
					await instead.edit(successor, part, asPlain);
				},
			);
		},
		async remove(id) {
			if (id.startsWith(channelMark)) return channel?.remove(id.slice(channelMark.length));
			try {
				await withToken(() => calls.send("DELETE", messageRoute(id), { isInteraction: true }));
			} catch (error) {
				// The promise of an answer ends by itself.
				if (!isKind(error, "expired")) throw error;
			}
		},
	};
}

/** As many parts as a guest may send; the last one shows that the answer went on. */
function shortened(parts: readonly RenderedPart[]): readonly RenderedPart[] {
	if (parts.length <= followUpsOfGuest + 1) return parts;
	return parts.slice(0, followUpsOfGuest + 1).map((part, index) => {
		if (index < followUpsOfGuest) return part;
		return { ...part, markup: cut(part.markup), plain: cut(part.plain) };
	});
}

function cut(text: string): string {
	return text.slice(0, characterLimit - continuation.length).toWellFormed() + continuation;
}
