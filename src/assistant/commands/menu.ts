import { say, type Voice } from "../../locale.ts";
import type { Menu, MenuCommand, Profiles } from "../message.ts";
import { commands } from "./index.ts";

// Nobody is known where a menu is shown: the texts of these keys need no form.
const german: Voice = { language: "de", form: "du" };
const english: Voice = { language: "en", form: "du" };

export const menu: Menu = { de: menuIn(german), en: menuIn(english) };

export const profiles: Profiles = { de: profileIn(german), en: profileIn(english) };

function menuIn(voice: Voice): readonly MenuCommand[] {
	const ask: MenuCommand = {
		name: "frage",
		description: say(voice, "commands.ask"),
		argument: {
			name: say(voice, "commands.askArgument"),
			description: say(voice, "commands.askArgumentText"),
			isRequired: true,
		},
		isPrivate: false,
		onlyIn: "discord",
	};
	return [
		ask,
		...commands.map(({ name, description, argument, isPrivate, isAdmin }) => ({
			name,
			description: say(voice, description),
			isPrivate,
			...(isAdmin && { onlyIn: "discord" as const }),
			...(argument && {
				argument: {
					...argument,
					name: say(voice, argument.name),
					description: say(voice, argument.description),
				},
			}),
		})),
	];
}

function profileIn(voice: Voice): Profiles["de"] {
	return { description: say(voice, "chat.description"), shortDescription: say(voice, "chat.shortDescription") };
}
