import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { type Access, createAccess } from "./assistant/access.ts";
import { type Assistant, createAssistant } from "./assistant/assistant.ts";
import type { ChannelState } from "./assistant/commands/command.ts";
import { createConversations } from "./assistant/conversation.ts";
import { createPeople } from "./assistant/person.ts";
import { type Channel, ChannelError } from "./channels/channel.ts";
import { channelSpecs } from "./channels/index.ts";
import { systemClock as clock } from "./clock.ts";
import { type Config, ConfigError, loadEnvironment, readConfig } from "./config.ts";
import { createInbox, type Inbox } from "./inbox/inbox.ts";
import { createJournal } from "./inbox/journal.ts";
import { createLease, type Lease } from "./inbox/lease.ts";
import { operatorVoice, say, type TextKey } from "./locale.ts";
import { createLog, type Log } from "./log.ts";
import { createProviders, findProviders } from "./providers/index.ts";
import type { Provider } from "./providers/provider.ts";
import { createBreaker } from "./router/breaker.ts";
import { createQuota } from "./router/quota.ts";
import { createRouter } from "./router/router.ts";
import { estimateTokens } from "./router/tokens.ts";
import { type Database, DatabaseError, openDatabase } from "./stores/database.ts";
import { createKeyed } from "./stores/keyed.ts";
import { createNotes } from "./stores/notes.ts";

/** sysexits.h: a supervisor should not start again before somebody has mended the settings. */
const badSettings = 78;
const databaseHints: Readonly<Record<DatabaseError["kind"], TextKey>> = {
	damaged: "config.databaseDamaged",
	"too-new": "config.databaseTooNew",
	unusable: "config.databaseUnusable",
};
const graceMilliseconds = 20_000;
const shortGraceMilliseconds = 2_000;
const sameSignalMilliseconds = 100;

/** The whole program: settings, parts, channels, until a signal or the person at the terminal ends it. */
async function main(): Promise<number> {
	const config = readConfig(loadEnvironment());
	const isChat = process.argv[2] === "chat" || Object.keys(config.channels).length === 0;
	if (isChat && process.argv[2] !== "chat" && !process.stdin.isTTY)
		return refuse(say(operatorVoice, "config.noChannel"));

	// Whoever chats in the terminal does not want to read the log between the lines.
	const level = config.logLevel ?? (isChat && process.stderr.isTTY ? "error" : "info");
	const log = createLog(level, config.secrets);
	reportDefects(log);
	const settings = await findProviders(config.providers, { clock, log });
	if (settings.length === 0) return refuse(say(operatorVoice, "config.noProvider"));
	const providers = createProviders(settings, { clock, log });
	for (const { label, region } of providers) {
		if (!config.defaultRegions.includes(region))
			log.warn(say(operatorVoice, "doctor.providerOnConsent", { provider: label }));
	}
	const database = openDatabase(join(config.dataDirectory, "clawdbot.sqlite"));
	const bot = await createBot({ config, isChat, providers, database, log });
	try {
		return await bot.run();
	} finally {
		database.close();
	}
}

interface BotParts {
	readonly config: Config;
	readonly isChat: boolean;
	readonly providers: readonly Provider[];
	readonly database: Database;
	readonly log: Log;
}

/** Puts the layers together, from the cellar to the roof. */
async function createBot(parts: BotParts): Promise<{ run(): Promise<number> }> {
	const { config, providers, database, log } = parts;
	const quota = createQuota({ database, clock, providers });
	const breaker = createBreaker({ quota, clock });
	const router = createRouter({ providers, quota, breaker, clock, log });
	const access = createAccess({ settings: config.access, store: createKeyed(database, "access"), clock });
	const states = new Map<string, ChannelState>();
	const assistant = createAssistant({
		router,
		quota,
		access,
		people: createPeople(createKeyed(database, "people")),
		conversations: createConversations(createKeyed(database, "conversations")),
		defaultRegions: config.defaultRegions,
		estimateTokens,
		clock,
		log,
		channelStates: () => [...states.values()],
	});
	const places = parts.isChat ? [await openTerminal(parts)] : await openChannels(parts, assistant);
	const channels = new Map(places.map(({ channel }) => [channel.name, channel]));
	const inbox = createInbox({ journal: createJournal(database, clock), channels, assistant, clock, log });
	if (!parts.isChat) await greetFirstAdmin(access, log);
	return { run: () => run(places, inbox, states, parts) };
}

async function openChannels({ config, database, log }: BotParts, assistant: Assistant): Promise<readonly Place[]> {
	const { menu, profiles } = assistant;
	const parts = { menu, profiles, store: createNotes(database), clock, log };
	const places = await Promise.all(
		channelSpecs.map(async ({ label, load, refusedHint }) => {
			const channel = await load(config.channels, parts);
			return channel && { channel, label, refusedHint };
		}),
	);
	return places.filter((place) => place !== undefined);
}

async function openTerminal({ config }: BotParts): Promise<Place> {
	const { createTerminalChannel } = await import("./channels/terminal/terminal.ts");
	const { stdin, stdout } = process;
	const isInteractive = Boolean(stdin.isTTY && stdout.isTTY) && process.env.TERM !== "dumb";
	const channel = createTerminalChannel({
		input: stdin,
		output: stdout,
		isInteractive,
		hasColours: config.hasColours && Boolean(stdout.isTTY),
		historyFile: join(config.dataDirectory, "terminal-history"),
		voice: operatorVoice,
		clock,
	});
	return {
		channel,
		label: "Terminal",
		ended: channel.ended,
		person: isInteractive ? "at the keyboard" : "behind a pipe",
	};
}

/** Without any admin nobody could let anybody in: the log shows the way, once. */
async function greetFirstAdmin(access: Access, log: Log): Promise<void> {
	const code = await access.firstAdminCode();
	if (code !== undefined) log.warn(say(operatorVoice, "access.firstAdminCode", { code }));
}

/** One channel of this run. */
interface Place {
	readonly channel: Channel;
	/** As people read it. */
	readonly label: string;
	readonly refusedHint?: TextKey;
	/** Resolves when the person at the terminal leaves. */
	readonly ended?: Promise<void>;
	/** Several terminals may chat side by side, and whoever pipes a question wants its answer alone. */
	readonly person?: "at the keyboard" | "behind a pipe";
}

/** Starts the channels, serves until a signal or the person at the terminal ends it, and stops. Resolves to the exit code. */
async function run(
	places: readonly Place[],
	inbox: Inbox,
	states: Map<string, ChannelState>,
	{ database, log }: BotParts,
): Promise<number> {
	const stop = new AbortController();
	const stopped = new Promise((resolve) => stop.signal.addEventListener("abort", resolve, { once: true }));
	listenToSignals(stop, inbox, log);
	for (const { ended } of places) void ended?.then(() => stop.abort());
	const leases = places.map(({ channel, person }) => {
		const onLost = person ? () => undefined : () => leaveToOther(channel, log);
		return createLease(channel.name, { database, clock, log, onLost });
	});
	const serving = Promise.all(
		places.map(async (place, index) => {
			const isRefused = await serve(place, { lease: leases[index] as Lease, inbox, stop: stop.signal, log });
			states.set(place.channel.name, { label: place.label, isHealthy: !isRefused });
			return isRefused;
		}),
	);
	void serving.then((served) => served.every((isRefused) => isRefused) && stop.abort());

	await stopped;
	await Promise.all(places.map(({ channel }) => channel.stop()));
	// Whoever left the terminal does not wait for an answer any more.
	await inbox.stop(places.some(({ person }) => person) ? shortGraceMilliseconds : graceMilliseconds);
	await Promise.all(places.map(({ channel }) => channel.close()));
	for (const lease of leases) lease.release();
	log.info("stopped");
	return (await serving).every((isRefused) => isRefused) ? badSettings : 0;
}

/** Another program has the rows of this one, which stood still for too long: whatever it still did would be done twice. */
function leaveToOther({ name }: Channel, log: Log): void {
	log.error({ channel: name }, "another program took over, this one ends");
	process.exit(1);
}

interface ServeParts {
	readonly lease: Lease;
	readonly inbox: Inbox;
	readonly stop: AbortSignal;
	readonly log: Log;
}

/** Takes up what an earlier process left, then lets new messages in. Resolves to whether the platform refused for good. */
async function serve({ channel, refusedHint, person }: Place, parts: ServeParts): Promise<boolean> {
	const { lease, inbox, stop, log } = parts;
	const facts = { channel: channel.name };
	const standBy = (): void => log.warn(facts, say(operatorVoice, "config.standBy"));
	const isOurs = person ? person === "at the keyboard" && lease.tryAcquire() : await lease.acquire(stop, standBy);
	if (!isOurs && !person) return false;
	const resumed = isOurs ? inbox.resume(channel.name) : 0;
	try {
		await channel.start((messages) => inbox.accept(messages));
	} catch (error) {
		if (!(error instanceof ChannelError)) throw error;
		log.error({ ...facts, kind: error.kind, error: error.message }, refusedHint && say(operatorVoice, refusedHint));
		return true;
	}
	log.info({ ...facts, resumed, milliseconds: Math.round(clock.elapsed()) }, "ready");
	return false;
}
/** The first signal lets answers in progress end, a second one gives them two seconds. npm doubles each within an instant. */
function listenToSignals(stop: AbortController, inbox: Inbox, log: Log): void {
	let firstAt: number | undefined;
	for (const name of ["SIGTERM", "SIGINT"] as const) {
		process.on(name, () => {
			firstAt ??= clock.elapsed();
			if (clock.elapsed() - firstAt > sameSignalMilliseconds) void inbox.stop(shortGraceMilliseconds);
			if (!stop.signal.aborted) log.info({ signal: name }, "stopping");
			stop.abort();
		});
	}
}

/** A defect: the journal holds everything, so the program ends and the next start goes on. */
function reportDefects(log: Log): void {
	process.on("uncaughtException", (error) => {
		log.error({ error: error.stack }, "defect");
		process.exit(1);
	});
}

function refuse(sentence: string): number {
	process.stderr.write(`${sentence}\n`);
	return badSettings;
}

/** What keeps the program from starting, as one German sentence or more. */
function startProblem(error: unknown): string {
	if (error instanceof ConfigError) return error.message;
	if (error instanceof DatabaseError) return say(operatorVoice, databaseHints[error.kind], { path: error.path });
	throw error;
}

enableCompileCache();
process.exitCode = await main().catch((error: unknown) => refuse(startProblem(error)));
