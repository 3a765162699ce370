import { createHash } from "node:crypto";
import type { LanguageCode } from "grammy/types";
import type { Menu, Profiles } from "../../assistant/message.ts";
import type { Log } from "../../log.ts";
import type { Notes } from "../channel.ts";
import type { ForeignSignal, TelegramApi } from "./api.ts";

/** German is also what people see whose language has no texts of its own: for them no language is named. */
const audiences: readonly (readonly [LanguageCode | undefined, keyof Menu])[] = [
	[undefined, "de"],
	["de", "de"],
	["en", "en"],
];

/** Sets command menu and descriptions where they differ from what was set last. A failure is left to the next start. */
export async function publishMenu(
	parts: {
		readonly api: TelegramApi;
		readonly botId: number;
		readonly menu: Menu;
		readonly profiles: Profiles;
		/** Remembers what was set. */
		readonly store: Notes;
		readonly log: Log;
	},
	signal: AbortSignal,
): Promise<void> {
	const { api, botId, menu, profiles, store, log } = parts;

	async function publish<Content>(
		name: string,
		content: Content,
		call: (content: Content, signal: ForeignSignal) => Promise<true>,
	): Promise<void> {
		const key = `telegram:${botId}:${name}`;
		const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
		if (store.get(key) === hash) return;
		await call(content, signal as ForeignSignal);
		store.set(key, hash);
	}

	try {
		for (const [language, texts] of audiences) {
			const audience = language === undefined ? {} : { language_code: language };
			const suffix = language ?? "default";
			const commands = menu[texts]
				.filter(({ onlyIn }) => onlyIn === undefined)
				.map(({ name, description }) => ({ command: name, description }));
			const { description, shortDescription } = profiles[texts];
			await publish(`commands:${suffix}`, { commands, ...audience }, api.setMyCommands);
			await publish(`description:${suffix}`, { description, ...audience }, api.setMyDescription);
			await publish(
				`short-description:${suffix}`,
				{ short_description: shortDescription, ...audience },
				api.setMyShortDescription,
			);
		}
	} catch (error) {
		log.warn({ error }, "telegram: menu and descriptions are set at the next start");
	}
}
