import { say, type Voice } from "../../locale.ts";
import { choiceOf } from "./choice.ts";
import type { Command } from "./command.ts";

const choices: Readonly<Record<string, Voice["language"]>> = {
	de: "de",
	en: "en",
	deutsch: "de",
	englisch: "en",
	german: "de",
	english: "en",
};

export const language: Command = {
	name: "sprache",
	aliases: ["language"],
	description: "commands.language",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	argument: {
		name: "commands.languageArgument",
		description: "commands.languageArgumentText",
		isRequired: false,
		choices: ["de", "en"],
	},
	async run({ people, message, voice, argument }) {
		const chosen = choiceOf(argument, choices);
		if (chosen === undefined) return say(voice, "commands.languageNow");
		await people.change(message.author, { language: chosen });
		return say({ ...voice, language: chosen }, "commands.languageChanged");
	},
};
