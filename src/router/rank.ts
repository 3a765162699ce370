import type { Task } from "../providers/provider.ts";
import type { Demand, Mode, Route, TaskAnalysis, Wish } from "./route.ts";
import { estimateTokens } from "./tokens.ts";

/** What a score is made of, each between 0 and 1. */
interface Merits {
	/** How good the model's German answers are for this kind of task. */
	readonly quality: number;
	readonly speed: number;
	/** 1 = free. */
	readonly price: number;
	/** What is left of the tightest quota. */
	readonly share: number;
	/** The table's word. */
	readonly preference: number;
}

const byDemand: Readonly<Record<Demand, Merits>> = {
	strong: { quality: 3, speed: 0.3, price: 0.5, share: 0.5, preference: 1 },
	any: { quality: 1.5, speed: 0.6, price: 1, share: 1, preference: 0.5 },
	fast: { quality: 0.5, speed: 1.5, price: 1.5, share: 0.5, preference: 1 },
};
const byMode: Readonly<Record<Exclude<Mode, "balanced">, Merits>> = {
	quality: { quality: 6, speed: 0.1, price: 0, share: 0.2, preference: 0.1 },
	speed: { quality: 0.5, speed: 4, price: 0.2, share: 0.3, preference: 0.5 },
	thrift: { quality: 0.5, speed: 0.2, price: 4, share: 0.5, preference: 1 },
};

/** Whom the table prefers; who is not named is judged by the other merits. `overflow` follows when the preferred are out. */
const preferred: Partial<Record<Task, string>> = {
	coding: "qwen",
	reasoning: "qwen",
	complex: "qwen",
	simple: "groq",
	command: "groq",
	chat: "groq",
};
const overflow = "deepseek";
const thrifty = "local";

/**
 * The routes that may be tried, best first: those in permitted regions, nobody else. Equals keep their order.
 * `shareLeft` is asked once for each of them.
 */
export function rank(
	routes: readonly Route[],
	wish: Wish,
	task: TaskAnalysis,
	shareLeft: (route: Route) => number,
): readonly Route[] {
	const weights = wish.mode === "balanced" ? byDemand[task.demand] : byMode[wish.mode];
	return routes
		.filter((route) => wish.regions.includes(route.provider.region))
		.map((route) => ({ route, score: score(weights, meritsOf(route, wish, task, shareLeft(route))) }))
		.sort((left, right) => right.score - left.score)
		.map(({ route }) => route);
}

function meritsOf({ provider, model }: Route, wish: Wish, task: TaskAnalysis, share: number): Merits {
	const favourite = wish.mode === "thrift" ? thrifty : preferred[task.label];
	// A question that fills more than half of the context leaves no room for the conversation.
	const isTight = estimateTokens(wish.text) * 2 > model.contextTokens;
	return {
		quality: model.quality[task.label] * (isTight ? 0.3 : 1),
		// 1,000 tokens a second and more are as good as at once; the difference between 10 and 100 is what people feel.
		speed: Math.min(1, Math.log10(Math.max(1, model.tokensPerSecond)) / 3),
		price: provider.isPaid ? 1 / (1 + model.price.input + model.price.output) : 1,
		// Even a quarter is plenty: what is nearly used up is spared.
		share: Math.min(1, share * 4),
		preference: provider.name === favourite ? 1 : provider.name === overflow && favourite !== undefined ? 0.5 : 0,
	};
}

function score(weights: Merits, merits: Merits): number {
	return (Object.keys(weights) as (keyof Merits)[]).reduce((sum, merit) => sum + weights[merit] * merits[merit], 0);
}
