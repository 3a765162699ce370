import { say, type Voice } from "../../locale.ts";
import type { Decided } from "../access.ts";
import { shortMoment } from "../moment.ts";
import type { Command } from "./command.ts";

export const approve: Command = {
	name: "freigeben",
	aliases: ["approve"],
	description: "commands.approve",
	isAdmin: true,
	isUrgent: false,
	isPrivate: true,
	argument: {
		name: "commands.approveArgument",
		description: "commands.approveArgumentText",
		isRequired: true,
	},
	async run({ access, clock, message, voice, argument }) {
		const decided = await access.approve(message.author, argument);
		return decided.kind === "done"
			? say(voice, "access.approved", whom(decided))
			: notDecidedText(voice, decided, clock.now());
	},
};

/** `Anna (telegram:123)`, or the id alone. */
export function whom({ id, name }: { id: string; name: string | undefined }): { person: string } {
	return { person: name === undefined ? `\`${id}\`` : `${name} (\`${id}\`)` };
}

/** Why an admin's decision came to nothing. */
export function notDecidedText(voice: Voice, decided: Exclude<Decided, { kind: "done" }>, now: number): string {
	switch (decided.kind) {
		case "unknown-code":
			return say(voice, "access.unknownCode");
		case "neither-code-nor-id":
			return say(voice, "access.approveHow");
		case "not-an-id":
			return say(voice, "access.notAnId");
		case "yourself":
			return say(voice, "access.yourself");
		case "configured":
			return say(voice, "access.configured", { id: decided.id });
		case "too-many-tries":
			return say(voice, "access.tooManyTries", { moment: shortMoment(voice, decided.triesUntil, now) });
	}
}
