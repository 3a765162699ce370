import { say, type TextKey } from "../../locale.ts";
import type { KnownUser } from "../access.ts";
import { whom } from "./approve.ts";
import type { Command } from "./command.ts";

const standings: Readonly<Record<KnownUser["standing"], TextKey>> = {
	admin: "access.standingAdmin",
	configured: "access.standingConfigured",
	approved: "access.standingApproved",
	blocked: "access.standingBlocked",
	waiting: "access.standingWaiting",
};

export const users: Command = {
	name: "nutzer",
	aliases: ["users"],
	description: "commands.users",
	isAdmin: true,
	isUrgent: false,
	isPrivate: true,
	async run({ access, voice }) {
		const known = await access.list();
		if (known.length === 0) return say(voice, "access.nobody");
		return known.map((user) => `- ${whom(user).person}: ${say(voice, standings[user.standing])}`).join("\n");
	},
};
