import type { Menu, Profiles } from "../assistant/message.ts";
import type { Clock } from "../clock.ts";
import type { TextKey } from "../locale.ts";
import type { Log } from "../log.ts";
import type { Channel, ChannelCheck, Notes } from "./channel.ts";
import { createPace, discordSharedLimit } from "./pace.ts";

/** A channel is on when its part is there. `apiRoot` replaces the address of the platform's own API. */
export interface ChannelSettings {
	readonly telegram?: { readonly token: string; readonly apiRoot?: string; readonly usesDrafts: boolean };
	readonly discord?: { readonly token: string; readonly apiRoot?: string };
}

interface ChannelParts {
	readonly menu: Menu;
	readonly profiles: Profiles;
	readonly store: Notes;
	readonly clock: Clock;
	readonly log: Log;
}

export interface ChannelSpec {
	readonly name: keyof ChannelSettings;
	/** As people read it. */
	readonly label: string;
	/** Loads the platform's library and makes the channel; undefined when its settings are missing. */
	load(settings: ChannelSettings, parts: ChannelParts): Promise<Channel | undefined>;
	/**
	 * Asks the platform whether it takes the token and how the bot is set up there. Resolves to undefined when the settings
	 * are missing; rejects with a ChannelError.
	 */
	check(settings: ChannelSettings, clock: Clock): Promise<ChannelCheck | undefined>;
	/** What the operator does when the platform refuses the token. */
	readonly refusedHint: TextKey;
}

/**
 * Places on the network, each with a pace of its own: what one platform refuses slows no other one down. The terminal is
 * no entry: whoever starts it holds its streams.
 */
export const channelSpecs: readonly ChannelSpec[] = [
	{
		name: "telegram",
		label: "Telegram",
		async load({ telegram }, parts) {
			if (!telegram) return undefined;
			const { createTelegramChannel } = await import("./telegram/telegram.ts");
			return createTelegramChannel({ ...telegram, ...parts, pace: createPace(parts.clock) });
		},
		async check({ telegram }, clock) {
			if (!telegram) return undefined;
			const { checkTelegram } = await import("./telegram/check.ts");
			return checkTelegram(telegram, clock);
		},
		refusedHint: "config.telegramToken",
	},
	{
		name: "discord",
		label: "Discord",
		async load({ discord }, parts) {
			if (!discord) return undefined;
			const { createDiscordChannel } = await import("./discord/discord.ts");
			return createDiscordChannel({ ...discord, ...parts, pace: createPace(parts.clock, discordSharedLimit) });
		},
		async check({ discord }, clock) {
			if (!discord) return undefined;
			const { checkDiscord } = await import("./discord/check.ts");
			return checkDiscord(discord, clock);
		},
		refusedHint: "config.discordToken",
	},
];
