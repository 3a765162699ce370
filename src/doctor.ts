import { systemClock as clock } from "./clock.ts";
import { type Config, ConfigError, loadEnvironment, readConfig } from "./config.ts";
import { createLog } from "./log.ts";
import { createProviders, findProviders } from "./providers/index.ts";
import { createClockSkew } from "./setup/clock-skew.ts";
import { examineChannels } from "./setup/examine-channels.ts";
import { examineProvider } from "./setup/examine-provider.ts";
import { examineStore } from "./setup/examine-store.ts";
import { broken, type Finding, fine, note } from "./setup/finding.ts";

/** `npm run doctor`: looks at settings, store, tokens and providers, one German line each with the step that mends it. */
async function examine(): Promise<readonly Finding[]> {
	let config: Config;
	try {
		config = readConfig(loadEnvironment());
	} catch (error) {
		if (error instanceof ConfigError) return error.problems.map(wrong);
		throw error;
	}
	return [
		...(config.providerProblems.length > 0 ? config.providerProblems.map(wrong) : [fine("doctor.settings")]),
		...examineStore(config.dataDirectory),
		...(await examineChannels(config.channels, clock)),
		...(await examineProviders(config)),
	];
}

function wrong(text: string): Finding {
	return { mark: "⛔", text };
}

async function examineProviders(config: Config): Promise<readonly Finding[]> {
	const { eurPerUsd, dataDirectory, defaultRegions } = config;
	const log = createLog("silent", config.secrets);
	const settings = await findProviders(config.providers, { clock, log });
	if (settings.length === 0) return config.providerProblems.length > 0 ? [] : [broken("config.noProvider")];
	const skew = createClockSkew(clock, globalThis.fetch);
	const providers = createProviders(settings, { clock, log, eurPerUsd, dataDirectory, fetch: skew.fetch });
	const findings = await Promise.all(providers.map(examineProvider));
	const onConsent = providers.filter(({ region }) => !defaultRegions.includes(region));
	return [
		...findings.flat(),
		...onConsent.map(({ label }) => note("doctor.providerOnConsent", { provider: label })),
		...skew.findings(),
	];
}

const findings = await examine();
process.stdout.write(`${findings.map(({ mark, text }) => `${mark} ${text}`).join("\n")}\n`);
process.exitCode = findings.some(({ mark }) => mark === "⛔") ? 1 : 0;
