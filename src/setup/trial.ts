import { ModelError } from "../providers/embedded/faults.ts";
import { createProviders } from "../providers/index.ts";
import { type Provider, ProviderError } from "../providers/provider.ts";
import { readProviderSettings } from "../providers/settings.ts";
import { examineProvider } from "./examine-provider.ts";
import type { Setup } from "./setup.ts";
import { SetupError } from "./setup-error.ts";

const trialQuestion = "Antworte in einem kurzen Satz: Was ist die Hauptstadt von Österreich?";
const trialTokens = 60;

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

/** One short call with the given settings: undefined when it works, otherwise what to do. */
export async function problemOfProvider(
	setup: Setup,
	name: string,
	values: Readonly<Record<string, string>>,
): Promise<string | undefined> {
	const provider = providerWith(setup, name, values);
	const findings = provider ? await examineProvider(provider) : [];
	return findings.find(({ mark }) => mark === "⛔")?.text;
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
