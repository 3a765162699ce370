import { describe, expect, it } from "vitest";
import { sleep, systemClock } from "../src/clock.ts";
import { createVirtualClock } from "./fakes/clock.ts";

describe("sleep", () => {
	it("ends after its time, not before", async () => {
		const clock = createVirtualClock();
		let isAwake = false;
		void sleep(clock, 1_000).then(() => {
			isAwake = true;
		});
		await clock.advance(999);
		expect(isAwake).toBe(false);
		await clock.advance(1);
		expect(isAwake).toBe(true);
	});

	it("ends at once when the signal aborts and leaves no timer behind", async () => {
		const clock = createVirtualClock();
		const stop = new AbortController();
		const slept = sleep(clock, 1_000, stop.signal);
		stop.abort();
		await slept;
		expect(clock.pendingTimers()).toBe(0);
		await sleep(clock, 1_000, stop.signal);
	});

	it("does not fire a month-long timer at once", async () => {
		let hasFired = false;
		const cancel = systemClock.after(40 * 86_400_000, () => {
			hasFired = true;
		});
		await sleep(systemClock, 20);
		cancel();
		expect(hasFired).toBe(false);
	});
});
