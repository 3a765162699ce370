import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { type Access, createAccess } from "./assistant/access.ts";
import { type Assistant, createAssistant } from "./assistant/assistant.ts";
import type { ChannelState } from "./assistant/commands/command.ts";
import { createConversations } from "./assistant/conversation.ts";
import { createPeople } from "./assistant/person.ts";
import { channelSpecs } from "./channels/index.ts";
import { systemClock as clock } from "./clock.ts";
import { type Config, ConfigError, type Environment, environmentFile, loadEnvironment, readConfig } from "./config.ts";
import { createInbox } from "./inbox/inbox.ts";
import { createJournal } from "./inbox/journal.ts";
import { operatorVoice, say } from "./locale.ts";
import { createLog, type Log, writeSentence } from "./log.ts";
import { problemOfModel } from "./providers/embedded/examine-model.ts";
import { createProviders, findProviders } from "./providers/index.ts";
import type { Provider } from "./providers/provider.ts";
import type { ProviderSettings } from "./providers/settings.ts";
import { createAccountWatch } from "./router/account-watch.ts";
import { createBreaker } from "./router/breaker.ts";
import { createQuota } from "./router/quota.ts";
import { createRouter } from "./router/router.ts";
import { estimateTokens } from "./router/tokens.ts";
import { badSettings, type Place, run } from "./run.ts";
import { SetupError } from "./setup/setup-error.ts";
import { wrapped } from "./setup/wrapped.ts";
import { type Database, DatabaseError, openDatabase } from "./stores/database.ts";
import { createKeyed } from "./stores/keyed.ts";
import { createNotes } from "./stores/notes.ts";

/** The whole program: settings, parts, channels, until a signal or the person at the terminal ends it. */
async function main(environment: Environment): Promise<number> {
	const config = readConfig(environment);
	const isChat = process.argv[2] === "chat" || Object.keys(config.channels).length === 0;
	if (isChat && process.argv[2] !== "chat" && !process.stdin.isTTY)
		return refuse(say(operatorVoice, "config.noChannel"));

	// Whoever chats in the terminal does not want to read the log between the lines.
	const isForPerson = config.logLevel === undefined && isChat && process.stderr.isTTY;
	const level = config.logLevel ?? (isForPerson ? "error" : "info");
	const log = createLog(level, config.secrets, isForPerson ? writeSentence : undefined);
	const settings = await findProviders(config.providers, { clock, log });
	if (settings.length === 0 && config.providerProblems.length > 0) throw new ConfigError(config.providerProblems);
	if (settings.length === 0) {
		const answers = await setUpFirstProvider(config, environment, log);
		return answers ? main({ ...environment, ...answers }) : refuse(say(operatorVoice, "config.noProvider"));
	}
	reportDefects(log);
	for (const sentence of problemsOf(config, settings)) log.error(sentence);
	const { eurPerUsd, dataDirectory } = config;
	const providers = createProviders(settings, { clock, log, eurPerUsd, dataDirectory });
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

/** What keeps single providers from answering, as German sentences: the others work. */
function problemsOf(
	{ providerProblems, dataDirectory }: Config,
	settings: readonly ProviderSettings[],
): readonly string[] {
	const ofModels = settings.flatMap((one) => problemOfModel(one, dataDirectory) ?? []);
	return [...providerProblems, ...ofModels.map(({ key, values }) => say(operatorVoice, key, values))];
}

/** Questions to the person at the terminal; undefined where nobody sits. */
async function setUpFirstProvider(
	config: Config,
	environment: Environment,
	log: Log,
): Promise<Environment | undefined> {
	if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
	const { withSetup } = await import("./setup/setup.ts");
	const { setUpFirstProvider } = await import("./setup/first-start.ts");
	return withSetup({ ...config, environment, environmentFile }, { clock, log }, setUpFirstProvider);
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
	const quota = createQuota({ database, clock, providers, budget: config.budget });
	const breaker = createBreaker({ quota, clock, log, random: Math.random });
	const router = createRouter({ providers, quota, breaker, clock, log });
	const accounts = createAccountWatch({ providers, quota, clock, log });
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
		refreshAccounts: accounts.refresh,
		clock,
		log,
		channelStates: () => [...states.values()],
	});
	const places = parts.isChat ? [await openTerminal(parts)] : await openChannels(parts, assistant);
	const channels = new Map(places.map(({ channel }) => [channel.name, channel]));
	const inbox = createInbox({ journal: createJournal(database, clock), channels, assistant, clock, log });
	if (!parts.isChat) await greetFirstAdmin(access, log);
	return {
		async run() {
			accounts.start();
			try {
				return await run({ places, inbox, database, clock, log, onState: (name, state) => states.set(name, state) });
			} finally {
				accounts.stop();
			}
		},
	};
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

/** A defect: the journal holds everything, so the program ends and the next start goes on. */
function reportDefects(log: Log): void {
	process.on("uncaughtException", (error) => {
		log.error({ error: error.stack }, "defect");
		process.exit(1);
	});
}

function refuse(sentence: string): number {
	process.stderr.write(`${wrapped(sentence, process.stderr.columns)}\n`);
	return badSettings;
}

/** What keeps the program from starting, as one German sentence or more. */
function startProblem(error: unknown): string {
	if (error instanceof ConfigError || error instanceof SetupError) return error.message;
	if (error instanceof DatabaseError) return say(operatorVoice, error.hint, { path: error.path });
	throw error;
}

enableCompileCache();
process.exitCode = await main(loadEnvironment()).catch((error: unknown) => refuse(startProblem(error)));
