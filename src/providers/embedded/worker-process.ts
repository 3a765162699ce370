import { type ChildProcess, fork } from "node:child_process";
import { on } from "node:events";
import type { Clock } from "../../clock.ts";
import type { ModelPlan } from "./examine-model.ts";
import type { Ending, Order, Question, Report } from "./messages.ts";

/** The process in which the model runs. It dies with this one and does not keep it alive. */
export interface WorkerProcess {
	isAlive(): boolean;
	/**
	 * Asks the next question, once the one before has ended. Ends with the ending, or without one when the process died.
	 * Throws the signal's AbortError; the answer then goes on until `stop`.
	 */
	ask(question: Question, signal: AbortSignal): AsyncIterable<Report>;
	/** Ends the answer that is being given. A process that neither obeys nor shows a sign is ended itself. */
	stop(): void;
	/** Resolves once no answer is being given. */
	idle(): Promise<void>;
	kill(): void;
}

/** Longest wait for a sign of a process that is told to stop: while it loads or reads it hears nothing for seconds. */
const obeyMilliseconds = 10_000;

/** Starts the process and lets it load the model. */
export function startWorker(plan: ModelPlan, clock: Clock): WorkerProcess {
	const child = fork(new URL("./worker.ts", import.meta.url), {
		/** No token and no key reaches the engine. */
		env: {},
		execArgv: [],
		stdio: ["ignore", "ignore", "ignore", "ipc"],
	});
	let answered: PromiseWithResolvers<void> | undefined;
	let cancelKill: (() => void) | undefined;

	function settle(): void {
		cancelKill?.();
		cancelKill = undefined;
		answered?.resolve();
		answered = undefined;
	}
	function send(message: Order): void {
		if (child.connected) child.send(message, (error) => error && child.kill("SIGKILL"));
	}
	function killLater(): void {
		cancelKill?.();
		cancelKill = clock.after(obeyMilliseconds, () => child.kill("SIGKILL"));
	}
	child.on("message", (report: Report) => {
		if (isEnding(report)) settle();
		else if (cancelKill && report.type === "sign") killLater();
	});
	child.on("exit", settle);
	child.on("error", settle);
	letParentEnd(child);
	send({ type: "load", plan });

	return {
		isAlive: () => child.connected && !child.killed,
		async *ask(question, signal) {
			if (!child.connected) return;
			const reports = on(child, "message", { signal, close: ["exit"] });
			answered = Promise.withResolvers();
			send(question);
			for await (const [report] of reports) {
				yield report;
				if (isEnding(report)) return;
			}
		},
		stop() {
			if (!answered) return;
			send({ type: "stop" });
			killLater();
		},
		idle: () => answered?.promise ?? Promise.resolve(),
		kill: () => void child.kill("SIGKILL"),
	};
}

function letParentEnd(child: ChildProcess): void {
	child.unref();
	child.channel?.unref();
}

function isEnding(report: Report): report is Ending {
	return report.type !== "sign" && report.type !== "text";
}
