import { say } from "../../locale.ts";
import type { Command } from "./command.ts";

export const start: Command = {
	name: "start",
	aliases: [],
	description: "commands.start",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	saysItIsAnAi: true,
	run: ({ voice }) => say(voice, "commands.welcome"),
};
