import type { Clock } from "../../clock.ts";
import type { ChannelCheck, ChannelRemark } from "../channel.ts";
import { createTelegramApi } from "./api.ts";

const answerSeconds = 5;

/** Asks Telegram whether the token is valid and how the bot is set up there. Rejects with a ChannelError. */
export async function checkTelegram(
	settings: { readonly token: string; readonly apiRoot?: string },
	clock: Clock,
): Promise<ChannelCheck> {
	const api = createTelegramApi({ apiRoot: undefined, ...settings, clock, answerSeconds });
	const bot = await api.getMe();
	const { url = "" } = await api.getWebhookInfo();
	const remarks: ChannelRemark[] = [
		bot.can_read_all_group_messages
			? { key: "doctor.telegramPrivacyOff", isHarmful: true }
			: { key: "doctor.telegramPrivacyOn", isHarmful: false },
	];
	if (!bot.can_join_groups) remarks.push({ key: "doctor.telegramNoGroups", isHarmful: true });
	if (url !== "") remarks.push({ key: "doctor.telegramWebhook", isHarmful: true });
	return { name: bot.username === undefined ? bot.first_name : `@${bot.username}`, remarks };
}
