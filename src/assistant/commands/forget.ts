import { say } from "../../locale.ts";
import type { Command } from "./command.ts";

export const forget: Command = {
	name: "neu",
	aliases: ["new", "reset"],
	description: "commands.forget",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	async run({ conversations, message, voice }) {
		await conversations.forget(message.conversation, message.author);
		return say(voice, "commands.forgotten");
	},
};
