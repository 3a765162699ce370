import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { createAccountReader } from "./account.ts";
import { createAsking } from "./asking.ts";
import { cloudflare } from "./cloudflare.ts";
import { deepseek } from "./deepseek.ts";
import { createEmbedded } from "./embedded/embedded.ts";
import { groq } from "./groq.ts";
import type { ClientParts } from "./guards.ts";
import { ionos } from "./ionos.ts";
import { local } from "./local.ts";
import { findLocalServer, type SearchParts } from "./local-server.ts";
import { mistral } from "./mistral.ts";
import { modelsOf } from "./models.ts";
import { createOllama } from "./ollama.ts";
import { createOpenAiCompatible } from "./openai-compatible.ts";
import { openrouter } from "./openrouter.ts";
import { ovhcloud } from "./ovhcloud.ts";
import type { Provider } from "./provider.ts";
import { qwen } from "./qwen.ts";
import { qwenCli } from "./qwen-cli.ts";
import { createQwenCli } from "./qwen-cli-client.ts";
import { scaleway } from "./scaleway.ts";
import { createCredential } from "./sign-in/credential.ts";
import type { Protocol, ProviderSettings, ProviderSpec } from "./spec.ts";

/** Every provider that can be set up. A new one is a file and a line here. */
export const providerSpecs: readonly ProviderSpec[] = [
	qwen,
	groq,
	deepseek,
	mistral,
	openrouter,
	cloudflare,
	ionos,
	ovhcloud,
	scaleway,
	qwenCli,
	local,
];

export interface ProviderParts {
	readonly clock: Clock;
	readonly log: Log;
	/** For price lists in USD. */
	readonly eurPerUsd: number;
	/** DATA_DIR: where the embedded model's engine and the tokens of a sign-in lie. */
	readonly dataDirectory: string;
	/** Aborted when the providers are no longer wanted: what stays between calls ends, such as a loaded model. */
	readonly end?: AbortSignal;
	readonly fetch?: typeof globalThis.fetch;
}

const clients: Readonly<Record<Protocol, (parts: ClientParts) => Provider["complete"]>> = {
	openai: createOpenAiCompatible,
	ollama: createOllama,
	ask: createAsking,
	command: createQwenCli,
	embedded: createEmbedded,
};

/**
 * The settings that can be used: a local server is looked for or asked what it is, within half a second. Without an
 * address and without a server on loopback its settings are left out.
 */
export async function findProviders(
	settings: readonly ProviderSettings[],
	parts: SearchParts,
): Promise<readonly ProviderSettings[]> {
	const isAsked = (one: ProviderSettings): boolean => (one.protocol ?? specOf(one.name).protocol) === "ask";
	const found = settings.map((one) => (isAsked(one) ? findLocalServer(one, parts) : one));
	return (await Promise.all(found)).filter((one) => one !== undefined);
}

/** One provider for each of the settings. Nothing is called yet. */
export function createProviders(settings: readonly ProviderSettings[], parts: ProviderParts): readonly Provider[] {
	return settings.map((one) => createProvider(specOf(one.name), one, parts));
}

function createProvider(spec: ProviderSpec, settings: ProviderSettings, parts: ProviderParts): Provider {
	const models = modelsOf(spec, settings, parts.eurPerUsd);
	const reached = { spec, settings, clock: parts.clock, fetch: parts.fetch ?? globalThis.fetch };
	const { dataDirectory, end, log } = parts;
	const credential = createCredential({ ...reached, dataDirectory });
	const clientParts: ClientParts = { ...reached, dataDirectory, end, log, credential };
	const readAccount = createAccountReader(clientParts);
	return {
		name: spec.name,
		label: spec.label,
		region: settings.region ?? spec.region,
		models,
		isPaid: (settings.isPaid ?? spec.isPaid) && models.some(({ price }) => price.input > 0 || price.output > 0),
		...(spec.priceFactor ? { priceFactor: spec.priceFactor } : {}),
		complete: clients[settings.protocol ?? spec.protocol](clientParts),
		...(readAccount ? { readAccount } : {}),
	};
}

function specOf(name: string): ProviderSpec {
	const spec = providerSpecs.find((one) => one.name === name);
	if (!spec) throw new Error(`no provider is called ${name}`);
	return spec;
}
