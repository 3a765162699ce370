import { describe, expect, it } from "vitest";
import { createWatch, type Deadlines } from "../../src/providers/deadlines.ts";
import { createVirtualClock } from "../fakes/clock.ts";

const deadlines: Deadlines = { firstDataMilliseconds: 10_000, idleMilliseconds: 15_000, totalMilliseconds: 60_000 };

describe("the deadlines of a call", () => {
	it("end a call that never begins", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		await clock.advance(9_999);
		expect(watch.reason()).toBeUndefined();
		await clock.advance(1);
		expect(watch.reason()).toBe("timeout");
		expect(watch.signal.aborted).toBe(true);
	});

	it("count silence from the last data", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		await clock.advance(9_000);
		watch.sawData();
		await clock.advance(14_000);
		watch.sawData();
		await clock.advance(14_999);
		expect(watch.reason()).toBeUndefined();
		await clock.advance(1);
		expect(watch.reason()).toBe("timeout");
	});

	it("use the shorter silence as soon as the first data has come", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, { ...deadlines, firstDataMilliseconds: 60_000 }, undefined);
		await clock.advance(1_000);
		watch.sawData();
		await clock.advance(15_000);
		expect(watch.reason()).toBe("timeout");
	});

	it("end a call that never stops", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		for (let second = 0; second < 59; second += 1) {
			await clock.advance(1_000);
			watch.sawData();
		}
		expect(watch.reason()).toBeUndefined();
		await clock.advance(1_000);
		expect(watch.reason()).toBe("timeout");
	});

	it("wait only briefly for what may come behind the finish reason", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		watch.sawData();
		watch.sawEnd();
		await clock.advance(2_000);
		expect(watch.reason()).toBe("timeout");
	});

	it("leave nothing behind when the call is over", async () => {
		const clock = createVirtualClock();
		const controller = new AbortController();
		const watch = createWatch(clock, deadlines, controller.signal);
		watch.stop();
		controller.abort();
		expect(clock.pendingTimers()).toBe(0);
		expect(watch.reason()).toBeUndefined();
	});

	it("give way to the caller", () => {
		const controller = new AbortController();
		const watch = createWatch(createVirtualClock(), deadlines, controller.signal);
		controller.abort();
		expect(watch.reason()).toBe("aborted");
	});
});
