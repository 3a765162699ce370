import { join } from "node:path";
import { ChannelError } from "./channels/channel.ts";
import { channelSpecs } from "./channels/index.ts";
import { systemClock as clock } from "./clock.ts";
import { type Config, ConfigError, loadEnvironment, readConfig } from "./config.ts";
import { operatorVoice, say, type TextKey, type TextValues } from "./locale.ts";
import { createLog } from "./log.ts";
import { createProviders, findProviders } from "./providers/index.ts";
import { type Provider, ProviderError, type ProviderErrorKind } from "./providers/provider.ts";
import { DatabaseError, openDatabase } from "./stores/database.ts";

/** `npm run doctor`: looks at settings, store, tokens and providers, one German line each with the step that mends it. */

interface Finding {
	readonly mark: "✅" | "⚠️" | "⛔";
	readonly text: string;
}

const fine = (key: TextKey, values?: TextValues): Finding => ({ mark: "✅", text: say(operatorVoice, key, values) });
const note = (key: TextKey, values?: TextValues): Finding => ({ mark: "⚠️", text: say(operatorVoice, key, values) });
const broken = (key: TextKey, values?: TextValues): Finding => ({ mark: "⛔", text: say(operatorVoice, key, values) });

/** What a failed trial call means for the operator. */
const providerHints: Readonly<Record<ProviderErrorKind, (values: TextValues) => Finding>> = {
	auth: (values) => broken("doctor.providerAuth", values),
	money: (values) => broken("doctor.providerMoney", values),
	"no-allowance": (values) => broken("doctor.providerNoAllowance", values),
	"model-gone": (values) => broken("doctor.providerModel", values),
	network: (values) => broken("doctor.providerNetwork", values),
	timeout: (values) => broken("doctor.providerNetwork", values),
	"bad-request": (values) => broken("doctor.providerStrange", values),
	overload: (values) => note("doctor.providerBusy", values),
	"rate-limit": (values) => note("doctor.providerBusy", values),
	"bad-answer": (values) => broken("doctor.providerStrange", values),
	"too-large": (values) => fine("doctor.provider", values),
	context: (values) => fine("doctor.provider", values),
	content: (values) => fine("doctor.provider", values),
	aborted: (values) => fine("doctor.provider", values),
};

/** Enough for models that think before they say a word. */
const trialTokens = 300;

async function examine(): Promise<readonly Finding[]> {
	let config: Config;
	try {
		config = readConfig(loadEnvironment());
	} catch (error) {
		if (error instanceof ConfigError) return error.problems.map((text) => ({ mark: "⛔", text }));
		throw error;
	}
	return [
		fine("doctor.settings"),
		examineStore(config),
		...(await examineChannels(config)),
		...(await examineProviders(config)),
	];
}

function examineStore({ dataDirectory }: Config): Finding {
	const path = join(dataDirectory, "clawdbot.sqlite");
	try {
		openDatabase(path).close();
		return fine("doctor.store", { path });
	} catch (error) {
		if (!(error instanceof DatabaseError)) throw error;
		return broken(error.hint, { path });
	}
}

async function examineChannels({ channels }: Config): Promise<readonly Finding[]> {
	const findings = await Promise.all(
		channelSpecs.map(async ({ label, check, refusedHint }): Promise<Finding | undefined> => {
			try {
				const name = await check(channels, clock);
				return name === undefined ? undefined : fine("doctor.channel", { channel: label, name });
			} catch (error) {
				if (!(error instanceof ChannelError)) throw error;
				if (error.kind === "unauthorised") return broken(refusedHint);
				return broken("doctor.channelUnreachable", { channel: label });
			}
		}),
	);
	const found = findings.filter((finding) => finding !== undefined);
	return found.length > 0 ? found : [note("config.noChannel")];
}

async function examineProviders(config: Config): Promise<readonly Finding[]> {
	const log = createLog("silent", config.secrets);
	const settings = await findProviders(config.providers, { clock, log });
	if (settings.length === 0) return [broken("config.noProvider")];
	const providers = createProviders(settings, { clock, log });
	const findings = await Promise.all(providers.map(examineProvider));
	const onConsent = providers.filter(({ region }) => !config.defaultRegions.includes(region));
	return [...findings, ...onConsent.map(({ label }) => note("doctor.providerOnConsent", { provider: label }))];
}

/** A short trial call to the provider's first model. */
async function examineProvider(provider: Provider): Promise<Finding> {
	const [model] = provider.models;
	const values = { provider: provider.label, model: model?.id ?? "", variable: provider.name.toUpperCase() };
	if (!model) return broken("doctor.providerModel", values);
	try {
		await provider.complete(model, { messages: [{ role: "user", content: "Hallo" }], maxTokens: trialTokens });
		return fine("doctor.provider", values);
	} catch (error) {
		if (!(error instanceof ProviderError)) throw error;
		if (error.kind === "auth" && provider.region === "local") return broken("doctor.localAuth", values);
		return providerHints[error.kind](values);
	}
}

const findings = await examine();
process.stdout.write(`${findings.map(({ mark, text }) => `${mark} ${text}`).join("\n")}\n`);
process.exitCode = findings.some(({ mark }) => mark === "⛔") ? 1 : 0;
