import { say } from "../../locale.ts";
import { regions as allRegions, type Region } from "../../providers/provider.ts";
import { choiceOf } from "./choice.ts";
import type { Command, CommandContext } from "./command.ts";
import { regionName } from "./region-name.ts";

const consent = "alle ja";
const choices: Readonly<Record<string, readonly Region[]>> = {
	lokal: ["local"],
	eu: ["local", "eu"],
	"eu-us": ["local", "eu", "us"],
	alle: allRegions,
	[consent]: allRegions,
};

export const dataRegion: Command = {
	name: "datenraum",
	aliases: ["region"],
	description: "commands.dataRegion",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	argument: {
		name: "commands.dataRegionArgument",
		description: "commands.dataRegionArgumentText",
		isRequired: false,
		choices: Object.keys(choices),
	},
	async run(context) {
		const { people, message, voice, argument } = context;
		const chosen = choiceOf(argument, choices);
		if (chosen === undefined) {
			return say(voice, "commands.dataRegionNow", { regions: namesOf(context.regions, context) });
		}
		if (chosen === allRegions) return agreeToAll(context);
		await people.change(message.author, { regions: chosen });
		return changed(chosen, context);
	},
};

/** Consent counts only from someone who was shown what it means. */
async function agreeToAll(context: CommandContext): Promise<string> {
	const { people, message, person, voice, argument } = context;
	const agrees = choiceOf(argument, { [consent]: true }) === true;
	if (!agrees || person.sawConsentText !== true) {
		await people.change(message.author, { sawConsentText: true });
		return say(voice, "commands.consent");
	}
	await people.change(message.author, { regions: allRegions });
	return changed(allRegions, context);
}

function changed(chosen: readonly Region[], context: CommandContext): string {
	const { voice, quota } = context;
	const done =
		chosen === allRegions
			? say(voice, "commands.dataRegionChangedAll")
			: say(voice, "commands.dataRegionChanged", { regions: namesOf(chosen, context) });
	const isAnyoneThere = quota.report().providers.some(({ region }) => chosen.includes(region));
	return isAnyoneThere ? done : `${done}\n\n${say(voice, "commands.dataRegionEmpty")}`;
}

function namesOf(regions: readonly Region[], { voice }: CommandContext): string {
	return new Intl.ListFormat(voice.language).format(regions.map((region) => regionName(voice, region)));
}
