import { type Clock, systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { createProviders } from "../../../src/providers/index.ts";
import type { CallOptions, ChatRequest, Completion } from "../../../src/providers/provider.ts";

/** A local provider with this model file, ready to be asked. */
export function createModel(
	dataDirectory: string,
	modelFile: string,
	contextTokens: number,
	{ clock = systemClock, end }: { readonly clock?: Clock; readonly end?: AbortSignal } = {},
): (request: ChatRequest, options?: CallOptions) => Promise<Completion> {
	const settings = {
		name: "local",
		baseUrl: "",
		protocol: "embedded",
		modelFile,
		models: ["tiny"],
		contextTokens,
	} as const;
	const parts = { clock, log: createLog("silent", []), eurPerUsd: 1, dataDirectory, ...(end && { end }) };
	const [provider] = createProviders([settings], parts);
	const [model] = provider?.models ?? [];
	if (!provider || !model) throw new Error("no model");
	return (request, options) => provider.complete(model, request, options);
}
