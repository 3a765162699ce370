import type { Clock } from "../../src/clock.ts";

export interface VirtualClock extends Clock {
	/**
	 * Moves the time on by `milliseconds`. Timers that become due run in the order of their time, and everything that
	 * waits for a promise goes on before the next one. Resolves at the new time.
	 */
	advance(milliseconds: number): Promise<void>;
	/** Timers that still wait: what stopped cleanly has left none behind. */
	pendingTimers(): number;
	/** Milliseconds until the first of them; undefined when none waits. */
	nextTimer(): number | undefined;
}

/** A clock that stands still until a test moves it. `start` is its wall time in milliseconds since 1970. */
export function createVirtualClock(start = Date.UTC(2026, 10, 23, 12)): VirtualClock {
	const timers = new Set<{ readonly at: number; readonly action: () => void }>();
	let elapsed = 0;
	const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

	return {
		now: () => start + elapsed,
		elapsed: () => elapsed,
		after(milliseconds, action) {
			const timer = { at: elapsed + Math.max(0, milliseconds), action };
			timers.add(timer);
			return () => void timers.delete(timer);
		},
		async advance(milliseconds) {
			const end = elapsed + milliseconds;
			await settled();
			for (;;) {
				const due = [...timers].filter((timer) => timer.at <= end);
				if (due.length === 0) break;
				const next = due.reduce((first, timer) => (timer.at < first.at ? timer : first));
				timers.delete(next);
				elapsed = Math.max(elapsed, next.at);
				next.action();
				await settled();
			}
			elapsed = end;
		},
		pendingTimers: () => timers.size,
		nextTimer: () => (timers.size === 0 ? undefined : Math.min(...[...timers].map(({ at }) => at)) - elapsed),
	};
}

/** The machine's own clock, `factor` times as fast: for peers on real sockets whose pace would make a test slow. */
export function createHurriedClock(factor: number): Clock {
	const begin = performance.now();
	const start = Date.now();
	const elapsed = (): number => (performance.now() - begin) * factor;
	return {
		now: () => start + elapsed(),
		elapsed,
		after(milliseconds, action) {
			const timer = setTimeout(action, Math.max(0, milliseconds) / factor);
			return () => clearTimeout(timer);
		},
	};
}
