import {
	type APIChatInputApplicationCommandInteraction,
	type APIUser,
	ApplicationCommandOptionType,
	ApplicationCommandType,
	ChannelType,
	InteractionContextType,
	InteractionType,
	type Locale,
} from "discord-api-types/v10";
import { member } from "./discord-guild.ts";
import type { CommandBody } from "./discord-rules.ts";
import type { FakeChannel, FakeInteraction, FakeState } from "./discord-state.ts";

export interface SlashContext {
	/** The direct chat with the bot unless told. */
	readonly channel?: FakeChannel;
	readonly locale?: Locale;
}

type Values = Readonly<Record<string, string>>;

/** The event of a slash command. Throws what a person could not have sent: the app checks commands and options first. */
export function interactionCreate(
	state: FakeState,
	interaction: FakeInteraction,
	user: APIUser,
	name: string,
	values: Values,
	locale: Locale,
): APIChatInputApplicationCommandInteraction {
	const { channel } = interaction;
	const commandId = checkedCommandId(state, name, values);
	const options = Object.entries(values).map(([option, value]) => ({
		name: option,
		type: ApplicationCommandOptionType.String as const,
		value,
	}));
	const isDirect = channel.type === ChannelType.DM;
	const base = {
		id: interaction.id,
		application_id: state.bot.id,
		type: InteractionType.ApplicationCommand as const,
		data: {
			id: commandId,
			name,
			type: ApplicationCommandType.ChatInput as const,
			...(options.length === 0 ? {} : { options }),
		},
		channel_id: channel.id,
		token: interaction.token,
		version: 1 as const,
		app_permissions: "0",
		locale,
		entitlements: [],
		context: isDirect ? InteractionContextType.BotDM : InteractionContextType.Guild,
		attachment_size_limit: 10_485_760,
	};
	if (isDirect || channel.guildId === undefined) {
		return {
			...base,
			user,
			channel: { id: channel.id, type: ChannelType.DM },
			authorizing_integration_owners: { 0: "0", 1: user.id },
		};
	}
	return {
		...base,
		guild_id: channel.guildId,
		channel: { id: channel.id, type: ChannelType.GuildText },
		member: { user, ...member(), permissions: "0" },
		authorizing_integration_owners: channel.hasBot ? { 0: channel.guildId } : { 1: user.id },
	};
}

function checkedCommandId(state: FakeState, name: string, values: Values): string {
	if (state.commands.length === 0) return state.nextId();
	const command = state.commands.find((candidate) => candidate.name === name);
	if (!command) throw new Error(`no command /${name} is registered`);
	const { options = [] } = command as CommandBody;
	for (const option of options) {
		const value = values[option.name];
		if (value === undefined && option.required) throw new Error(`/${name} needs ${option.name}`);
		if (value !== undefined && option.choices && !option.choices.some((choice) => choice.value === value)) {
			throw new Error(`/${name} does not know ${option.name} ${value}`);
		}
	}
	const unknown = Object.keys(values).find((key) => !options.some((option) => option.name === key));
	if (unknown !== undefined) throw new Error(`/${name} takes no ${unknown}`);
	return command.id;
}
