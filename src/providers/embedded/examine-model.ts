import type { Problem, ProviderSettings } from "../spec.ts";
import { engineFolder, isEngineInstalled } from "./engine.ts";
import { type ModelFault, problemOf } from "./faults.ts";
import { freeMemory, memoryFault } from "./memory.ts";
import { isFault, type ModelFile, readModelFile } from "./model-file.ts";

/** Context of the embedded model when LOCAL_CONTEXT_TOKENS says nothing. */
const usualContextTokens = 8_192;

/** What has to be known before a model is loaded. */
export interface ModelPlan {
	/** As the operator wrote it. */
	readonly path: string;
	readonly engineFolder: string;
	/** As the operator wishes it; the model may allow less. */
	readonly contextTokens: number;
}

export function planOf({ modelFile = "", contextTokens }: ProviderSettings, dataDirectory: string): ModelPlan {
	return {
		path: modelFile,
		engineFolder: engineFolder(dataDirectory),
		contextTokens: contextTokens ?? usualContextTokens,
	};
}

/**
 * What keeps the embedded model of these settings from running, as far as that can be told within milliseconds and without
 * loading it: the file, the engine, the memory. Undefined: nothing does, or there is no such model in them.
 */
export function problemOfModel(settings: ProviderSettings, dataDirectory: string): Problem | undefined {
	if (settings.modelFile === undefined) return undefined;
	const outcome = examineModel(planOf(settings, dataDirectory));
	return isFault(outcome) ? problemOf(outcome) : undefined;
}

/** The file, with the context that the model allows. */
export function examineModel(plan: ModelPlan): (ModelFile & { readonly contextTokens: number }) | ModelFault {
	const file = readModelFile(plan.path);
	if (isFault(file)) return file;
	if (!isEngineInstalled(plan.engineFolder)) return { name: "no-engine", values: { path: plan.path } };
	const contextTokens = Math.min(plan.contextTokens, file.trainedContextTokens ?? plan.contextTokens);
	return memoryFault(file, contextTokens, freeMemory()) ?? { ...file, contextTokens };
}
