import { writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { digest, turnsOf } from "./digest.ts";
import { type LoadedModel, loadModel, ModelFaultError } from "./loaded-model.ts";
import type { Ending, LoadOrder, Order, Question, Report } from "./messages.ts";

/**
 * The process in which the model runs, started by worker-process.ts. It is one of its own because the engine ends its
 * whole process on some damaged files, when memory runs out, and when its thread is ended in mid-answer.
 */

/** Sampling for conversation; the project has no better figures for single models. */
const sampling = { temperature: 0.7, topP: 0.95, topK: 40, repeatPenalty: false } as const;
/** With less room than this an answer is not worth beginning. */
const leastAnswerTokens = 128;
/** What templates add on the way. */
const spareTokens = 16;

function serve(report: (report: Report) => void): (order: Order) => void {
	let loading: Promise<LoadedModel> | undefined;
	let running: AbortController | undefined;
	const onSign = (): void => report({ type: "sign" });

	function load({ plan }: LoadOrder): void {
		loading = loadModel(plan, onSign);
		/** The next question hears of it. */
		loading.catch(() => undefined);
	}
	async function reply(question: Question, signal: AbortSignal): Promise<Ending> {
		try {
			if (!loading) return { type: "failed" };
			return await answer(await loading, question, signal, report);
		} catch (error) {
			if (error instanceof ModelFaultError) return { type: "not-loaded", fault: error.fault };
			return signal.aborted ? { type: "stopped" } : { type: "failed" };
		}
	}

	return (order) => {
		if (order.type === "load") return load(order);
		if (order.type === "stop") return running?.abort();
		running = new AbortController();
		reply(order, running.signal).then(report);
	};
}

async function answer(
	{ model, sequence, wrapper, chat }: LoadedModel,
	question: Question,
	signal: AbortSignal,
	report: (report: Report) => void,
): Promise<Ending> {
	const turns = turnsOf(question.messages);
	const state = wrapper.generateContextState({ chatHistory: [...turns, { type: "model", response: [] }] });
	const tokens = state.contextText.tokenize(model.tokenizer);
	const room = sequence.contextSize - tokens.length - spareTokens;
	if (room < Math.min(question.maxTokens, leastAnswerTokens)) return { type: "too-long" };
	await digest(sequence, tokens, signal, () => report({ type: "sign" }));

	const before = sequence.tokenMeter.usedOutputTokens;
	const { metadata } = await chat.generateResponse(turns, {
		...sampling,
		maxTokens: Math.min(question.maxTokens, room),
		signal,
		stopOnAbortSignal: true,
		onResponseChunk: ({ type, text }) => report({ type: "text", text, isReasoning: type === "segment" }),
	});
	if (metadata.stopReason === "abort") return { type: "stopped" };
	return {
		type: "end",
		finishReason: metadata.stopReason === "maxTokens" ? "length" : "stop",
		usage: { input: tokens.length, output: sequence.tokenMeter.usedOutputTokens - before },
	};
}

/** When the machine is short of time or memory, the main process goes first. Only Linux can be told about memory. */
async function stepBack(): Promise<void> {
	setPriority(10);
	await writeFile("/proc/self/oom_score_adj", "1000").catch(() => undefined);
}

/** The main process decides when this one ends: a Ctrl+C in the terminal reaches both. */
const leaveItToTheMainProcess = (): void => undefined;

if (process.send) {
	process.on("SIGINT", leaveItToTheMainProcess);
	process.on("SIGTERM", leaveItToTheMainProcess);
	/** At once, whatever the engine is doing: nobody is left to answer. */
	process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
	process.on(
		"message",
		serve((report) => process.send?.(report)),
	);
	stepBack();
}
