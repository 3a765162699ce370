import {
	type CacheWithLimitsOptions,
	Client,
	type ClientOptions,
	DiscordjsError,
	DiscordjsErrorCodes,
	Events,
	GatewayCloseCodes,
	GatewayDispatchEvents,
	GatewayIntentBits,
	type GatewayInteractionCreateDispatchData,
	type GatewayMessageCreateDispatchData,
	type GatewayReadyDispatchData,
	Options,
	Partials,
} from "discord.js";
import { type Clock, sleep } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { ChannelError } from "../channel.ts";
import { keepTrying } from "./keep-trying.ts";

/** Called with the events as Discord sends them; they need no cache. Must not throw. */
export interface GatewayEvents {
	ready(data: GatewayReadyDispatchData): void;
	message(data: GatewayMessageCreateDispatchData): void;
	interaction(data: GatewayInteractionCreateDispatchData): void;
}

export interface Gateway {
	/**
	 * Resolves once events can arrive; without Discord after its first failure or ten seconds, and the attempts go on.
	 * Rejects with a ChannelError for what no waiting mends: `unauthorised`, or `rejected` for refused settings.
	 */
	open(): Promise<void>;
	close(): Promise<void>;
}

const patienceMilliseconds = 10_000;
const goodbyeMilliseconds = 2_000;

/** Receives events through discord.js, which keeps the session alive, resumes it and identifies again by itself. */
export function createGateway(parts: {
	readonly token: string;
	readonly apiRoot?: string;
	readonly clock: Clock;
	readonly log: Log;
	readonly events: GatewayEvents;
}): Gateway {
	const { token, clock, log, events } = parts;
	const ending = new AbortController();
	let client: Client | undefined;
	let login: Promise<unknown> = Promise.resolve();

	/** A client that failed to log in cannot be used again: each attempt makes its own. */
	async function connect(): Promise<void> {
		const attempt = new Client(clientOptions(parts.apiRoot));
		client = attempt;
		let closeCode: number | undefined;
		attempt.on(Events.ShardDisconnect, (event) => {
			closeCode = event.code;
			log.error({ code: event.code }, "discord: the gateway was closed for good");
		});
		attempt.on(Events.ShardReconnecting, () => log.warn("discord: the gateway is reconnecting"));
		attempt.on(Events.ShardError, (error) => log.warn({ error }, "discord: the gateway failed"));
		attempt.on(Events.Error, (error) => log.warn({ error }, "discord: the client failed"));
		attempt.ws.on(GatewayDispatchEvents.Ready, events.ready);
		attempt.ws.on(GatewayDispatchEvents.MessageCreate, events.message);
		attempt.ws.on(GatewayDispatchEvents.InteractionCreate, events.interaction);
		try {
			login = attempt.login(token);
			await login;
		} catch (error) {
			throw toGatewayError(error, closeCode);
		}
	}

	return {
		async open() {
			const failed = Promise.withResolvers<void>();
			const connected = keepTrying(
				connect,
				(error) => {
					log.warn({ error }, "discord: cannot be reached, trying again");
					failed.resolve();
				},
				clock,
				ending.signal,
			);
			connected.catch((error) => log.error({ kind: error.kind, error }, "discord: stays off"));
			const settled = new AbortController();
			await Promise.race([connected, failed.promise, sleep(clock, patienceMilliseconds, settled.signal)]).finally(() =>
				settled.abort(),
			);
		},
		async close() {
			ending.abort();
			const goodbye = new AbortController();
			const longEnough = sleep(clock, goodbyeMilliseconds, goodbye.signal);
			// A client that is destroyed while it logs in connects nevertheless, and cannot be destroyed again.
			await Promise.race([Promise.allSettled([login]), longEnough]);
			await Promise.race([client?.destroy(), longEnough]);
			goodbye.abort();
		},
	};
}

/** Nothing privileged: Discord hands out the text of direct messages and of messages that mention the bot anyway. */
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];

/** Events are read as they come and replies are sent by id: nothing has to be remembered. */
const caches: CacheWithLimitsOptions = {
	ApplicationCommandManager: 0,
	ApplicationEmojiManager: 0,
	AutoModerationRuleManager: 0,
	BaseGuildEmojiManager: 0,
	DMMessageManager: 0,
	EntitlementManager: 0,
	GuildBanManager: 0,
	GuildEmojiManager: 0,
	GuildForumThreadManager: 0,
	GuildInviteManager: 0,
	GuildMemberManager: 0,
	GuildMessageManager: 0,
	GuildScheduledEventManager: 0,
	GuildStickerManager: 0,
	GuildTextThreadManager: 0,
	MessageManager: 0,
	PresenceManager: 0,
	ReactionManager: 0,
	ReactionUserManager: 0,
	StageInstanceManager: 0,
	ThreadManager: 0,
	ThreadMemberManager: 0,
	UserManager: 0,
	VoiceStateManager: 0,
};

function clientOptions(apiRoot: string | undefined): ClientOptions {
	return {
		intents,
		partials: [Partials.Channel],
		makeCache: Options.cacheWithLimits(caches),
		sweepers: {},
		allowedMentions: { parse: [] },
		rest: { version: "10", retries: 0, ...(apiRoot === undefined ? {} : { api: apiRoot }) },
	};
}

function toGatewayError(error: unknown, closeCode: number | undefined): ChannelError {
	const isTokenInvalid = error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid;
	if (isTokenInvalid || closeCode === GatewayCloseCodes.AuthenticationFailed) {
		return new ChannelError("unauthorised", "discord: the token was refused");
	}
	if (closeCode !== undefined) {
		return new ChannelError("rejected", `discord: gateway closed with ${closeCode} ${GatewayCloseCodes[closeCode]}`);
	}
	return new ChannelError("network", "discord: no connection to the gateway", { cause: error });
}
