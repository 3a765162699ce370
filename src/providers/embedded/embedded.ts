import { type Answer, createAnswer, type Piece } from "../answer.ts";
import { createWatch, type Deadlines, type Watch } from "../deadlines.ts";
import { providerErrorOf } from "../errors.ts";
import type { ClientParts } from "../guards.ts";
import { type CallOptions, type ChatRequest, type Completion, type Provider, ProviderError } from "../provider.ts";
import { planOf } from "./examine-model.ts";
import { ModelError } from "./faults.ts";
import type { Report } from "./messages.ts";
import { startWorker, type WorkerProcess } from "./worker-process.ts";

/** Of a machine without a graphics card: the first word waits until the model is loaded and the question is read. */
const deadlines: Deadlines = {
	firstDataMilliseconds: 120_000,
	idleMilliseconds: 120_000,
	totalMilliseconds: 900_000,
};

/**
 * The model in `settings.modelFile`, in a process of its own. Nothing is loaded before the first call; then it stays. It
 * answers one call after another. A model that cannot be run rejects with ModelError, and the next call tries again.
 */
export function createEmbedded(parts: ClientParts): Provider["complete"] {
	const { spec, settings, clock } = parts;
	let worker: WorkerProcess | undefined;
	let lastTurn: Promise<void> = Promise.resolve();
	parts.end?.addEventListener("abort", () => worker?.kill(), { once: true });

	function aliveWorker(): WorkerProcess {
		if (!worker?.isAlive()) worker = startWorker(planOf(settings, parts.dataDirectory), clock);
		return worker;
	}

	return async (_model, request, options = {}) => {
		const turn = Promise.withResolvers<void>();
		const previousTurn = lastTurn;
		lastTurn = previousTurn.then(() => turn.promise);
		let asked: WorkerProcess | undefined;
		try {
			await unlessAborted(previousTurn, options.signal);
			if (options.signal?.aborted) throw new ProviderError("aborted", `${spec.name}: ended before the call`);
			asked = aliveWorker();
			return await answerWith(asked, parts, request, options);
		} finally {
			/** An aborted call ends at once, the engine a moment later. */
			if (asked) asked.idle().then(turn.resolve);
			else turn.resolve();
		}
	};
}

/** Resolves when the turn has come or the signal aborts. */
async function unlessAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
	const aborted = Promise.withResolvers<void>();
	const giveUp = (): void => aborted.resolve();
	if (signal?.aborted) giveUp();
	signal?.addEventListener("abort", giveUp, { once: true });
	await Promise.race([turn, aborted.promise]);
	signal?.removeEventListener("abort", giveUp);
}

async function answerWith(
	worker: WorkerProcess,
	parts: ClientParts,
	request: ChatRequest,
	{ signal, onText }: CallOptions,
): Promise<Completion> {
	const watch = createWatch(parts.clock, deadlines, signal);
	const answer = createAnswer(parts.spec.name, request, onText);
	try {
		for await (const report of worker.ask({ type: "question", ...request }, watch.signal)) {
			watch.sawData();
			if (!answer.add(pieceOf(report, parts.spec.name))) break;
		}
		if (!answer.isWhole() && !worker.isAlive()) throw deathOf(answer, parts);
		return answer.complete([]);
	} catch (error) {
		if (error instanceof ModelError) worker.kill();
		throw failureOf(error, watch, answer, parts);
	} finally {
		watch.stop();
		worker.stop();
	}
}

/** Throws a ProviderError where the report is none of an answer. */
function pieceOf(report: Report, provider: string): Piece {
	switch (report.type) {
		case "sign":
			return {};
		case "text":
			return report.isReasoning ? { reasoning: report.text } : { text: report.text };
		case "end":
			return report;
		case "too-long":
			throw new ProviderError("context", `${provider}: longer than the context`);
		case "not-loaded":
			throw new ModelError(provider, report.fault);
		case "stopped":
		case "failed":
			throw new ProviderError("overload", `${provider}: the engine failed`);
	}
}

/** The process is gone: it died of the model before it said anything, or in the middle of an answer. */
function deathOf(answer: Answer, { spec, settings }: ClientParts): ProviderError {
	if (answer.usage().outputTokens > 0) return new ProviderError("network", `${spec.name}: the engine's process ended`);
	return new ModelError(spec.name, { name: "crashed", values: { path: settings.modelFile ?? "" } });
}

function failureOf(error: unknown, watch: Watch, answer: Answer, { spec, clock }: ClientParts): ProviderError {
	if (error instanceof ModelError) return error;
	const usage = answer.usage();
	if (watch.reason() === "aborted") return new ProviderError("aborted", `${spec.name}: ended by the caller`, { usage });
	if (watch.reason() === "timeout") return new ProviderError("timeout", `${spec.name}: no answer in time`, { usage });
	const { kind, message } = providerErrorOf(error, { ...spec, now: clock.now() });
	return new ProviderError(kind, message, { usage });
}
