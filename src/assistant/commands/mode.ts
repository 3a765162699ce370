import { say, type TextKey, type Voice } from "../../locale.ts";
import type { Mode } from "../../router/route.ts";
import { choiceOf, wordFor } from "./choice.ts";
import type { Command } from "./command.ts";

const choices: Readonly<Record<string, Mode>> = {
	qualitaet: "quality",
	tempo: "speed",
	sparsam: "thrift",
	ausgewogen: "balanced",
};

const meanings: Readonly<Record<Mode, TextKey>> = {
	quality: "commands.modeQuality",
	speed: "commands.modeSpeed",
	thrift: "commands.modeThrift",
	balanced: "commands.modeBalanced",
};

export const mode: Command = {
	name: "modus",
	aliases: ["mode"],
	description: "commands.mode",
	isAdmin: false,
	isUrgent: false,
	isPrivate: true,
	argument: {
		name: "commands.modeArgument",
		description: "commands.modeArgumentText",
		isRequired: false,
		choices: Object.keys(choices),
	},
	async run({ people, message, person, voice, argument }) {
		const chosen = choiceOf(argument, choices);
		if (chosen === undefined) {
			const list = Object.entries(choices).map(([word, value]) => `- \`${word}\`: ${say(voice, meanings[value])}`);
			const now = say(voice, "commands.modeNow", { mode: wordFor(person.mode, choices) });
			return `${now}\n\n${list.join("\n")}\n\n${say(voice, "commands.modeHow")}`;
		}
		await people.change(message.author, { mode: chosen });
		return say(voice, "commands.modeChanged", wordsFor(voice, chosen));
	},
};

/** The mode as it is typed, and what it means. */
export function wordsFor(voice: Voice, chosen: Mode): { readonly mode: string; readonly meaning: string } {
	return { mode: wordFor(chosen, choices), meaning: say(voice, meanings[chosen]) };
}
