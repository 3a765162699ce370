import {
	type APIChatInputApplicationCommandInteraction,
	InteractionResponseType,
	MessageFlags,
	type RESTPostAPIInteractionCallbackJSONBody,
	Routes,
} from "discord.js";
import type { Calls } from "./calls.ts";
import { isKind } from "./errors.ts";

/**
 * Promises Discord an answer, which it wants to hear within three seconds; an acknowledgement that stands already counts.
 * Throws ChannelError: `expired` when it came too late, so that nothing can be answered any more.
 */
export async function acknowledge(
	calls: Calls,
	interaction: APIChatInputApplicationCommandInteraction,
	isPrivate: boolean,
): Promise<void> {
	const body = {
		type: InteractionResponseType.DeferredChannelMessageWithSource,
		data: isPrivate ? { flags: MessageFlags.Ephemeral } : {},
	} satisfies RESTPostAPIInteractionCallbackJSONBody;
	const route = Routes.interactionCallback(interaction.id, interaction.token);
	const send = () => calls.send("POST", route, { body, isInteraction: true });
	try {
		await send().catch((error) => {
			if (isKind(error, "network")) return send();
			throw error;
		});
	} catch (error) {
		if (!isKind(error, "unchanged")) throw error;
	}
}
