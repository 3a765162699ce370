import type { APIChatInputApplicationCommandInteraction } from "discord.js";
import type { Menu, Message } from "../../assistant/message.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Channel, LiveReply, Notes, ReplyRecord } from "../channel.ts";
import { createLiveReply } from "../live-reply.ts";
import type { Pace } from "../pace.ts";
import { acknowledge } from "./acknowledge.ts";
import { createCalls } from "./calls.ts";
import { createChannelSurface } from "./channel-surface.ts";
import { registerCommands } from "./commands.ts";
import { isKind } from "./errors.ts";
import { createGateway } from "./gateway.ts";
import { createInteractionSurface, withDeferredAnswer } from "./interaction-surface.ts";
import { keepTrying } from "./keep-trying.ts";
import { originOf } from "./origin.ts";
import { isCommand, isPrivate, readCommand } from "./read-command.ts";
import { readMessage } from "./read-message.ts";

export interface DiscordParts {
	readonly token: string;
	/** REST base without version, e.g. `http://host/api`; the gateway's address comes from there. */
	readonly apiRoot?: string;
	readonly menu: Menu;
	/** Remembers which commands are registered. */
	readonly store: Notes;
	readonly clock: Clock;
	readonly log: Log;
	readonly pace: Pace;
}

/**
 * Discord: direct messages, mentions in servers and threads, slash commands. `start` also resolves while Discord is out of
 * reach: nothing else waits for it, and messages arrive as soon as it is back.
 */
export function createDiscordChannel(parts: DiscordParts): Channel {
	const { menu, clock, log } = parts;
	const calls = createCalls(parts);
	const ending = new AbortController();
	const arriving = new Set<Promise<void>>();
	let botId = "";
	let isRegistering = false;
	let accept: ((messages: readonly Message[]) => void) | undefined;

	const gateway = createGateway({
		...parts,
		events: {
			ready({ user, application }) {
				botId = user.id;
				log.info({ bot: user.id }, "discord: receiving");
				if (!isRegistering) void register(application.id);
				isRegistering = true;
			},
			message(data) {
				const message = readMessage(data, botId);
				if (message && !ending.signal.aborted) track(handOver(message));
			},
			interaction(data) {
				if (isCommand(data) && !ending.signal.aborted) track(arrive(data));
			},
		},
	});

	function track(work: Promise<void>): void {
		const arrival = work.finally(() => arriving.delete(arrival));
		arriving.add(arrival);
	}

	/** The promise to Discord comes first: it has three seconds, a slow disk may take longer. */
	async function arrive(interaction: APIChatInputApplicationCommandInteraction): Promise<void> {
		const message = readCommand(interaction, menu, clock.now());
		try {
			await acknowledge(calls, interaction, isPrivate(interaction, menu));
		} catch (error) {
			log.warn({ message: message.id, error }, "discord: a command could not be acknowledged");
			if (isKind(error, "expired")) return;
		}
		await handOver(message);
	}

	/** Discord says everything once: when it cannot be written down now, it is tried again until the channel stops. */
	async function handOver(message: Message): Promise<void> {
		const onFailure = (error: unknown): void =>
			log.error({ message: message.id, error }, "discord: a message could not be written down yet");
		await keepTrying(async () => accept?.([message]), onFailure, clock, ending.signal);
	}

	async function register(applicationId: string): Promise<void> {
		const attempt = async (): Promise<void> => {
			if (await registerCommands(calls, applicationId, menu, parts.store)) log.info("discord: commands registered");
		};
		const onFailure = (error: unknown): void => log.warn({ error }, "discord: commands not registered yet");
		try {
			await keepTrying(attempt, onFailure, clock, ending.signal);
		} catch (error) {
			log.error({ error }, "discord: the commands were refused");
		}
	}

	function open(message: Message, record: ReplyRecord): LiveReply {
		const origin = originOf(message);
		const { channelId } = origin;
		if (origin.kind === "message") {
			const surface = createChannelSurface(calls, { messageId: message.id, channelId, question: origin.messageId });
			return createLiveReply(surface, record, parts);
		}
		const mayMove = origin.isPresent && !origin.isPrivate;
		const channel = mayMove ? createChannelSurface(calls, { messageId: message.id, channelId }) : undefined;
		const surface = createInteractionSurface(calls, clock, origin, channel);
		return createLiveReply(surface, withDeferredAnswer(record), parts);
	}

	return {
		name: "discord",
		start(take) {
			accept = take;
			return gateway.open();
		},
		open,
		async stop() {
			ending.abort();
			await Promise.all(arriving);
		},
		async close() {
			await gateway.close();
			calls.close();
		},
	};
}
