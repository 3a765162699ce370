import { say } from "../../locale.ts";
import { notDecidedText, whom } from "./approve.ts";
import type { Command } from "./command.ts";

export const block: Command = {
	name: "sperren",
	aliases: ["block"],
	description: "commands.block",
	isAdmin: true,
	isUrgent: false,
	isPrivate: true,
	argument: {
		name: "commands.blockArgument",
		description: "commands.blockArgumentText",
		isRequired: true,
	},
	async run({ access, clock, message, voice, argument }) {
		const decided = await access.block(message.author, argument);
		return decided.kind === "done"
			? say(voice, "access.blocked", whom(decided))
			: notDecidedText(voice, decided, clock.now());
	},
};
