/** Time as an argument: tests and the simulation pass a clock of their own. */
export interface Clock {
	/** Wall time in milliseconds since 1970. For windows and for what people read, never for deadlines. */
	now(): number;
	/** Monotonic milliseconds. For deadlines and durations: no time change moves it. */
	elapsed(): number;
	/** Calls `action` once after `milliseconds`, unless the returned function was called before. */
	after(milliseconds: number, action: () => void): () => void;
}

/** Node refuses longer timers and fires them at once instead. */
const longestTimerMilliseconds = 2_147_483_647;

export const systemClock: Clock = {
	now: () => Date.now(),
	elapsed: () => performance.now(),
	after(milliseconds, action) {
		const timer = setTimeout(action, Math.min(Math.max(milliseconds, 0), longestTimerMilliseconds));
		return () => clearTimeout(timer);
	},
};

/** Resolves after `milliseconds`, or at once when the signal aborts: look at the signal to tell the two apart. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const done = (): void => {
			cancel();
			signal?.removeEventListener("abort", done);
			resolve();
		};
		const cancel = clock.after(milliseconds, done);
		signal?.addEventListener("abort", done, { once: true });
	});
}
