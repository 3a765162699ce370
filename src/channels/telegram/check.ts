import type { Clock } from "../../clock.ts";
import { createTelegramApi } from "./api.ts";

const answerSeconds = 5;

/** Asks Telegram once whether the token is valid; resolves to the bot's name. Rejects with a ChannelError. */
export async function checkTelegram(
	settings: { readonly token: string; readonly apiRoot?: string },
	clock: Clock,
): Promise<string> {
	const api = createTelegramApi({ apiRoot: undefined, ...settings, clock, answerSeconds });
	const { username, first_name } = await api.getMe();
	return username === undefined ? first_name : `@${username}`;
}
