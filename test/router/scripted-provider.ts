import type {
	CallOptions,
	ChatRequest,
	Completion,
	Model,
	Provider,
	ProviderError,
	Region,
	Task,
} from "../../src/providers/provider.ts";
import { tasks } from "../../src/providers/provider.ts";

/** What one call does: answer with a text, fail, or whatever a function makes of it. */
type Step =
	| string
	| ProviderError
	| Partial<Completion>
	| ((request: ChatRequest, options: CallOptions) => Promise<Partial<Completion>>);

export interface ScriptedProvider extends Provider {
	readonly calls: { readonly model: string; readonly request: ChatRequest }[];
	/** Steps of the next calls; the last one repeats. */
	script(...steps: Step[]): void;
}

export function createModel(id: string, facts: Partial<Model> = {}): Model {
	return {
		id,
		quality: quality(0.8),
		tokensPerSecond: 100,
		price: { input: 0, output: 0 },
		contextTokens: 8_000,
		maxAnswerTokens: 1_000,
		limits: [],
		...facts,
	};
}

export function quality(value: number): Readonly<Record<Task, number>> {
	return Object.fromEntries(tasks.map((task) => [task, value])) as Record<Task, number>;
}

/** A provider in this process that plays a script: what the router knows of a provider is the contract alone. */
export function createScriptedProvider(
	name: string,
	{
		region = "eu",
		models = [createModel(`${name}-model`)],
		isPaid = false,
	}: { region?: Region; models?: readonly Model[]; isPaid?: boolean } = {},
): ScriptedProvider {
	let steps: Step[] = [{}];
	const calls: ScriptedProvider["calls"] = [];
	return {
		name,
		label: name.toUpperCase(),
		region,
		models,
		isPaid,
		calls,
		script: (...next) => {
			steps = next;
		},
		async complete(model, request, options = {}) {
			calls.push({ model: model.id, request });
			const step = steps.length > 1 ? steps.shift() : steps[0];
			if (step instanceof Error) throw step;
			const told = typeof step === "function" ? await step(request, options) : step;
			const completion: Completion = {
				text: `Antwort von ${name}`,
				finishReason: "stop",
				usage: { inputTokens: 10, outputTokens: 20, isEstimated: false },
				observed: [],
				...(typeof told === "string" ? { text: told } : told),
			};
			options.onText?.(completion.text);
			return completion;
		},
	};
}
