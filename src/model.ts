import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { systemClock as clock } from "./clock.ts";
import { type Config, ConfigError, environmentFile, loadEnvironment, readConfig } from "./config.ts";
import { operatorVoice, say } from "./locale.ts";
import { createLog } from "./log.ts";
import { badSettings } from "./run.ts";
import { type ModelSource, setUpLocalModel } from "./setup/local-model.ts";
import { withSetup } from "./setup/setup.ts";
import { SetupError } from "./setup/setup-error.ts";
import { wrapped } from "./setup/wrapped.ts";

/** `npm run model`: sets up the language model that runs in this process. */
async function main(): Promise<number> {
	const wish = readArguments(process.argv.slice(2));
	if (!wish) return leave(say(operatorVoice, "setup.usage"), badSettings);
	const environment = loadEnvironment();
	// A file that is gone must not keep the command from mending it.
	const config = readConfig({ ...environment, LOCAL_MODEL_FILE: "", LOCAL_BASE_URL: "off" });
	const source = sourceOf(wish.file, config, environment.LOCAL_MODEL_FILE?.trim());
	const log = createLog(config.logLevel ?? "error", config.secrets);
	const values = await withSetup({ ...config, environment, environmentFile }, { clock, log }, (setup) =>
		setUpLocalModel(setup, source, wish.isAgreed),
	);
	if (!values) return leave(say(operatorVoice, "setup.declined"), 1);
	process.stdout.write(`${say(operatorVoice, "setup.modelReady", { path: environmentFile })}\n`);
	return 0;
}

interface Wish {
	readonly file: string | undefined;
	readonly isAgreed: boolean;
}

function readArguments(args: readonly string[]): Wish | undefined {
	try {
		const options = { file: { type: "string" }, yes: { type: "boolean" } } as const;
		const { values } = parseArgs({ args: [...args], options });
		return values.file === "" ? undefined : { file: values.file, isAgreed: values.yes === true };
	} catch {
		return undefined;
	}
}

/** What is set up already is only tried again, unless another model is named. */
function sourceOf(file: string | undefined, { model }: Config, present: string | undefined): ModelSource {
	if (file !== undefined) return { file };
	return present && existsSync(present) && model.url === undefined ? { file: present } : "host";
}

function leave(sentence: string, code: number): number {
	process.stderr.write(`${wrapped(sentence, process.stderr.columns)}\n`);
	return code;
}

/** What ended the setup, as one German sentence. */
function ending(error: unknown): number {
	if (error instanceof ConfigError) return leave(error.message, badSettings);
	if (!(error instanceof SetupError)) throw error;
	return leave(error.message, error.key === "setup.nobodyToAsk" ? badSettings : 1);
}

process.exitCode = await main().catch(ending);
