import {
	type APITextChannel,
	type APIThreadChannel,
	ChannelType,
	type GatewayGuildCreateDispatchData,
	type GuildMemberFlags,
	Locale,
	ThreadAutoArchiveDuration,
} from "discord-api-types/v10";
import type { FakeChannel, FakeState } from "./discord-state.ts";

export interface FakeGuild {
	readonly id: string;
	readonly name: string;
	readonly permissions: bigint;
}

/** View, send, history, threads, files. */
export const usualPermissions = (1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 38n);

const joinedAt = "2026-11-01T12:00:00.000Z";

/** What the gateway tells of a server after READY. */
export function guildCreate(state: FakeState, guild: FakeGuild): GatewayGuildCreateDispatchData {
	const channels = [...state.channels.values()].filter((channel) => channel.guildId === guild.id && channel.hasBot);
	return {
		id: guild.id,
		name: guild.name,
		icon: null,
		splash: null,
		discovery_splash: null,
		owner_id: state.bot.id,
		afk_channel_id: null,
		afk_timeout: 300,
		verification_level: 0,
		default_message_notifications: 0,
		explicit_content_filter: 0,
		roles: [],
		emojis: [],
		features: [],
		mfa_level: 0,
		application_id: null,
		system_channel_id: null,
		system_channel_flags: 0 as GatewayGuildCreateDispatchData["system_channel_flags"],
		rules_channel_id: null,
		vanity_url_code: null,
		description: null,
		banner: null,
		premium_tier: 0,
		preferred_locale: Locale.German,
		public_updates_channel_id: null,
		nsfw_level: 0,
		premium_progress_bar_enabled: false,
		hub_type: null,
		safety_alerts_channel_id: null,
		incidents_data: null,
		joined_at: joinedAt,
		large: false,
		member_count: 2,
		voice_states: [],
		members: [{ user: state.bot, ...member(), roles: [] }],
		channels: channels.filter(({ type }) => type === ChannelType.GuildText).map(textChannel),
		threads: channels.filter(({ type }) => type === ChannelType.PublicThread).map(threadChannel),
		presences: [],
		stage_instances: [],
		guild_scheduled_events: [],
		soundboard_sounds: [],
	};
}

/** A member of a server, as events carry it beside the user. */
export function member() {
	return { roles: [], joined_at: joinedAt, deaf: false, mute: false, flags: 0 as GuildMemberFlags };
}

export function textChannel(channel: FakeChannel): APITextChannel {
	return {
		id: channel.id,
		type: ChannelType.GuildText,
		name: channel.name,
		position: 0,
		parent_id: null,
		nsfw: false,
		...(channel.guildId === undefined ? {} : { guild_id: channel.guildId }),
	};
}

export function threadChannel(channel: FakeChannel): APIThreadChannel {
	return {
		id: channel.id,
		type: ChannelType.PublicThread,
		name: channel.name,
		applied_tags: [],
		...(channel.guildId === undefined ? {} : { guild_id: channel.guildId }),
		...(channel.parentId === undefined ? {} : { parent_id: channel.parentId }),
		thread_metadata: {
			archived: channel.isArchived,
			auto_archive_duration: ThreadAutoArchiveDuration.OneDay,
			archive_timestamp: joinedAt,
			locked: false,
		},
	};
}
