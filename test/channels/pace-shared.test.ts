import { beforeEach, describe, expect, it } from "vitest";
import { type CallPurpose, createPace, discordPace, discordSharedLimit, type Pace } from "../../src/channels/pace.ts";
import { createVirtualClock, type VirtualClock } from "../fakes/clock.ts";

let clock: VirtualClock;
let pace: Pace;

beforeEach(() => {
	clock = createVirtualClock();
	pace = createPace(clock, discordSharedLimit);
});

/** When the calls of many chats went out: each chat asks as often as it is told to. */
async function callsOf(chats: number, seconds: number, purpose: CallPurpose = "final"): Promise<number[]> {
	const times: number[] = [];
	for (let step = 0; step < seconds * 50; step++) {
		for (let chat = 0; chat < chats; chat++)
			if (pace.take(`chat ${chat}`, discordPace, purpose) === true) times.push(clock.elapsed());
		await clock.advance(20);
	}
	return times;
}

describe("a platform that names a limit for all chats", () => {
	it("is never asked more often in any second, and hardly less often when many chats have something to say", async () => {
		const times = await callsOf(300, 10);

		for (const start of times)
			expect(times.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(50);
		expect(times.length).toBeGreaterThanOrEqual(400);
	});

	it("hears final texts before growing ones", async () => {
		let chat = 0;
		while (pace.take(`chat ${chat}`, discordPace, "final") === true) chat++;
		await clock.advance(25);

		expect(pace.take("growing", discordPace, "show")).toEqual({ waitMilliseconds: 25 });
		expect(pace.take("done", discordPace, "final")).toBe(true);
	});

	it("means one chat when it refuses one, however many of them at once", async () => {
		for (const chat of ["x", "y", "z"]) pace.flood(chat, 30, false);

		expect((await callsOf(100, 5)).length).toBeGreaterThan(200);
	});

	it("stops everybody when it says so", async () => {
		pace.flood("x", 5, true);

		expect(await callsOf(100, 5)).toEqual([]);
	});
});
