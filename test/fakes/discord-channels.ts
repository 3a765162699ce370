import {
	type APIMessage,
	ChannelType,
	MessageReferenceType,
	MessageType,
	RESTJSONErrorCodes,
} from "discord-api-types/v10";
import { type Content, readContent } from "./discord-content.ts";
import { missingAccess, Refusal, unknownChannel, unknownMessage } from "./discord-rules.ts";
import type { FakeChannel, FakeMessage, FakeState, NewMessage, SeenCall } from "./discord-state.ts";

/** How long the same nonce gives back the same message; Discord says "the past few minutes". */
const nonceWindowMilliseconds = 3 * 60_000;

type Body = Readonly<Record<string, unknown>>;

/** The channel if the bot may use it. */
export function reach(state: FakeState, channelId: string): FakeChannel {
	const channel = state.channels.get(channelId);
	if (!channel) throw unknownChannel();
	if (!channel.hasBot) throw missingAccess();
	return channel;
}

export function openDirectChannel(state: FakeState, recipientId: unknown) {
	if (typeof recipientId !== "string") throw new Refusal(400, 50_035, "Invalid Form Body");
	return { id: recipientId, type: ChannelType.DM, recipients: [{ ...state.bot, id: recipientId }] };
}

/** Returns the new message, or the one that has this nonce already. */
export function createMessage(
	state: FakeState,
	channelId: string,
	call: SeenCall,
): { readonly message: FakeMessage; readonly isNew: boolean } {
	const { body } = call;
	const channel = reach(state, channelId);
	const { content, ...others } = readContent(state, "create", call);
	const nonce = body.enforce_nonce === true && typeof body.nonce === "string" ? body.nonce : undefined;
	const existing = nonce === undefined ? undefined : withNonce(state, channelId, nonce);
	if (existing) return { message: existing, isNew: false };
	channel.isArchived = false;
	const fields = { ...others, ...referenceFields(state, channelId, body) };
	const more: NewMessage = { fields, ...(nonce === undefined ? {} : { nonce }) };
	return { message: state.store(channel, state.bot, content, more), isNew: true };
}

/** A deleted message still answers to its nonce. */
function withNonce(state: FakeState, channelId: string, nonce: string): FakeMessage | undefined {
	return [...state.messages.values()].find(
		(message) =>
			message.nonce === nonce &&
			message.data.channel_id === channelId &&
			state.now() - message.createdAt < nonceWindowMilliseconds,
	);
}

function referenceFields(state: FakeState, channelId: string, body: Body): Partial<APIMessage> {
	const reference = body.message_reference as { message_id?: string; fail_if_not_exists?: boolean } | undefined;
	if (reference?.message_id === undefined) return {};
	const target = state.messages.get(reference.message_id);
	if (!target || target.isDeleted) {
		if (reference.fail_if_not_exists === false) return {};
		throw new Refusal(400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, "Unknown message reference");
	}
	return {
		type: MessageType.Reply,
		message_reference: {
			type: MessageReferenceType.Default,
			channel_id: channelId,
			message_id: reference.message_id,
		},
	};
}

/** A message of the bot that still stands in this channel. */
export function findOwn(state: FakeState, channelId: string, id: string): FakeMessage {
	const channel = reach(state, channelId);
	const message = state.messages.get(id);
	if (!message || message.isDeleted || message.data.channel_id !== channelId) throw unknownMessage();
	if (!message.isByBot) {
		throw new Refusal(
			403,
			RESTJSONErrorCodes.CannotEditMessageAuthoredByAnotherUser,
			"Cannot edit a message by another",
		);
	}
	if (channel.isArchived) throw new Refusal(400, RESTJSONErrorCodes.ThreadLocked, "Thread is archived");
	return message;
}

export function editMessage(state: FakeState, message: FakeMessage, content: Content): APIMessage {
	Object.assign(message.data, content);
	message.data.edited_timestamp = new Date(state.now()).toISOString();
	message.isLoading = false;
	message.edits++;
	return message.data;
}
