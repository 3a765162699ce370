import type { ClientParts } from "./guards.ts";
import { unnamedModel } from "./local.ts";
import { findLocalServer } from "./local-server.ts";
import { createOllama } from "./ollama.ts";
import { createOpenAiCompatible } from "./openai-compatible.ts";
import { type Provider, ProviderError } from "./provider.ts";

/** Client for a server that was silent at the start: asks what it is at each call until it answers. */
export function createAsking(parts: ClientParts): Provider["complete"] {
	let found: { readonly complete: Provider["complete"]; readonly modelId: string } | undefined;

	async function find(): Promise<typeof found> {
		const settings = await findLocalServer(parts.settings, parts);
		const modelId = settings?.models?.[0];
		if (!settings?.protocol || modelId === undefined) return undefined;
		const create = settings.protocol === "ollama" ? createOllama : createOpenAiCompatible;
		return { complete: create({ ...parts, settings }), modelId };
	}

	return async (model, request, options) => {
		found ??= await find();
		if (!found) throw new ProviderError("network", `${parts.spec.name}: nobody answers at the configured address`);
		const id = model.id === unnamedModel ? found.modelId : model.id;
		return found.complete({ ...model, id }, request, options);
	};
}
