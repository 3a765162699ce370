import type { TextKey, TextValues } from "../../locale.ts";
import { ProviderError, type ProviderErrorKind } from "../provider.ts";
import type { Problem } from "../spec.ts";

/** Why a model cannot be run. */
export const modelFaultNames = [
	"missing",
	"unreadable",
	"not-gguf",
	"damaged",
	"unknown-architecture",
	"no-engine",
	"engine-fails",
	"memory",
	"out-of-memory",
	"crashed",
] as const;
export type ModelFaultName = (typeof modelFaultNames)[number];

/** A fault with what its sentence names: `path`, and by its kind `architecture` or `needed` and `free` in GB. */
export interface ModelFault {
	readonly name: ModelFaultName;
	readonly values: TextValues;
}

/** What a fault means for the router, and its sentence for the operator. */
const meanings: Readonly<Record<ModelFaultName, { readonly kind: ProviderErrorKind; readonly key: TextKey }>> = {
	missing: { kind: "model-gone", key: "config.modelMissing" },
	unreadable: { kind: "model-gone", key: "config.modelUnreadable" },
	"not-gguf": { kind: "model-gone", key: "config.modelNotGguf" },
	damaged: { kind: "model-gone", key: "config.modelDamaged" },
	"unknown-architecture": { kind: "model-gone", key: "config.modelUnknown" },
	"no-engine": { kind: "model-gone", key: "config.modelNoEngine" },
	"engine-fails": { kind: "model-gone", key: "config.modelEngineFails" },
	/** Memory may become free again. */
	memory: { kind: "overload", key: "config.modelMemory" },
	"out-of-memory": { kind: "overload", key: "config.modelOutOfMemory" },
	crashed: { kind: "overload", key: "config.modelCrashed" },
};

/** The one sentence for the operator. */
export function problemOf({ name, values }: ModelFault): Problem {
	return { key: meanings[name].key, values: { variable: "LOCAL_MODEL_FILE", ...values } };
}

/** The model could not be loaded. Says in `problem` what the operator can do. */
export class ModelError extends ProviderError {
	readonly problem: Problem;

	constructor(provider: string, fault: ModelFault) {
		super(meanings[fault.name].kind, `${provider}: model cannot be run (${fault.name})`);
		this.problem = problemOf(fault);
	}
}
