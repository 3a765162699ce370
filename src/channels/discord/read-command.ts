import {
	type APIChatInputApplicationCommandInteraction,
	ApplicationCommandOptionType,
	ApplicationCommandType,
	ApplicationIntegrationType,
	type GatewayInteractionCreateDispatchData,
	InteractionContextType,
	InteractionType,
	SnowflakeUtil,
} from "discord.js";
import type { Menu, Message } from "../../assistant/message.ts";
import type { InteractionOrigin } from "./origin.ts";

/** Its argument is the plain question; it exists because people in servers find a command sooner than a mention. */
const questionCommand = "frage";
/** Discord gives 15 minutes from its own first sight of the interaction; the rest is for the way. */
const tokenMilliseconds = 14.5 * 60_000;

export function isCommand(
	data: GatewayInteractionCreateDispatchData,
): data is APIChatInputApplicationCommandInteraction {
	return data.type === InteractionType.ApplicationCommand && data.data.type === ApplicationCommandType.ChatInput;
}

/** The asker alone shall see the answer. In a direct chat nobody else is there. */
export function isPrivate(data: APIChatInputApplicationCommandInteraction, menu: Menu): boolean {
	if (data.context === InteractionContextType.BotDM) return false;
	return menu.de.some((command) => command.name === data.data.name && command.isPrivate);
}

/** `now` is the wall time at which the interaction came in, in milliseconds since 1970. */
export function readCommand(data: APIChatInputApplicationCommandInteraction, menu: Menu, now: number): Message {
	const { name } = data.data;
	const isDirect = data.context === InteractionContextType.BotDM;
	const isInstalledHere = ApplicationIntegrationType.GuildInstall in data.authorizing_integration_owners;
	const user = data.member?.user ?? data.user;
	const argument = argumentOf(data);
	return {
		id: `discord:${data.channel.id}:${data.id}`,
		channel: "discord",
		conversation: `discord:${data.channel.id}`,
		author: `discord:${user?.id}`,
		...authorName(data),
		text: name === questionCommand ? argument : `/${name} ${argument}`.trim(),
		attachments: [],
		isDirect,
		mayCommand: name !== questionCommand,
		sentAt: SnowflakeUtil.timestampFrom(data.id),
		origin: {
			kind: "interaction",
			applicationId: data.application_id,
			interactionId: data.id,
			token: data.token,
			channelId: data.channel.id,
			expiresAt: now + tokenMilliseconds,
			isPrivate: isPrivate(data, menu),
			isPresent: isDirect || isInstalledHere,
		} satisfies InteractionOrigin,
	};
}

function authorName(data: APIChatInputApplicationCommandInteraction): Pick<Message, "authorName"> {
	const user = data.member?.user ?? data.user;
	const name = data.member?.nick ?? user?.global_name ?? user?.username;
	return name === undefined ? {} : { authorName: name };
}

/** Every command of the menu takes one text at most. */
function argumentOf(data: APIChatInputApplicationCommandInteraction): string {
	const [option] = data.data.options ?? [];
	return option?.type === ApplicationCommandOptionType.String ? option.value.trim() : "";
}
