import { createFakeDiscord } from "../test/fakes/discord.ts";
import { createFakeTelegram } from "../test/fakes/telegram.ts";
import { createTimedModel } from "./timed-model.ts";

/** One way to start the program. */
export interface Setting {
	readonly name: string;
	/** How many lines `ready` it logs. */
	readonly channels: number;
	readonly environment: Readonly<Record<string, string>>;
}

/** Each setting has platforms of its own on loopback, where nobody writes: all of them can run at the same time. */
export async function createSettings(): Promise<{ readonly settings: readonly Setting[]; close(): Promise<void> }> {
	const telegrams = [await createFakeTelegram(), await createFakeTelegram()] as const;
	const discords = [await createFakeDiscord(), await createFakeDiscord()] as const;
	const model = await createTimedModel({ pieces: 1, firstMilliseconds: 0, gapMilliseconds: 0 });
	const common = { LOCAL_BASE_URL: model.baseUrl, LOG_LEVEL: "info" };
	const telegram = telegrams.map(({ token, apiRoot }) => ({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot }));
	const discord = discords.map(({ token, apiRoot }) => ({ DISCORD_BOT_TOKEN: token, DISCORD_API_ROOT: apiRoot }));
	return {
		settings: [
			{ name: "Telegram", channels: 1, environment: { ...common, ...telegram[0] } },
			{ name: "Discord", channels: 1, environment: { ...common, ...discord[0] } },
			{ name: "both channels", channels: 2, environment: { ...common, ...telegram[1], ...discord[1] } },
		],
		async close() {
			await Promise.all([...telegrams, ...discords].map((platform) => platform.close()));
			model.close();
		},
	};
}
