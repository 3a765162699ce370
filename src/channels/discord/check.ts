import {
	type APIApplication,
	type APIUser,
	ApplicationFlags,
	PermissionFlagsBits,
	type RESTGetAPICurrentUserGuildsResult,
	Routes,
} from "discord.js";
import type { Clock } from "../../clock.ts";
import type { ChannelCheck, ChannelRemark } from "../channel.ts";
import { createPace } from "../pace.ts";
import { createCalls } from "./calls.ts";

/** As Discord's own settings call them. */
const neededPermissions = {
	"View Channels": PermissionFlagsBits.ViewChannel,
	"Send Messages": PermissionFlagsBits.SendMessages,
	"Send Messages in Threads": PermissionFlagsBits.SendMessagesInThreads,
	"Read Message History": PermissionFlagsBits.ReadMessageHistory,
	"Attach Files": PermissionFlagsBits.AttachFiles,
} as const;

const privilegedIntents = {
	Presence: ApplicationFlags.GatewayPresence | ApplicationFlags.GatewayPresenceLimited,
	"Server Members": ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayGuildMembersLimited,
	"Message Content": ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited,
} as const;

/** Asks Discord whether the token is valid and what the bot may do on its servers. Rejects with a ChannelError. */
export async function checkDiscord(
	settings: { readonly token: string; readonly apiRoot?: string },
	clock: Clock,
): Promise<ChannelCheck> {
	const calls = createCalls({ ...settings, clock, pace: createPace(clock) });
	try {
		const user = (await calls.send("GET", Routes.user())) as APIUser;
		const application = (await calls.send("GET", Routes.currentApplication())) as APIApplication;
		const guilds = (await calls.send("GET", Routes.userGuilds())) as RESTGetAPICurrentUserGuildsResult;
		return { name: user.username, remarks: [intentsRemark(application), ...permissionRemarks(guilds)] };
	} finally {
		calls.close();
	}
}

function intentsRemark({ flags }: APIApplication): ChannelRemark {
	const intents = Object.entries(privilegedIntents).flatMap(([name, bits]) => (flags & bits ? name : []));
	if (intents.length === 0) return { key: "doctor.discordNoIntents", isHarmful: false };
	return { key: "doctor.discordIntents", values: { intents: intents.join(", ") }, isHarmful: true };
}

function permissionRemarks(guilds: RESTGetAPICurrentUserGuildsResult): readonly ChannelRemark[] {
	const lacking = guilds.flatMap(({ name, permissions }): ChannelRemark[] => {
		const missing = missingPermissions(BigInt(permissions));
		if (missing.length === 0) return [];
		const values = { guild: name, permissions: missing.join(", ") };
		return [{ key: "doctor.discordPermissions", values, isHarmful: true }];
	});
	const count = guilds.length - lacking.length;
	if (count === 0) return lacking;
	return [...lacking, { key: "doctor.discordGuilds", values: { count }, isHarmful: false }];
}

/** Administrators may do everything. */
function missingPermissions(permissions: bigint): readonly string[] {
	if (permissions & PermissionFlagsBits.Administrator) return [];
	return Object.entries(neededPermissions).flatMap(([name, bit]) => (permissions & bit ? [] : name));
}
