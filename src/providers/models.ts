import { type Model, type Task, tasks } from "./provider.ts";
import type { ProviderSettings, ProviderSpec } from "./spec.ts";

/** The models of a provider, in order of quality, with prices in EUR and with what the operator knows better. */
export function modelsOf(spec: ProviderSpec, settings: ProviderSettings, eurPerUsd: number): readonly Model[] {
	const { contextTokens, limits } = settings;
	const rate = spec.currency === "USD" ? eurPerUsd : 1;
	return chosenModels(spec, settings.models).map((model) => ({
		...model,
		price: { input: model.price.input * rate, output: model.price.output * rate },
		...(contextTokens === undefined ? {} : { contextTokens }),
		...(limits === undefined ? {} : { limits, areLimitsConfigured: true as const }),
	}));
}

/** The spec's models, or those with the given ids: their order is an order of quality, whatever the table says. */
function chosenModels(spec: ProviderSpec, ids: readonly string[] | undefined): readonly Model[] {
	if (ids === undefined) return spec.models;
	const models: Model[] = [];
	for (const id of ids) {
		const known = spec.models.find((model) => model.id === id) ?? unknownModel(spec, id);
		const better = models.at(-1);
		models.push(better ? { ...known, quality: slightlyBelow(better, known) } : known);
	}
	return models;
}

function unknownModel({ unknownModel, freeModels }: ProviderSpec, id: string): Model {
	const model = { ...unknownModel, id };
	return freeModels?.pattern.test(id) ? { ...model, price: { input: 0, output: 0 }, limits: freeModels.limits } : model;
}

function slightlyBelow(better: Model, model: Model): Record<Task, number> {
	const entries = tasks.map((task) => [task, Math.max(0, Math.min(model.quality[task], better.quality[task] - 0.02))]);
	return Object.fromEntries(entries) as Record<Task, number>;
}
