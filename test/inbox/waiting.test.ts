import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../src/assistant/message.ts";
import { type Answering, createInbox, type Inbox } from "../../src/inbox/inbox.ts";
import { createJournal, type Journal } from "../../src/inbox/journal.ts";
import { createLog } from "../../src/log.ts";
import { type Database, openDatabase } from "../../src/stores/database.ts";
import { createVirtualClock, type VirtualClock } from "../fakes/clock.ts";
import { createMemoryChat, type MemoryChat, messageOf } from "../fakes/replies.ts";

const answerMilliseconds = 10_000;
let folder: string;
let database: Database;
let clock: VirtualClock;
let chat: MemoryChat;
let asked: string[];
/** How often this step of the journal fails before the store can write again. */
let failures: Partial<Record<keyof Journal, number>>;

/** Every answer takes ten seconds. */
const assistant: Answering = {
	answer: (message) => {
		asked.push(message.text);
		return new Promise<Answer>((resolve) => {
			clock.after(answerMilliseconds, () => resolve({ text: message.text.toUpperCase() }));
		});
	},
	isUrgent: () => false,
	apology: async () => ({ text: "Entschuldigung" }),
	tooMany: async () => null,
	waitingNotice: async () => "wartet",
};

function start(): Inbox {
	const journal = new Proxy(createJournal(database, clock), {
		get(target, name: keyof Journal) {
			const left = failures[name] ?? 0;
			if (left === 0) return target[name];
			failures[name] = left - 1;
			return () => {
				throw new Error("database or disk is full");
			};
		},
	});
	const channels = new Map([["memory", chat]]);
	return createInbox({ journal, channels, assistant, clock, log: createLog("silent", []) });
}

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "inbox-"));
	database = openDatabase(join(folder, "state.sqlite"));
	clock = createVirtualClock();
	chat = createMemoryChat();
	asked = [];
	failures = {};
});
afterEach(() => {
	database.close();
	rmSync(folder, { recursive: true });
});

describe("many messages that wait", () => {
	it("say so one after another, so that the answers stand in the order of the questions", async () => {
		const messages = Array.from({ length: 12 }, (_, number) => messageOf(`q${number}`));
		start().accept(messages);

		await clock.advance(8_500);
		const atFirst = chat.shown.map(({ id }) => id);
		await clock.advance(12 * answerMilliseconds);

		expect(atFirst).toEqual([messages[1]?.id]);
		const order = messages.map(({ id }) => id);
		expect(chat.shown.map(({ id }) => order.indexOf(id))).toEqual(
			chat.shown.map(({ id }) => order.indexOf(id)).toSorted((a, b) => a - b),
		);
		expect(chat.finished).toHaveLength(12);
	});
});

describe("a store that cannot write for a while", () => {
	it.each(["begin", "answered", "end"] as const)("delays the answer (%s) and costs no second call", async (step) => {
		failures = { [step]: 3 };
		start().accept([messageOf("a")]);

		await clock.advance(60_000);

		expect(asked).toEqual(["a"]);
		expect(chat.finished.at(-1)?.text).toBe("A");
		expect(database.sql.prepare("SELECT state FROM journal").get()).toEqual({ state: "delivered" });
	});
});
