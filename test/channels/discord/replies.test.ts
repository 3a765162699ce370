import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecord } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import type { FakeChannel } from "../../fakes/discord-state.ts";
import { type Connected, connect, patience } from "./connected.ts";

describe("a reply in Discord", () => {
	let connected: Connected;
	let channel: FakeChannel;

	beforeEach(async () => {
		connected = await connect({ clock: createHurriedClock(20) });
		channel = connected.fake.addChannel(connected.fake.addGuild());
		await connected.start();
	});
	afterEach(async () => {
		await connected.close();
		expect(connected.fake.violations).toEqual([]);
	});

	/** Anna asks in `place`; the reply to her. */
	async function asked(place = channel) {
		const { fake } = connected;
		const count = connected.accepted.length + 1;
		const question = fake.mention(place, fake.addUser("anna"), "Was ist 7 mal 8?");
		const messages = await connected.received(count);
		const message = messages[count - 1];
		if (!message) throw new Error("nothing was accepted");
		const record = createRecord();
		return { question, message, record, reply: connected.channel.open(message, record) };
	}
	const creates = () =>
		connected.fake.calls.filter((call) => call.method === "POST" && call.path.endsWith("/messages"));

	it("answers the question itself, pings nobody and shows no previews", async () => {
		const { reply, question } = await asked();

		await reply.finish({ text: "@everyone <@&123456789012345678> siehe https://example.org" });

		const [answer] = connected.fake.visible(channel);
		expect(answer?.data.message_reference?.message_id).toBe(question.data.id);
		for (const { method, body } of connected.fake.calls.filter(({ path }) => path.includes("/messages"))) {
			expect([method, body.allowed_mentions, body.flags]).toEqual([method, { parse: [] }, 4]);
		}
	});

	it("types, shows a placeholder without text and then edits", async () => {
		const { reply } = await asked();

		reply.show("");
		await vi.waitFor(
			() => expect(connected.fake.calls.some(({ path }) => path.endsWith("/typing"))).toBe(true),
			patience,
		);
		reply.show("Das sind");
		await vi.waitFor(() => expect(connected.fake.messages(channel)).toEqual(["Das sind"]), patience);
		await reply.finish({ text: "Das sind 56." });

		expect(creates().map(({ body }) => body.content)).toEqual(["…"]);
		expect(connected.fake.messages(channel)).toEqual(["Das sind 56."]);
	});

	it("stands there once although Discord stored it and failed twice to say so", async () => {
		const { reply } = await asked();
		connected.fake.failNext({
			method: "POST",
			path: /messages$/,
			times: 2,
			takesEffect: true,
			answer: { status: 502, body: "<html>" },
		});

		await reply.finish({ text: "56" });

		expect(connected.fake.messages(channel)).toEqual(["56"]);
		const nonces = creates().map(({ body }) => String(body.nonce));
		expect(nonces).toHaveLength(3);
		expect(new Set(nonces).size).toBe(1);
		expect(nonces[0]).toMatch(/^[\w-]{25}$/);
	});

	it("stands there once although the process died before it learnt of its message", async () => {
		const { message } = await asked();
		const dead = connected.channel.open(message, { parts: [], deliveredParts: 0, save: () => undefined });
		dead.show("Das");
		await vi.waitFor(() => expect(connected.fake.messages(channel)).toEqual(["Das"]), patience);
		dead.abandon();

		await connected.channel.open(message, createRecord()).finish({ text: "56" });

		expect(connected.fake.messages(channel)).toEqual(["56"]);
	});

	it("survives the deletion of the question", async () => {
		const { reply, question } = await asked();
		question.isDeleted = true;

		await reply.finish({ text: "56" });

		expect(connected.fake.messages(channel)).toEqual(["56"]);
	});

	it("is written anew when somebody deleted what stood there", async () => {
		const { reply } = await asked();
		reply.show("Das");
		await vi.waitFor(() => expect(connected.fake.messages(channel)).toEqual(["Das"]), patience);
		for (const placed of connected.fake.visible(channel)) placed.isDeleted = true;

		await reply.finish({ text: "56" });

		expect(connected.fake.messages(channel)).toEqual(["56"]);
	});

	it("stays in its thread, which is a conversation of its own", async () => {
		const thread = connected.fake.addThread(channel);
		const inChannel = await asked();
		const inThread = await asked(thread);

		await inThread.reply.finish({ text: "56" });

		expect(inThread.message.conversation).not.toBe(inChannel.message.conversation);
		expect(connected.fake.messages(thread)).toEqual(["56"]);
		expect(connected.fake.messages(channel)).toEqual([]);
	});

	it("asks once where it may not write", async () => {
		const { reply } = await asked();
		connected.fake.failNext({
			times: 99,
			path: /channels/,
			answer: { status: 403, body: { code: 50_013, message: "Missing Permissions" } },
		});

		await expect(reply.finish({ text: "56" })).rejects.toMatchObject({ kind: "forbidden" });

		expect(creates()).toHaveLength(1);
	});

	it("never runs into the channel's rate limit while it grows", async () => {
		await connected.close();
		connected = await connect();
		channel = connected.fake.addChannel(connected.fake.addGuild());
		connected.fake.setBucket({ limit: 2, windowMilliseconds: 600 });
		await connected.start();
		const { reply } = await asked();

		for (let step = 1; step <= 40; step++) {
			reply.show("Wort ".repeat(step));
			await new Promise((resolve) => setTimeout(resolve, 40));
		}
		await reply.finish({ text: "fertig" });

		expect(connected.fake.messages(channel)).toEqual(["fertig"]);
		expect(connected.fake.calls.filter(({ status }) => status === 429)).toEqual([]);
	});
});
