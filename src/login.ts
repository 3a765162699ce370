import { systemClock as clock } from "./clock.ts";
import { type Config, ConfigError, loadEnvironment, readConfig } from "./config.ts";
import { formatDuration, say, type TextKey, operatorVoice as voice } from "./locale.ts";
import { providerSpecs } from "./providers/index.ts";
import {
	type AuthorizationServer,
	createAuthorizationServer,
	type DeviceAuthorization,
} from "./providers/sign-in/authorization-server.ts";
import { signIn } from "./providers/sign-in/device-flow.ts";
import { SignInError, type SignInErrorKind } from "./providers/sign-in/sign-in-error.ts";
import { createTokenStore, tokensOf } from "./providers/sign-in/token-store.ts";
import { badSettings } from "./run.ts";

/** `npm run login -- qwen`: signs the operator in by device flow, with a client of the operator's own. */

const outcomes: Readonly<Record<SignInErrorKind, TextKey>> = {
	pending: "login.network",
	"slow-down": "login.network",
	denied: "login.denied",
	expired: "login.expired",
	refused: "login.refused",
	busy: "login.busy",
	network: "login.network",
	aborted: "login.aborted",
};

async function main(): Promise<number> {
	const names = providerSpecs.filter((spec) => spec.signIn).map((spec) => spec.name);
	const name = process.argv[2]?.toLowerCase() ?? "";
	if (process.argv.length !== 3 || !names.includes(name)) {
		return fail(1, say(voice, "login.usage", { names: names.join(" | ") }));
	}

	tell(say(voice, "login.notice"));
	let config: Config;
	try {
		config = readConfig(loadEnvironment());
	} catch (error) {
		if (error instanceof ConfigError) return fail(badSettings, error.message);
		throw error;
	}
	const settings = config.providers.find((provider) => provider.name === name)?.signIn;
	if (!settings && config.providerProblems.length > 0) {
		return fail(badSettings, new ConfigError(config.providerProblems).message);
	}
	if (!settings) return fail(badSettings, say(voice, "login.needed"));
	const server = createAuthorizationServer({ settings, clock, fetch: globalThis.fetch });
	return login(server, config.dataDirectory, name);
}

async function login(server: AuthorizationServer, dataDirectory: string, name: string): Promise<number> {
	const stop = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
	const store = createTokenStore(dataDirectory, name, clock);
	try {
		const answer = await signIn({ server, clock, random: Math.random }, show, stop.signal);
		await store.locked(async () => store.write(tokensOf(answer, clock.now())));
	} catch (error) {
		if (error instanceof SignInError) return fail(1, say(voice, outcomes[error.kind]));
		return fail(1, say(voice, "login.unsaved", { path: store.path }));
	}
	tell(say(voice, "login.done", { path: store.path }));
	return 0;
}

function show({ address, completeAddress, userCode, expiresInSeconds }: DeviceAuthorization): void {
	tell(say(voice, "login.open", { address: printable(address), code: printable(userCode) }));
	if (completeAddress) tell(say(voice, "login.openComplete", { address: printable(completeAddress) }));
	tell(say(voice, "login.waiting", { duration: formatDuration(voice, expiresInSeconds) }));
}

/** The server's words reach the terminal: none of them commands it. */
function printable(text: string): string {
	return text.replace(/\p{C}/gu, "");
}

function tell(sentence: string): void {
	process.stdout.write(`${sentence}\n`);
}

function fail(code: number, sentence: string): number {
	process.stderr.write(`${sentence}\n`);
	return code;
}

process.exitCode = await main();
