import { formatMoney, formatNumber, formatPercent, say } from "../../locale.ts";
import { whom } from "./approve.ts";
import { asciiName } from "./choice.ts";
import type { Command, CommandContext } from "./command.ts";

/** `telegram:123 30`, also with a percent sign or a word for the usual share. */
const shape = /^(?<id>[a-z]+:[\w-]{1,32})\s+(?:(?<percent>\d{1,3})\s*%?|(?<usual>normal|ueblich|usual))$/;

export const share: Command = {
	name: "anteil",
	aliases: ["share"],
	description: "commands.share",
	isAdmin: true,
	isUrgent: false,
	isPrivate: true,
	argument: { name: "commands.shareArgument", description: "commands.shareArgumentText", isRequired: false },
	async run(context) {
		const { argument, voice, quota } = context;
		if (argument === "") return useByPerson(context);
		const { id, percent, usual } = shape.exec(asciiName(argument))?.groups ?? {};
		const isRead = id !== undefined && (usual !== undefined || Number(percent) <= 100);
		if (!isRead) return say(voice, "commands.shareHow");
		quota.setShare(id, usual === undefined ? Number(percent) / 100 : undefined);
		const person = whom({ id, name: (await namesOf(context)).get(id) }).person;
		const values = { person, share: formatPercent(voice, quota.usedToday(id).share) };
		return say(voice, usual === undefined ? "commands.shareSet" : "commands.shareUsual", values);
	},
};

async function useByPerson(context: CommandContext): Promise<string> {
	const { voice, quota } = context;
	const people = quota.useByPerson();
	if (people.length === 0) return `${say(voice, "commands.shareNobody")} ${say(voice, "commands.shareHow")}`;
	const names = await namesOf(context);
	const lines = people.map(({ author, answers, tokens, cost, share: part, isShareSet }) => {
		const { person } = whom({ id: author, name: names.get(author) });
		const figures = {
			person,
			count: answers,
			answers: formatNumber(voice, answers),
			tokens: formatNumber(voice, tokens),
		};
		const values = { ...figures, cost: formatMoney(voice, cost, "EUR"), share: formatPercent(voice, part) };
		return `- ${say(voice, isShareSet ? "commands.shareLineSet" : "commands.shareLine", values)}`;
	});
	return [say(voice, "commands.shareTitle"), lines.join("\n"), say(voice, "commands.shareHow")].join("\n\n");
}

async function namesOf({ access }: CommandContext): Promise<ReadonlyMap<string, string | undefined>> {
	return new Map((await access.list()).map(({ id, name }) => [id, name]));
}
