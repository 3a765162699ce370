import { createHash } from "node:crypto";
import {
	ApplicationCommandOptionType,
	ApplicationCommandType,
	ApplicationIntegrationType,
	InteractionContextType,
	Locale,
	type RESTPostAPIChatInputApplicationCommandsJSONBody,
	Routes,
} from "discord.js";
import type { Menu, MenuCommand } from "../../assistant/message.ts";
import type { Notes } from "../channel.ts";
import type { Calls } from "./calls.ts";

/**
 * Registers the global slash commands, unless this application has exactly these already. Resolves with whether it did.
 * Throws ChannelError.
 */
export async function registerCommands(
	calls: Calls,
	applicationId: string,
	menu: Menu,
	store: Notes,
): Promise<boolean> {
	const body = slashCommands(menu);
	const key = `discord.commands.${applicationId}`;
	const hash = createHash("sha256").update(JSON.stringify(body)).digest("base64url");
	if (store.get(key) === hash) return false;
	await calls.send("PUT", Routes.applicationCommands(applicationId), { body });
	store.set(key, hash);
	return true;
}

/** German by default and for German apps, English for English ones. The two menus stand in the same order. */
export function slashCommands(menu: Menu): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
	return menu.de.map((german, index) => {
		const english = menu.en[index] ?? german;
		return {
			type: ApplicationCommandType.ChatInput,
			name: german.name,
			description: german.description,
			...localised(german, english),
			options: argumentOption(german, english),
			integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
			contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
		};
	});
}

type Options = NonNullable<RESTPostAPIChatInputApplicationCommandsJSONBody["options"]>;

function argumentOption(german: MenuCommand, english: MenuCommand): Options {
	if (german.argument === undefined) return [];
	const { name, description, isRequired, choices } = german.argument;
	return [
		{
			type: ApplicationCommandOptionType.String,
			name,
			description,
			...localised(german.argument, english.argument ?? german.argument),
			required: isRequired,
			...(choices === undefined ? {} : { choices: choices.map((choice) => ({ name: choice, value: choice })) }),
		},
	];
}

interface Named {
	readonly name: string;
	readonly description: string;
}

function localised(german: Named, english: Named) {
	const inBoth = (de: string, en: string) => ({
		[Locale.German]: de,
		[Locale.EnglishUS]: en,
		[Locale.EnglishGB]: en,
	});
	return {
		name_localizations: inBoth(german.name, english.name),
		description_localizations: inBoth(german.description, english.description),
	};
}
