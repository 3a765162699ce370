import { say, type TextKey } from "../locale.ts";
import { ModelError } from "../providers/embedded/faults.ts";
import { createProviders } from "../providers/index.ts";
import { type Provider, ProviderError, type ProviderErrorKind } from "../providers/provider.ts";
import { readProviderSettings } from "../providers/settings.ts";
import type { Setup } from "./setup.ts";
import { SetupError } from "./setup-error.ts";

const trialQuestion = "Antworte in einem kurzen Satz: Was ist die Hauptstadt von Österreich?";
const trialTokens = 60;
/** Some models think before they say a word. */
const keyTrialTokens = 300;

/** Loads the model file and lets it answer. Resolves to the answer. Throws SetupError with what to do. */
export async function tryModelFile(setup: Setup, modelFile: string): Promise<string> {
	const end = new AbortController();
	const values = { LOCAL_MODEL_FILE: modelFile, LOCAL_BASE_URL: "", LOCAL_MODEL: "" };
	const provider = providerWith(setup, "local", values, end.signal);
	const [model] = provider?.models ?? [];
	if (!provider || !model) throw new SetupError("setup.modelFails", { path: modelFile });
	try {
		const messages = [{ role: "user", content: trialQuestion }] as const;
		const { text } = await provider.complete(model, { messages, maxTokens: trialTokens }, { signal: setup.signal });
		return text.trim();
	} catch (error) {
		if (setup.signal.aborted) throw new SetupError("setup.stopped");
		if (error instanceof ModelError) throw new SetupError(error.problem.key, error.problem.values, error);
		if (error instanceof ProviderError) throw new SetupError("setup.modelFails", { path: modelFile }, error);
		throw error;
	} finally {
		end.abort();
	}
}

/** What a failed trial of a key means; undefined: the key works, whatever came in between. */
const meanings: Readonly<Record<Exclude<ProviderErrorKind, "auth">, TextKey | undefined>> = {
	money: "setup.keyMoney",
	"no-allowance": "setup.keyNoModel",
	"model-gone": "setup.keyNoModel",
	network: "setup.keyNoNetwork",
	timeout: "setup.keyNoNetwork",
	"bad-request": "setup.keyStrange",
	"bad-answer": "setup.keyStrange",
	overload: undefined,
	"rate-limit": undefined,
	burst: undefined,
	"too-large": undefined,
	context: undefined,
	content: undefined,
	aborted: undefined,
};

/** One short call with the given settings: undefined when it works, otherwise what to do, `refused` for a refused key. */
export async function problemOfProvider(
	setup: Setup,
	name: string,
	values: Readonly<Record<string, string>>,
	refused: TextKey,
): Promise<string | undefined> {
	const provider = providerWith(setup, name, values);
	const [model] = provider?.models ?? [];
	if (!provider || !model) throw new Error(`${name} is not set up by ${Object.keys(values).join(", ")}`);
	try {
		const messages = [{ role: "user", content: "Hallo" }] as const;
		await provider.complete(model, { messages, maxTokens: keyTrialTokens }, { signal: setup.signal });
		return undefined;
	} catch (error) {
		if (!(error instanceof ProviderError)) throw error;
		if (setup.signal.aborted) throw new SetupError("setup.stopped");
		const meaning = error.kind === "auth" ? refused : meanings[error.kind];
		return meaning && say(setup.voice, meaning, { provider: provider.label, model: model.id });
	}
}

function providerWith(
	setup: Setup,
	name: string,
	values: Readonly<Record<string, string>>,
	end?: AbortSignal,
): Provider | undefined {
	const { settings, clock, log, fetch } = setup;
	const reading = readProviderSettings({ ...settings.environment, ...values });
	const one = reading.settings.filter((settings) => settings.name === name);
	const { eurPerUsd, dataDirectory } = settings;
	return createProviders(one, { clock, log, eurPerUsd, dataDirectory, fetch, ...(end && { end }) })[0];
}
