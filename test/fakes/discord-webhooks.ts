import {
	type APIMessage,
	InteractionResponseType,
	MessageFlags,
	MessageType,
	RESTJSONErrorCodes,
} from "discord-api-types/v10";
import { editMessage } from "./discord-channels.ts";
import { readContent } from "./discord-content.ts";
import { Refusal, unknownMessage } from "./discord-rules.ts";
import type { FakeInteraction, FakeMessage, FakeState, SeenCall } from "./discord-state.ts";

const acknowledgeMilliseconds = 3_000;
const tokenMilliseconds = 15 * 60_000;
const followUpsOfGuest = 5;

type Body = Readonly<Record<string, unknown>>;

/**
 * The callback of an interaction: only the deferred answer, which is all that we use. It is judged by the real clock,
 * because on a hurried one a busy machine would always come too late.
 */
export function acknowledgeInteraction(
	state: FakeState,
	id: string,
	token: string,
	body: Body,
	waitedMilliseconds: number,
): void {
	const interaction = state.interactions.get(token);
	if (!interaction || interaction.id !== id || waitedMilliseconds > acknowledgeMilliseconds) {
		throw new Refusal(404, RESTJSONErrorCodes.UnknownInteraction, "Unknown interaction");
	}
	if (interaction.originalId !== undefined) {
		throw new Refusal(400, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged, "Already acknowledged");
	}
	if (body.type !== InteractionResponseType.DeferredChannelMessageWithSource) {
		throw new Refusal(400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, "Only type 5 is known here");
	}
	const flags = Number((body.data as { flags?: number } | undefined)?.flags ?? 0);
	if ((flags & ~MessageFlags.Ephemeral) !== 0) state.violations.push("callback: flags besides ephemeral");
	interaction.isEphemeral = (flags & MessageFlags.Ephemeral) !== 0;
	interaction.acknowledgedAfterMilliseconds = waitedMilliseconds;
	interaction.originalId = storeAnswer(state, interaction, "", { flags: MessageFlags.Loading | flags }, true).data.id;
}

/** The interaction behind a webhook's token, if it can still be answered. */
function alive(state: FakeState, token: string): FakeInteraction {
	const interaction = state.interactions.get(token);
	if (!interaction || state.now() - interaction.createdAt > tokenMilliseconds) {
		throw new Refusal(401, RESTJSONErrorCodes.InvalidWebhookToken, "Invalid Webhook Token");
	}
	if (interaction.originalId === undefined) {
		throw new Refusal(404, RESTJSONErrorCodes.UnknownWebhook, "Unknown Webhook");
	}
	return interaction;
}

export function createFollowUp(state: FakeState, token: string, call: SeenCall): FakeMessage {
	const interaction = alive(state, token);
	const { content, flags, ...others } = readContent(state, "follow-up", call);
	const original = state.messages.get(interaction.originalId ?? "");
	if (original?.isLoading && !original.isDeleted) {
		// Discord takes the first follow-up for the answer that was promised.
		editMessage(state, original, readContent(state, "follow-up", call, original.data));
		return original;
	}
	if (!interaction.channel.hasBot && interaction.followUps >= followUpsOfGuest) {
		throw new Refusal(
			400,
			RESTJSONErrorCodes.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages,
			"This interaction has hit the maximum number of follow up messages",
		);
	}
	interaction.followUps++;
	const privacy = Number(call.body.flags ?? 0) & MessageFlags.Ephemeral;
	return storeAnswer(state, interaction, content, { ...others, flags: flags | privacy }, false);
}

export function editFollowUp(state: FakeState, token: string, id: string, call: SeenCall): APIMessage {
	const message = findAnswer(state, token, id);
	return editMessage(state, message, readContent(state, "edit of a follow-up", call, message.data));
}

/** `id` may be `@original`. */
export function findAnswer(state: FakeState, token: string, id: string): FakeMessage {
	const interaction = alive(state, token);
	const message = state.messages.get(id === "@original" ? (interaction.originalId ?? "") : id);
	if (!message || message.isDeleted) throw unknownMessage();
	return message;
}

function storeAnswer(
	state: FakeState,
	interaction: FakeInteraction,
	content: string,
	fields: Partial<APIMessage>,
	isLoading: boolean,
): FakeMessage {
	return state.store(interaction.channel, state.bot, content, {
		isLoading,
		fields: { ...fields, type: MessageType.ChatInputCommand, webhook_id: state.bot.id, application_id: state.bot.id },
	});
}
