import type { Model } from "./provider.ts";
import { isCloudModel, judged, type ProviderSpec } from "./spec.ts";

/** Context of a local model when LOCAL_CONTEXT_TOKENS says nothing: fits the memory of most machines. */
const contextTokens = 8_192;

function localModel(id: string, quality: Model["quality"], tokensPerSecond: number): Model {
	return {
		id,
		quality,
		tokensPerSecond,
		price: { input: 0, output: 0 },
		contextTokens,
		maxAnswerTokens: 1_000,
		limits: [],
	};
}

/** Judged on secondary evidence (2026-11); speeds of a machine without a graphics card. */
const knownModels: readonly Model[] = [
	localModel("gemma4:26b", judged(0.74, { coding: 0.68, reasoning: 0.7 }), 12),
	localModel("gemma4:12b", judged(0.68, { coding: 0.6, reasoning: 0.62 }), 6),
	localModel("gpt-oss:20b", judged(0.62, { writing: 0.54, translation: 0.56 }), 10),
	localModel("qwen3.5:9b", judged(0.6), 8),
	localModel("gemma4:e4b", judged(0.58, { coding: 0.48, reasoning: 0.48 }), 14),
	localModel("ministral-3:8b", judged(0.56), 8),
];

/** Stands for whatever the server offers, until it could be asked. */
export const unnamedModel = "local";

export const local: ProviderSpec = {
	name: "local",
	label: "Lokal",
	region: "local",
	protocol: "ask",
	baseUrl: "",
	needsKey: false,
	currency: "EUR",
	isPaid: false,
	contextTokens,
	models: knownModels,
	unknownModel: localModel("", judged(0.5), 10),
	/** A model may have to be loaded first. */
	deadlines: { firstDataMilliseconds: 60_000, totalMilliseconds: 600_000 },
	locate(read, baseUrl = "") {
		const modelFile = read("LOCAL_MODEL_FILE");
		if (modelFile !== undefined) {
			if (baseUrl !== "") return [{ key: "config.localFileAndAddress", values: {} }];
			return { baseUrl, region: "local", protocol: "embedded", modelFile, models: [nameOf(modelFile)] };
		}
		if (read("LOCAL_BASE_URL")?.toLowerCase() === "off") return undefined;
		if ((read("LOCAL_MODEL") ?? "").split(",").some((id) => isCloudModel(id.trim()))) {
			return [{ key: "config.localCloudModel", values: { variable: "LOCAL_MODEL" } }];
		}
		if (read("LOCAL_API_KEY") !== undefined && baseUrl === "") {
			return [{ key: "config.keyMissing", values: { variable: "LOCAL_BASE_URL", other: "LOCAL_API_KEY" } }];
		}
		return { baseUrl: baseUrl.replace(/\/(v1|api)$/, ""), region: "local" };
	},
};

/** Without folder and ending. */
function nameOf(modelFile: string): string {
	return modelFile.replace(/^.*[\\/]/, "").replace(/\.gguf$/i, "");
}
