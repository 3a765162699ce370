import { say } from "../../locale.ts";
import type { Command } from "./command.ts";

export const help: Command = {
	name: "hilfe",
	aliases: ["help"],
	description: "commands.help",
	isAdmin: false,
	isUrgent: true,
	isPrivate: true,
	saysItIsAnAi: true,
	run({ voice, isAdmin, commands }) {
		const lines = commands
			.filter((command) => isAdmin || !command.isAdmin)
			.map(({ name, description }) => `/${name} – ${say(voice, description)}`);
		return [say(voice, "commands.helpIntroduction"), lines.join("\n"), say(voice, "commands.helpEnd")].join("\n\n");
	},
};
