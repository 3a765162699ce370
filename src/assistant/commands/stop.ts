import { say } from "../../locale.ts";
import type { Command } from "./command.ts";

export const stop: Command = {
	name: "stopp",
	aliases: ["stop"],
	description: "commands.stop",
	isAdmin: false,
	isUrgent: true,
	isPrivate: false,
	run({ running, message, isAdmin, voice }) {
		const count = running.stop(message.conversation, isAdmin ? undefined : message.author);
		return say(voice, count === 0 ? "commands.nothingToStop" : "commands.stopped");
	},
};
