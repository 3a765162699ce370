import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer, Message } from "../../src/assistant/message.ts";
import { type Answering, createInbox, type Inbox } from "../../src/inbox/inbox.ts";
import { createJournal } from "../../src/inbox/journal.ts";
import { ChannelError } from "../../src/inbox/reply.ts";
import { createLog } from "../../src/log.ts";
import { type Database, openDatabase } from "../../src/stores/database.ts";
import { createVirtualClock, type VirtualClock } from "../fakes/clock.ts";
import { createMemoryChat, type MemoryChat, messageOf } from "../fakes/replies.ts";

const silent = createLog("silent", []);
let folder: string;
let database: Database;
let clock: VirtualClock;
let chat: MemoryChat;
/** Questions the assistant was asked, and the open answers by question. */
let asked: string[];
let answers: Map<string, (answer: Answer | Error) => void>;

const assistant: Answering = {
	answer: (message, _live, signal) => {
		asked.push(message.text);
		return new Promise((resolve, reject) => {
			answers.set(message.text, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
			signal.addEventListener("abort", () => reject(new Error("stopping")), { once: true });
		});
	},
	isUrgent: (message: Message) => message.text === "/status",
	apology: async () => ({ text: "Entschuldigung" }),
	tooMany: async () => ({ text: "zu viele" }),
	waitingNotice: async () => "wartet",
};

function start(): Inbox {
	const journal = createJournal(database, clock);
	return createInbox({ journal, channels: new Map([["memory", chat]]), assistant, clock, log: silent });
}

async function answer(question: string, text: string | Error): Promise<void> {
	answers.get(question)?.(text instanceof Error ? text : { text });
	await clock.advance(0);
}

const states = (): unknown[] =>
	database.sql
		.prepare("SELECT state FROM journal ORDER BY position")
		.all()
		.map((row) => row.state);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "inbox-"));
	database = openDatabase(join(folder, "state.sqlite"));
	clock = createVirtualClock();
	chat = createMemoryChat();
	asked = [];
	answers = new Map();
});
afterEach(() => {
	database.close();
	rmSync(folder, { recursive: true });
});

describe("the inbox", () => {
	it("answers the messages of one conversation in order and those of two at the same time", async () => {
		const inbox = start();
		const elsewhere = messageOf("c", { conversation: "memory:2", author: "memory:2" });
		inbox.accept([messageOf("a"), messageOf("b"), elsewhere]);
		await clock.advance(0);
		expect(asked).toEqual(["a", "c"]);
		await answer("c", "C");
		await answer("a", "A");
		await answer("b", "B");
		expect(chat.finished.map(({ text }) => text)).toEqual(["C", "A", "B"]);
		expect(states()).toEqual(["delivered", "delivered", "delivered"]);
	});

	it("answers a message that is delivered twice only once, also after a restart", async () => {
		const message = messageOf("a");
		const first = start();
		first.accept([message]);
		first.accept([message]);
		await clock.advance(0);
		await answer("a", "A");
		start().accept([message]);
		await clock.advance(0);
		expect(asked).toEqual(["a"]);
		expect(chat.finished).toHaveLength(1);
	});

	it("writes a batch as a whole or not at all", () => {
		const inbox = start();
		const broken = { ...messageOf("b"), text: 1n } as unknown as Message;
		expect(() => inbox.accept([messageOf("a"), broken])).toThrow();
		expect(states()).toEqual([]);
	});

	it("lets /status overtake what waits", async () => {
		const inbox = start();
		inbox.accept([messageOf("a"), messageOf("b"), messageOf("/status")]);
		await clock.advance(0);
		expect(asked).toEqual(["a", "/status"]);
	});

	it("says so when a message waits long behind another one, and not when its turn has come", async () => {
		const inbox = start();
		const waiting = messageOf("b");
		inbox.accept([messageOf("a"), waiting, messageOf("c")]);
		await clock.advance(7_000);
		expect(chat.shown).toEqual([]);
		await answer("a", "A");
		await clock.advance(9_000);
		expect(chat.shown.map(({ text }) => text)).toEqual(["wartet"]);
		expect(chat.shown[0]?.id).not.toBe(waiting.id);
	});

	it("tells a person once that too many of their messages wait, and takes new ones up later", async () => {
		const inbox = start();
		inbox.accept(Array.from({ length: 25 }, (_, number) => messageOf(`q${number}`)));
		await clock.advance(0);
		expect(chat.finished.map(({ text }) => text)).toEqual(["zu viele", null, null, null, null]);
		await answer("q0", "A0");
		inbox.accept([messageOf("later")]);
		for (let number = 1; number < 20; number++) await answer(`q${number}`, "A");
		expect(asked).toContain("later");
	});

	it("does not count messages of others against a person", async () => {
		const inbox = start();
		inbox.accept(Array.from({ length: 20 }, (_, number) => messageOf(`q${number}`)));
		inbox.accept([messageOf("other", { author: "memory:2", conversation: "memory:2" })]);
		await clock.advance(0);
		expect(asked).toContain("other");
	});

	it("tries an answer that fails three times, then apologises once and keeps the question", async () => {
		const inbox = start();
		inbox.accept([messageOf("poison")]);
		for (let attempt = 1; attempt <= 3; attempt++) {
			await clock.advance(2_000);
			await answer("poison", new Error("defect"));
		}
		await clock.advance(2_000);
		expect(asked).toHaveLength(3);
		expect(chat.finished.map(({ text }) => text)).toEqual(["Entschuldigung"]);
		expect(states()).toEqual(["failed"]);
		expect(String(database.sql.prepare("SELECT message FROM journal").get()?.message)).toContain("poison");
	});

	it("forgets the text of what was delivered", async () => {
		start().accept([messageOf("geheim")]);
		await clock.advance(0);
		await answer("geheim", "auch geheim");
		expect(JSON.stringify(database.sql.prepare("SELECT * FROM journal").all())).not.toContain("geheim");
	});

	it("takes up after a crash what was not answered, and delivers a stored answer without asking again", async () => {
		chat.refuse = () => new ChannelError("network", "down");
		const crashed = start();
		crashed.accept([messageOf("a"), messageOf("b")]);
		await clock.advance(0);
		await answer("a", "A");
		asked = [];
		chat.refuse = () => undefined;

		const next = start();
		expect(next.resume("memory")).toBe(2);
		await clock.advance(0);
		await answer("b", "B");
		expect(asked).toEqual(["b"]);
		expect(chat.finished.map(({ text }) => text).slice(0, 2)).toEqual(["A", "B"]);
	});

	it("leaves rows of other channels alone", async () => {
		start().accept([messageOf("a")]);
		expect(start().resume("telegram")).toBe(0);
	});

	it("waits as long as the platform asks before it delivers again", async () => {
		chat.refuse = () => new ChannelError("flood", "wait", { retryAfterSeconds: 90 });
		start().accept([messageOf("a")]);
		await clock.advance(0);
		await answer("a", "A");
		chat.refuse = () => undefined;
		await clock.advance(89_000);
		expect(chat.finished).toEqual([]);
		await clock.advance(1_000);
		expect(chat.finished.map(({ text }) => text)).toEqual(["A"]);
	});

	it("gives up a chat in which it may not write, and leaves a revoked token to the next start", async () => {
		chat.refuse = (message) =>
			new ChannelError(message.text === "blocked" ? "forbidden" : "unauthorised", message.text);
		start().accept([messageOf("blocked"), messageOf("revoked")]);
		await clock.advance(0);
		await answer("blocked", "A");
		await answer("revoked", "B");
		expect(states()).toEqual(["failed", "answered"]);
	});

	it("ends within its grace and leaves the rest to the next start without counting the attempt", async () => {
		const inbox = start();
		inbox.accept([messageOf("a"), messageOf("b")]);
		await clock.advance(0);
		const stopped = inbox.stop(20_000);
		expect(() => inbox.accept([messageOf("c")])).toThrow();
		await clock.advance(20_000);
		await stopped;
		expect(asked).toEqual(["a"]);
		// The second one had shown that it waits.
		expect(chat.abandoned).toHaveLength(2);
		expect(states()).toEqual(["received", "received"]);
		expect(database.sql.prepare("SELECT attempts FROM journal").get()?.attempts).toBe(0);
	});

	it("forgets ended rows after three days", async () => {
		const inbox = start();
		inbox.accept([messageOf("a")]);
		await clock.advance(0);
		await answer("a", "A");
		await clock.advance(3 * 86_400_000 + 1);
		inbox.accept([messageOf("b")]);
		expect(states()).toHaveLength(1);
	});
});
