import { availableParallelism } from "node:os";
import { loadEngine } from "./engine.ts";
import type { ChatWrapper, Engine, LlamaChat, LlamaModel, Sequence } from "./engine-types.ts";
import { examineModel, type ModelPlan } from "./examine-model.ts";
import type { ModelFault, ModelFaultName } from "./faults.ts";
import { isFault } from "./model-file.ts";

/** A model with the one conversation it has in memory. */
export interface LoadedModel {
	readonly model: LlamaModel;
	readonly sequence: Sequence;
	readonly wrapper: ChatWrapper;
	readonly chat: LlamaChat;
}

/** Thrown by `loadModel`, with everything the operator has to know. */
export class ModelFaultError extends Error {
	override readonly name = "ModelFaultError";
	readonly fault: ModelFault;

	constructor(fault: ModelFault) {
		super(fault.name);
		this.fault = fault;
	}
}

/** Loads engine and model. Calls `onSign` while it goes on. Throws only ModelFaultError. */
export async function loadModel(plan: ModelPlan, onSign: () => void): Promise<LoadedModel> {
	const file = examineModel(plan);
	if (isFault(file)) throw new ModelFaultError(file);
	const { path, architecture, contextTokens } = file;
	const fault = (name: ModelFaultName): ModelFaultError =>
		new ModelFaultError({ name, values: { path, architecture } });

	const complaints: string[] = [];
	const threads = Math.max(1, availableParallelism() - 1);
	const engine = await loadEngine(plan.engineFolder).catch(() => Promise.reject(fault("engine-fails")));
	const llama = await engine
		.getLlama({
			/** Apple's ready-built engine knows nothing but its graphics cores. */
			gpu: process.platform === "darwin" && process.arch === "arm64" ? "auto" : false,
			build: "never",
			skipDownload: true,
			progressLogs: false,
			logLevel: "error",
			logger: (_level, message) => complaints.push(message),
			maxThreads: threads,
		})
		.catch(() => Promise.reject(fault("engine-fails")));
	onSign();
	const model = await llama.loadModel({ modelPath: path, onLoadProgress: onSign }).catch((error: unknown) => {
		throw fault(error instanceof engine.InsufficientMemoryError ? "out-of-memory" : faultIn(complaints.join("\n")));
	});
	const context = await model
		.createContext({ contextSize: contextTokens, threads, failedCreationRemedy: false })
		.catch(() => Promise.reject(fault("out-of-memory")));
	const sequence = context.getSequence();
	const wrapper = chooseWrapper(engine, model);
	return { model, sequence, wrapper, chat: new engine.LlamaChat({ contextSequence: sequence, chatWrapper: wrapper }) };
}

function faultIn(complaints: string): ModelFaultName {
	if (/unknown model architecture/i.test(complaints)) return "unknown-architecture";
	return /alloc|out of memory/i.test(complaints) ? "out-of-memory" : "damaged";
}

/** For the templates that can do without thinking, or with less of it. */
const withoutThinking = {
	qwen: { thoughts: "discourage" },
	gemma4: { reasoning: false },
	harmony: { reasoningEffort: "low" },
	muse: { reasoningStrength: "low" },
	seed: { thinkingBudget: 0 },
};

/** The template that is in the model's file, as the engine's own wrapper where it has one. */
function chooseWrapper(engine: Engine, model: LlamaModel): ChatWrapper {
	const wrapper = engine.resolveChatWrapper(model, { customWrapperSettings: withoutThinking });
	if (wrapper.wrapperName !== "JinjaTemplate") return wrapper;
	const jinjaTemplate = { additionalRenderParameters: { enable_thinking: false } };
	return engine.resolveChatWrapper(model, { customWrapperSettings: { ...withoutThinking, jinjaTemplate } });
}
