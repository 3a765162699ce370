import { say, type Voice } from "../../locale.ts";
import { choiceOf } from "./choice.ts";
import type { Command } from "./command.ts";

const choices: Readonly<Record<string, Voice["form"]>> = { du: "du", sie: "sie" };

export const form: Command = {
	name: "anrede",
	aliases: ["address"],
	description: "commands.form",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	argument: {
		name: "commands.formArgument",
		description: "commands.formArgumentText",
		isRequired: false,
		choices: Object.keys(choices),
	},
	async run({ people, message, voice, argument }) {
		const chosen = choiceOf(argument, choices);
		if (chosen === undefined) return say(voice, "commands.formNow");
		await people.change(message.author, { form: chosen });
		return say({ ...voice, form: chosen }, "commands.formChanged");
	},
};
