import type { Update } from "grammy/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTelegramApi } from "../../../src/channels/telegram/api.ts";
import { pollUpdates } from "../../../src/channels/telegram/polling.ts";
import type { Clock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { createFakeTelegram, type FakeTelegram } from "../../fakes/telegram.ts";

const patience = { timeout: 10_000, interval: 10 };

let clock: Clock;
let fake: FakeTelegram;
let chat: number;
let lines: string[];
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
	// Ten times as fast: a second of Telegram's takes 100 ms.
	clock = createHurriedClock(10);
	fake = await createFakeTelegram({ clock });
	chat = fake.addPrivateChat({ id: 4711 });
	lines = [];
	stop = new AbortController();
	running = Promise.resolve();
});
afterEach(async () => {
	stop.abort();
	await running;
	await fake.close();
});

interface Setting {
	readonly apiRoot?: string;
	readonly answerSeconds?: number;
	readonly conflictPauseSeconds?: number;
	readonly pollSeconds?: number;
}

function poll(receive: (updates: readonly Update[]) => void, setting: Setting = {}): Promise<void> {
	const { apiRoot = fake.apiRoot, answerSeconds = 50, conflictPauseSeconds = 1.5, pollSeconds = 20 } = setting;
	running = pollUpdates(
		{
			api: createTelegramApi({ token: fake.token, apiRoot, clock, answerSeconds }),
			clock,
			log: createLog("debug", [], (line) => lines.push(line)),
			allowedUpdates: ["message"],
			pollSeconds,
			conflictPauseSeconds,
			random: () => 0,
			receive,
		},
		stop.signal,
	);
	return running;
}

const textsOf = (updates: readonly Update[]): string[] => updates.map((update) => update.message?.text ?? "");
const offsets = () => fake.callsOf("getUpdates").map((call) => call.parameters.offset);
const warnings = () => lines.filter((line) => line.includes('"warn"')).length;

describe("the polling of Telegram", () => {
	it("hands in what came together as one batch and confirms it by the next question", async () => {
		const first = fake.say(chat, chat, "eins").update_id;
		fake.say(chat, chat, "zwei");
		const batches: string[][] = [];

		poll((updates) => {
			expect(fake.unconfirmedUpdates()).toHaveLength(2);
			batches.push(textsOf(updates));
		});

		await expect.poll(offsets, patience).toEqual([0, first + 2]);
		expect(batches).toEqual([["eins", "zwei"]]);
		expect(fake.unconfirmedUpdates()).toEqual([]);
	});

	it("confirms nothing that could not be written down, and gets it again", async () => {
		fake.say(chat, chat, "eins");
		const attempts: string[][] = [];

		poll((updates) => {
			attempts.push(textsOf(updates));
			if (attempts.length === 1) throw new Error("the disk is full");
		});

		await expect.poll(() => attempts, patience).toEqual([["eins"], ["eins"]]);
		expect(offsets().slice(0, 2)).toEqual([0, 0]);
		expect(warnings()).toBe(1);
	});

	it("asks for a place in turn while another program receives, with one line in the log", async () => {
		const conflict = {
			how: "refuse",
			code: 409,
			description: "Conflict: terminated by other getUpdates request",
		} as const;
		fake.fail("getUpdates", conflict, 3);
		fake.say(chat, chat, "eins");
		const received: string[] = [];

		poll((updates) => received.push(...textsOf(updates)));

		await expect.poll(() => received, patience).toEqual(["eins"]);
		expect(warnings()).toBe(1);
		expect(lines[0]).toContain("another program receives with the same token");
		expect(lines[0]).toContain('"pauseSeconds":1.5');
	});

	it("removes a web hook that stands in the way", async () => {
		const description = "Conflict: can't use getUpdates method while webhook is active";
		fake.fail("getUpdates", { how: "refuse", code: 409, description });
		fake.say(chat, chat, "eins");
		const received: string[] = [];

		poll((updates) => received.push(...textsOf(updates)));

		await expect.poll(() => received, patience).toEqual(["eins"]);
		expect(fake.callsOf("deleteWebhook")).toHaveLength(1);
	});

	it("hangs up by its own deadline when Telegram accepts and says nothing", async () => {
		fake.fail("getUpdates", { how: "hang" });
		fake.say(chat, chat, "eins");
		const received: string[] = [];

		poll((updates) => received.push(...textsOf(updates)), { pollSeconds: 0, answerSeconds: 3 });

		await expect.poll(() => received, patience).toEqual(["eins"]);
		expect(lines.join()).toContain("no answer in time");
	});

	it.each([
		["a gateway's page", { how: "bad-gateway" }, "invalid-json"],
		["a broken connection", { how: "reset" }, "ECONNRESET"],
		["an error of the server", { how: "refuse", code: 500, description: "Internal Server Error" }, "500"],
		[
			"a pause that Telegram asks for",
			{ how: "refuse", code: 429, description: "", parameters: { retry_after: 1 } },
			"429",
		],
	] as const)("goes on after %s", async (_, failure, reason) => {
		fake.fail("getUpdates", failure);
		fake.say(chat, chat, "eins");
		const received: string[] = [];

		poll((updates) => received.push(...textsOf(updates)));

		await expect.poll(() => received, patience).toEqual(["eins"]);
		expect(lines[0]).toContain(reason);
		expect(lines[1]).toContain("receiving again");
	});

	it("ends when the token is revoked, and never names it", async () => {
		fake.fail("getUpdates", { how: "refuse", code: 401, description: `Unauthorized: bot${fake.token}` });

		await poll(() => undefined);

		expect(lines.join()).toContain("the token is not valid");
		expect(lines.join()).not.toContain(fake.token.slice(10));
	});

	it("takes up ids that begin again after a quiet time", async () => {
		const first = fake.say(chat, chat, "eins").update_id;
		const received: string[] = [];
		poll((updates) => received.push(...textsOf(updates)), { pollSeconds: 0 });
		await expect.poll(() => offsets().slice(0, 3), patience).toEqual([0, first + 1, 0]);

		fake.restartUpdateIds(1);
		fake.say(chat, chat, "zwei");

		await expect.poll(() => received, patience).toEqual(["eins", "zwei"]);
	});

	it("stops at once and confirms what it handed in, but nothing that came meanwhile", async () => {
		fake.say(chat, chat, "eins");
		const received: string[] = [];
		poll((updates) => {
			received.push(...textsOf(updates));
			stop.abort();
			fake.say(chat, chat, "zwei");
		});

		await running;

		expect(received).toEqual(["eins"]);
		expect(textsOf(fake.unconfirmedUpdates())).toEqual(["zwei"]);
	});

	it("does not wait long for the last confirmation", async () => {
		fake.say(chat, chat, "eins");
		const batches: Update[] = [];
		const ended = poll((updates) => void batches.push(...updates));
		await expect.poll(() => batches.length, patience).toBe(1);
		fake.fail("getUpdates", { how: "hang" });

		const begin = clock.elapsed();
		stop.abort();
		await ended;

		expect(clock.elapsed() - begin).toBeLessThan(40_000);
	});
});
