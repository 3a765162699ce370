import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
	type APIUser,
	ChannelType,
	GatewayDispatchEvents,
	type GatewayMessageCreateDispatchData,
	Locale,
} from "discord-api-types/v10";
import { createGatewayServer, type FakeGateway } from "./discord-gateway.ts";
import { type FakeGuild, guildCreate, member, textChannel, threadChannel, usualPermissions } from "./discord-guild.ts";
import { interactionCreate, type SlashContext } from "./discord-interaction.ts";
import { type Bucket, createLimits } from "./discord-limits.ts";
import { createRest, type Fault } from "./discord-rest.ts";
import {
	createState,
	createUser,
	type FakeChannel,
	type FakeInteraction,
	type FakeMessage,
	type FakeState,
	shownText,
	visibleMessages,
} from "./discord-state.ts";

export interface FakeDiscordOptions {
	/** The only one that is taken; `fake-discord-token` unless told. */
	readonly token?: string;
	/** Wall time for the ages of interactions and nonces, in milliseconds since 1970. */
	readonly now?: () => number;
	readonly heartbeatMilliseconds?: number;
	/** Starts of a session that are left, as `/gateway/bot` says it. */
	readonly remainingStarts?: number;
	readonly port?: number;
	/** Of the application: privileged intents among them. */
	readonly applicationFlags?: number;
}

type MessageFields = Partial<GatewayMessageCreateDispatchData>;

/** A Discord on loopback: REST under `apiRoot`, gateway on the same port, as strict as the original. */
export interface FakeDiscord extends Pick<FakeState, "bot" | "calls" | "violations" | "token"> {
	/** `http://127.0.0.1:PORT/api` */
	readonly apiRoot: string;
	readonly gateway: FakeGateway;
	readonly state: FakeState;
	addUser(name: string): APIUser;
	/** `permissions` of the bot's role there; everything a bot may need unless told. */
	addGuild(name?: string, permissions?: bigint): FakeGuild;
	/** `isGuest`: the bot is no member there, only a person installed it. */
	addChannel(guild: FakeGuild, name?: string, isGuest?: boolean): FakeChannel;
	addThread(parent: FakeChannel, name?: string): FakeChannel;
	/** The direct chat of this person and the bot; always the same one. */
	directChannel(user: APIUser): FakeChannel;
	/** A person writes. In a server the bot sees no text unless `text` mentions it. */
	say(channel: FakeChannel, user: APIUser, text: string, fields?: MessageFields): FakeMessage;
	directMessage(user: APIUser, text: string, fields?: MessageFields): FakeMessage;
	mention(channel: FakeChannel, user: APIUser, text: string, fields?: MessageFields): FakeMessage;
	/** A person runs a slash command. Throws when the registered commands do not allow it. */
	slash(
		user: APIUser,
		name: string,
		options?: Readonly<Record<string, string>>,
		context?: SlashContext,
	): FakeInteraction;
	/** What people read of the bot's in a channel, in order. */
	messages(channel: FakeChannel): readonly string[];
	/** The same with everything that belongs to the message. */
	visible(channel: FakeChannel): readonly FakeMessage[];
	failNext(fault: Fault): void;
	/** From now on every message route of every channel has such a rate limit. */
	setBucket(bucket: Bucket): void;
	close(): Promise<void>;
}

export async function createFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
	const state = createState(options.token ?? "fake-discord-token", options.now ?? Date.now);
	const limits = createLimits(state);
	const faults: { readonly fault: Fault; left: number }[] = [];
	const guilds = new Map<string, FakeGuild>();
	const directChannels = new Map<string, FakeChannel>();

	const server = createServer();
	const gateway = createGatewayServer({
		server,
		state,
		heartbeatMilliseconds: options.heartbeatMilliseconds ?? 41_250,
		url: () => gatewayUrl,
		guilds: () => [...guilds.values()].map((guild) => guildCreate(state, guild)),
	});
	server.on(
		"request",
		createRest({
			state,
			limits,
			faults,
			guilds: () => [...guilds.values()],
			flags: options.applicationFlags ?? 0,
			announce: (message) => announce(message),
			gateway: () => ({
				url: gatewayUrl,
				shards: 1,
				session_start_limit: {
					total: 1_000,
					remaining: options.remainingStarts ?? 1_000,
					reset_after: 60_000,
					max_concurrency: 1,
				},
			}),
		}),
	);
	await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const gatewayUrl = `ws://127.0.0.1:${port}/gateway`;

	function addChannel(fields: Omit<FakeChannel, "id" | "isArchived">): FakeChannel {
		const channel: FakeChannel = { id: state.nextId(), isArchived: false, ...fields };
		state.channels.set(channel.id, channel);
		return channel;
	}

	/** Tells the bot of a message, its own included. Without the privileged intent servers hide what does not mention it. */
	function announce({ data }: FakeMessage, fields: MessageFields = {}): void {
		const channel = state.channels.get(data.channel_id);
		if (!channel?.hasBot) return;
		const isShown =
			channel.guildId === undefined ||
			data.author.id === state.bot.id ||
			data.mentions.some((user) => user.id === state.bot.id);
		const event: GatewayMessageCreateDispatchData = {
			...data,
			...fields,
			channel_type: channel.type,
			...(channel.guildId === undefined
				? {}
				: { guild_id: channel.guildId, member: { ...member(), ...fields.member } }),
			...(isShown ? {} : { content: "", attachments: [], embeds: [] }),
		};
		gateway.dispatch(GatewayDispatchEvents.MessageCreate, event);
	}

	const fake: FakeDiscord = {
		apiRoot: `http://127.0.0.1:${port}/api`,
		gateway,
		state,
		token: state.token,
		bot: state.bot,
		calls: state.calls,
		violations: state.violations,
		addUser: (name) => createUser(state.nextId(), name),
		addGuild(name = "Verein", permissions = usualPermissions) {
			const guild = { id: state.nextId(), name, permissions };
			guilds.set(guild.id, guild);
			gateway.dispatch(GatewayDispatchEvents.GuildCreate, guildCreate(state, guild));
			return guild;
		},
		addChannel(guild, name = "allgemein", isGuest = false) {
			const channel = addChannel({ type: ChannelType.GuildText, name, guildId: guild.id, hasBot: !isGuest });
			if (!isGuest) gateway.dispatch(GatewayDispatchEvents.ChannelCreate, textChannel(channel));
			return channel;
		},
		addThread(parent, name = "faden") {
			const { guildId } = parent;
			const thread = addChannel({
				type: ChannelType.PublicThread,
				name,
				parentId: parent.id,
				hasBot: parent.hasBot,
				...(guildId === undefined ? {} : { guildId }),
			});
			gateway.dispatch(GatewayDispatchEvents.ThreadCreate, threadChannel(thread));
			return thread;
		},
		directChannel(user) {
			const known = directChannels.get(user.id);
			const channel = known ?? addChannel({ type: ChannelType.DM, name: user.username, hasBot: true });
			directChannels.set(user.id, channel);
			return channel;
		},
		say(channel, user, text, fields = {}) {
			const isMentioned = new RegExp(`<@!?${state.bot.id}>`).test(text);
			const mentions = isMentioned ? [state.bot] : [];
			const message = state.store(channel, user, text, { fields: { mentions, ...fields } });
			announce(message, fields);
			return message;
		},
		directMessage: (user, text, fields) => fake.say(fake.directChannel(user), user, text, fields),
		mention: (channel, user, text, fields) => fake.say(channel, user, `<@${state.bot.id}> ${text}`, fields),
		slash(user, name, values = {}, context = {}) {
			const channel = context.channel ?? fake.directChannel(user);
			const interaction: FakeInteraction = {
				id: state.nextId(),
				token: randomBytes(48).toString("base64url"),
				channel,
				createdAt: state.now(),
				sentAt: performance.now(),
				isEphemeral: false,
				followUps: 0,
			};
			const event = interactionCreate(state, interaction, user, name, values, context.locale ?? Locale.German);
			state.interactions.set(interaction.token, interaction);
			gateway.dispatch(GatewayDispatchEvents.InteractionCreate, event);
			return interaction;
		},
		messages: (channel) => visibleMessages(state, channel.id).map(shownText),
		visible: (channel) => visibleMessages(state, channel.id),
		failNext(fault) {
			faults.push({ fault, left: fault.times ?? 1 });
		},
		setBucket(bucket) {
			limits.bucket = bucket;
		},
		async close() {
			gateway.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return fake;
}
