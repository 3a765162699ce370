import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
	type CallPurpose,
	type ChatPace,
	createPace,
	discordPace,
	type Pace,
	telegramGroupPace,
	telegramPrivatePace,
} from "../../src/channels/pace.ts";
import { createVirtualClock, type VirtualClock } from "../fakes/clock.ts";

let clock: VirtualClock;
let pace: Pace;

beforeEach(() => {
	clock = createVirtualClock();
	pace = createPace(clock);
});

const take = (chat: string, purpose: CallPurpose = "final", limits: ChatPace = telegramPrivatePace) =>
	pace.take(chat, limits, purpose);

/** Calls that get through in a row, until the first that has to wait. */
function callsInARow(chat: string, purpose: CallPurpose = "final", limits: ChatPace = telegramPrivatePace): number {
	let calls = 0;
	while (take(chat, purpose, limits) === true) calls++;
	return calls;
}

/** What `chats` get through together in `seconds` when all of them ask all the time. */
async function callsOf(chats: readonly string[], seconds: number, purpose: CallPurpose = "final"): Promise<number> {
	let calls = 0;
	for (let tenth = 0; tenth < seconds * 10; tenth++) {
		for (const chat of chats) calls += callsInARow(chat, purpose);
		await clock.advance(100);
	}
	return calls;
}

const chatNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `chat ${index}`);

describe("the budget of one chat", () => {
	it("lets a short burst pass and then about one call a second", async () => {
		expect(callsInARow("a")).toBe(4);
		expect(await callsOf(["a"], 10)).toBe(9);
	});

	it("says exactly when to ask again", async () => {
		callsInARow("a");

		const answer = take("a");

		expect(answer).toEqual({ waitMilliseconds: 1_000 });
		await clock.advance(999);
		expect(take("a")).toEqual({ waitMilliseconds: 1 });
		await clock.advance(1);
		expect(take("a")).toBe(true);
	});

	it("keeps one call free for the final text and lets typing give way to both", () => {
		expect(callsInARow("a", "typing")).toBe(2);
		expect(callsInARow("a", "show")).toBe(1);
		expect(callsInARow("a", "final")).toBe(1);
	});

	it("is not touched by what other chats do", () => {
		for (const chat of chatNames(500)) callsInARow(chat);

		expect(callsInARow("a")).toBe(4);
	});

	it("allows a group no more than 20 calls in any minute", async () => {
		const made: number[] = [];
		for (let second = 0; second < 300; second++) {
			const calls = second % 90 < 30 ? 0 : callsInARow("g", "final", telegramGroupPace);
			for (let call = 0; call < calls; call++) made.push(second);
			await clock.advance(1_000);
		}

		const busiest = Math.max(...made.map((from) => made.filter((at) => at >= from && at < from + 60).length));
		expect(busiest).toBeLessThanOrEqual(20);
		expect(busiest).toBeGreaterThanOrEqual(18);
	});

	it("forgets chats at rest without giving them more", async () => {
		callsInARow("a");
		await clock.advance(2_000);
		for (const chat of chatNames(5_000)) take(chat);

		expect(callsInARow("a")).toBe(2);
	});
});

describe("a flood", () => {
	it("leaves that chat alone for the whole time, others not", async () => {
		take("a");
		pace.flood("a", 7, false);

		await clock.advance(6_999);
		expect(take("a")).toEqual({ waitMilliseconds: 1 });
		expect(take("b")).toBe(true);
		await clock.advance(1);
		expect(take("a")).toBe(true);
	});

	it("is never shortened by a second one", () => {
		pace.flood("a", 60, false);
		pace.flood("a", 3, false);

		expect(take("a")).toEqual({ waitMilliseconds: 60_000 });
	});

	it("is followed by one call and no burst", async () => {
		take("a");
		pace.flood("a", 20, false);
		await clock.advance(20_000);

		expect(callsInARow("a")).toBe(1);
	});

	it("that the platform calls global stops everybody for as long", async () => {
		pace.flood("a", 2, true);

		expect(await callsOf(chatNames(10), 2)).toBe(0);
		expect(await callsOf(chatNames(10), 5)).toBeGreaterThan(3);
	});
});

describe("floods that are no chat's own fault", () => {
	it("slow all chats to half of what they called, until the pause is over, and then let them go step by step", async () => {
		const busy = chatNames(20);
		await callsOf(busy, 10);
		const before = (await callsOf(busy, 5)) / 5;

		for (const chat of ["x", "y", "z"]) pace.flood(chat, 10, false);

		const during = (await callsOf(busy, 10)) / 10;
		const after = (await callsOf(busy, 5)) / 5;
		await clock.advance(20_000);
		expect(before).toBe(20);
		expect(during).toBeGreaterThan(before * 0.35);
		expect(during).toBeLessThanOrEqual(before * 0.51);
		expect(after).toBeGreaterThan(during * 1.3);
		expect(after).toBeLessThan(before * 0.85);
		expect(busy.map((chat) => callsInARow(chat))).toEqual(busy.map(() => 4));
	});

	it("never slow them below one call a second", async () => {
		await callsOf(["a"], 10);
		for (const chat of ["x", "y", "z"]) pace.flood(chat, 30, false);

		expect(await callsOf(["a", "b", "c"], 20)).toBeGreaterThanOrEqual(19);
	});

	it("halve again when they go on", async () => {
		const busy = chatNames(40);
		await callsOf(busy, 10);
		for (const chat of ["x", "y", "z"]) pace.flood(chat, 60, false);
		await callsOf(busy, 10);
		for (const chat of ["u", "v", "w"]) pace.flood(chat, 60, false);

		expect((await callsOf(busy, 10)) / 10).toBeLessThanOrEqual(10.1);
	});

	it("are not suspected when one chat is refused again and again, or several over a long time", async () => {
		for (let again = 0; again < 5; again++) pace.flood("x", 1, false);
		expect(callsInARow("b")).toBe(4);
		for (const chat of ["u", "v", "w"]) {
			pace.flood(chat, 100, false);
			await clock.advance(6_000);
		}

		expect(callsInARow("a")).toBe(4);
	});
});

describe("the platform's own count", () => {
	it("holds until its bucket is fresh again", async () => {
		take("d", "final", discordPace);
		pace.observe("d", 1, 3);

		expect(callsInARow("d", "show", discordPace)).toBe(0);
		expect(callsInARow("d", "final", discordPace)).toBe(1);
		await clock.advance(3_000);
		expect(callsInARow("d", "show", discordPace)).toBeGreaterThan(0);
	});

	it("does not forget calls that were on their way when the answer was written", () => {
		for (let call = 0; call < 3; call++) take("d", "final", discordPace);
		pace.observe("d", 4, 5);
		take("d", "final", discordPace);
		pace.observe("d", 4, 5);

		pace.observe("d", 3, 5);

		expect(callsInARow("d", "final", discordPace)).toBe(1);
		expect(take("d", "final", discordPace)).not.toBe(true);
	});
});

describe("any order of calls, floods and counts", () => {
	it("never lets a chat speak inside a pause or over its budget", async () => {
		const step = fc.oneof(
			fc.record({ take: fc.constantFrom<CallPurpose>("typing", "show", "final"), chat: fc.constantFrom("a", "b") }),
			fc.record({ flood: fc.integer({ min: 1, max: 20 }), chat: fc.constantFrom("a", "b"), all: fc.boolean() }),
			fc.record({ advance: fc.integer({ min: 0, max: 8_000 }) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
				const time = createVirtualClock();
				const tested = createPace(time);
				const silent: Record<string, number> = { a: 0, b: 0 };
				const made: { chat: string; at: number }[] = [];
				for (const one of steps) {
					if ("advance" in one) await time.advance(one.advance);
					else if ("flood" in one) {
						tested.flood(one.chat, one.flood, one.all);
						for (const chat of one.all ? ["a", "b"] : [one.chat])
							silent[chat] = Math.max(silent[chat] ?? 0, time.elapsed() + one.flood * 1_000);
					} else if (tested.take(one.chat, telegramPrivatePace, one.take) === true) {
						expect(time.elapsed()).toBeGreaterThanOrEqual(silent[one.chat] ?? 0);
						made.push({ chat: one.chat, at: time.elapsed() });
					}
				}
				for (const first of made) {
					const own = made.filter((call) => call.chat === first.chat && call.at >= first.at);
					for (const last of own) {
						const between = own.filter((call) => call.at <= last.at).length;
						expect(between).toBeLessThanOrEqual(4 + (last.at - first.at) / 1_000 + 1e-6);
					}
				}
			}),
			{ numRuns: 150 },
		);
	});
});
