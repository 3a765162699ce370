import type { Clock } from "../clock.ts";

export interface Deadlines {
	/** Until the first data of the answer; comments and blank lines are none. */
	readonly firstDataMilliseconds: number;
	/** Between two pieces of data. */
	readonly idleMilliseconds: number;
	readonly totalMilliseconds: number;
}

export const usualDeadlines: Deadlines = {
	firstDataMilliseconds: 10_000,
	idleMilliseconds: 15_000,
	totalMilliseconds: 180_000,
};

/** After the finish reason only the usage is still to come. */
const endMilliseconds = 2_000;

/** Watches over one call. */
export interface Watch {
	/** Aborts when a deadline passes or the caller gives up. */
	readonly signal: AbortSignal;
	/** Why the signal aborted; undefined while it has not. */
	reason(): "timeout" | "aborted" | undefined;
	sawData(): void;
	/** The answer is complete but for its usage: the wait for that is short. */
	sawEnd(): void;
	/** Ends the watch; nothing aborts from here on. */
	stop(): void;
}

/** One timer for all deadlines: it looks again when it fires, so that data costs no timer. */
export function createWatch(clock: Clock, deadlines: Deadlines, caller: AbortSignal | undefined): Watch {
	const controller = new AbortController();
	const end = clock.elapsed() + deadlines.totalMilliseconds;
	let reason: "timeout" | "aborted" | undefined;
	let hasBegun = false;
	let allowance = deadlines.firstDataMilliseconds;
	let lastSign = clock.elapsed();
	let cancelTimer: () => void;

	function abort(because: "timeout" | "aborted"): void {
		reason ??= because;
		controller.abort();
	}
	function look(): void {
		const left = Math.min(lastSign + allowance, end) - clock.elapsed();
		if (left <= 0) abort("timeout");
		else cancelTimer = clock.after(left, look);
	}
	function allow(milliseconds: number): void {
		allowance = milliseconds;
		lastSign = clock.elapsed();
		cancelTimer();
		look();
	}
	const giveUp = (): void => abort("aborted");

	cancelTimer = clock.after(allowance, look);
	if (caller?.aborted) giveUp();
	caller?.addEventListener("abort", giveUp, { once: true });

	return {
		signal: controller.signal,
		reason: () => reason,
		sawData() {
			if (!hasBegun) allow(deadlines.idleMilliseconds);
			hasBegun = true;
			lastSign = clock.elapsed();
		},
		sawEnd: () => allow(endMilliseconds),
		stop() {
			cancelTimer();
			caller?.removeEventListener("abort", giveUp);
		},
	};
}
