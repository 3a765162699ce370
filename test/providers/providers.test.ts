import type { Clock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders, providerSpecs } from "../../src/providers/index.ts";
import type { Provider } from "../../src/providers/provider.ts";
import type { Protocol, ProviderSpec } from "../../src/providers/spec.ts";
import { describeProvider, type ProviderUnderTest, secretKey } from "../contracts/provider.ts";
import { createFakeLanguageModel } from "../fakes/language-model.ts";
import { createFakeOllama } from "../fakes/language-model-ollama.ts";

const log = createLog("silent", []);

/** A provider that is a program has no server to stand in for. */
for (const spec of providerSpecs.filter(({ protocol }) => protocol !== "command")) {
	if (spec.protocol !== "ask") describeProvider(spec.name, () => setUpOpenAi(spec));
	else {
		describeProvider(`${spec.name} (OpenAI-compatible)`, () => setUpOpenAi(spec));
		describeProvider(`${spec.name} (Ollama)`, () => setUpOllama(spec));
	}
}

async function setUpOpenAi(spec: ProviderSpec): Promise<ProviderUnderTest> {
	const models = spec.models.map(({ id }) => id);
	const server = await createFakeLanguageModel({
		models,
		knownFields: Object.keys(spec.extraBody?.(models[0] ?? "") ?? {}),
		...(spec.needsKey ? { apiKey: secretKey } : {}),
	});
	return {
		create: (clock) => createOne(spec, server.baseUrl, "openai", clock),
		next: (behaviour) => server.next(spec.name === "mistral" ? { usage: "unasked", ...behaviour } : behaviour),
		requests: server.requests,
		stop: server.close,
	};
}

async function setUpOllama(spec: ProviderSpec): Promise<ProviderUnderTest> {
	const server = await createFakeOllama({ models: spec.models.map(({ id }) => id) });
	return {
		create: (clock) => createOne(spec, server.origin, "ollama", clock),
		next: server.next,
		requests: server.chats,
		stop: server.close,
	};
}

function createOne(spec: ProviderSpec, baseUrl: string, protocol: Protocol, clock: Clock): Provider {
	const settings = { name: spec.name, baseUrl, protocol, ...(spec.needsKey ? { apiKey: secretKey } : {}) };
	const [provider] = createProviders([settings], { clock, log, eurPerUsd: 0.87, dataDirectory: "" });
	if (!provider) throw new Error(`no provider ${spec.name}`);
	return provider;
}
