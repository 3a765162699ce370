import type { ChatMessage } from "../provider.ts";
import type { ModelPlan } from "./examine-model.ts";
import type { ModelFault } from "./faults.ts";

/** What this process and the one with the model say to each other. */

export interface LoadOrder {
	readonly type: "load";
	readonly plan: ModelPlan;
}

export interface Question {
	readonly type: "question";
	readonly messages: readonly ChatMessage[];
	readonly maxTokens: number;
}

/** Ends the answer that is being given, if any. */
interface StopOrder {
	readonly type: "stop";
}

export type Order = LoadOrder | Question | StopOrder;

/** `sign`: still loading or reading the question. */
type Sign = { readonly type: "sign" } | { readonly type: "text"; readonly text: string; readonly isReasoning: boolean };

/** The last word on a question. Each question gets exactly one, as long as the process lives. */
export type Ending =
	| {
			readonly type: "end";
			readonly finishReason: "stop" | "length";
			readonly usage: { readonly input: number; readonly output: number };
	  }
	| { readonly type: "stopped" }
	/** The question does not fit into the context. */
	| { readonly type: "too-long" }
	/** The engine threw in the middle of an answer. */
	| { readonly type: "failed" }
	| { readonly type: "not-loaded"; readonly fault: ModelFault };

export type Report = Sign | Ending;
