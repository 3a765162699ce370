import { MessageFlags } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../../../src/assistant/message.ts";
import type { Clock } from "../../../src/clock.ts";
import { createRecord } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import type { FakeChannel, FakeInteraction } from "../../fakes/discord-state.ts";
import { type Connected, connect, patience } from "./connected.ts";

const minutes = 60_000;
/** A text that takes so many messages. */
const longText = (parts: number) =>
	Array.from({ length: parts }, (_, index) => `${"Wort ".repeat(380)}Ende${index}`).join("\n\n");

describe("a reply to a slash command", () => {
	let connected: Connected;
	let inServer: FakeChannel;
	let asGuest: FakeChannel;
	let skippedMilliseconds: number;

	beforeEach(async () => {
		skippedMilliseconds = 0;
		const hurried = createHurriedClock(20);
		const clock: Clock = { ...hurried, now: () => hurried.now() + skippedMilliseconds };
		connected = await connect({ clock });
		const guild = connected.fake.addGuild();
		inServer = connected.fake.addChannel(guild);
		asGuest = connected.fake.addChannel(guild, "fremd", true);
		await connected.start();
		await vi.waitFor(() => expect(connected.notes.size).toBe(1), patience);
	});
	afterEach(async () => {
		await connected.close();
		expect(connected.fake.violations).toEqual([]);
	});

	async function asked(channel: FakeChannel | undefined, name = "frage"): Promise<[Message, FakeInteraction]> {
		const { fake } = connected;
		const options = name === "frage" ? { text: "Was ist 7 mal 8?" } : {};
		const interaction = fake.slash(fake.addUser("anna"), name, options, channel === undefined ? {} : { channel });
		const message = (await connected.received()).at(-1);
		if (!message) throw new Error("nothing was accepted");
		return [message, interaction];
	}
	const callsTo = (path: RegExp, method?: string) =>
		connected.fake.calls.filter((call) => path.test(call.path) && (method ?? call.method) === call.method);

	it("fills the answer that was promised, without a message of its own", async () => {
		const [message] = await asked(inServer);
		const reply = connected.channel.open(message, createRecord());

		reply.show("");
		reply.show("Das sind");
		await vi.waitFor(() => expect(connected.fake.messages(inServer)).toEqual(["Das sind"]), patience);
		await reply.finish({ text: "Das sind 56." });

		expect(connected.fake.messages(inServer)).toEqual(["Das sind 56."]);
		expect(callsTo(/\/channels\//)).toEqual([]);
		expect(callsTo(/@original$/, "PATCH").length).toBeGreaterThan(1);
	});

	it("continues in recorded follow-ups, which a second finish edits", async () => {
		const [message] = await asked(inServer);
		const record = createRecord();

		await connected.channel.open(message, record).finish({ text: longText(8) });
		await connected.channel.open(message, { ...record, deliveredParts: 0 }).finish({ text: longText(8) });

		const texts = connected.fake.messages(inServer);
		expect(texts).toHaveLength(8);
		expect(texts.map((text) => text.slice(-5))).toEqual(Array.from({ length: 8 }, (_, index) => `Ende${index}`));
		expect(record.parts[0]).toBe("@original");
		expect(callsTo(/\/webhooks\/\d+\/[\w-]+$/, "POST")).toHaveLength(7);
	});

	it("keeps to five follow-ups where only the person installed the bot, and shows that there was more", async () => {
		const [message] = await asked(asGuest);

		await connected.channel.open(message, createRecord()).finish({ text: longText(8) });

		const texts = connected.fake.messages(asGuest);
		expect(texts).toHaveLength(6);
		expect(texts.at(-1)?.endsWith("[…]")).toBe(true);
		expect(callsTo(/\/webhooks\/\d+\/[\w-]+$/, "POST").map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
	});

	it("works as a guest without ever touching the channel", async () => {
		const [message] = await asked(asGuest);

		await connected.channel.open(message, createRecord()).finish({ text: "56" });

		expect(connected.fake.messages(asGuest)).toEqual(["56"]);
		expect(callsTo(/\/channels\//)).toEqual([]);
	});

	it("stays private in every part", async () => {
		const [message] = await asked(inServer, "hilfe");

		await connected.channel.open(message, createRecord()).finish({ text: longText(2) });

		expect(connected.fake.visible(inServer).map(({ data }) => (data.flags ?? 0) & MessageFlags.Ephemeral)).toEqual([
			MessageFlags.Ephemeral,
			MessageFlags.Ephemeral,
		]);
	});

	it("takes the promise back when there is nothing to say", async () => {
		const [message, interaction] = await asked(inServer);

		await connected.channel.open(message, createRecord()).finish(null);

		expect(connected.fake.state.messages.get(interaction.originalId ?? "")?.isDeleted).toBe(true);
	});

	it("moves to the channel when the token is over, once, also after a crash", async () => {
		const [message] = await asked(inServer);
		skippedMilliseconds = 16 * minutes;

		await connected.channel.open(message, createRecord()).finish({ text: longText(2) });
		await connected.channel.open(message, createRecord()).finish({ text: longText(2) });

		expect(connected.fake.messages(inServer).map((text) => text.slice(-5))).toEqual(["Ende0", "Ende1"]);
		expect(callsTo(/\/webhooks\//)).toEqual([]);
	});

	it("moves to the channel in the middle of an answer that takes too long", async () => {
		const [message] = await asked(inServer);
		const reply = connected.channel.open(message, createRecord());
		reply.show("Das sind");
		await vi.waitFor(() => expect(connected.fake.messages(inServer)).toEqual(["Das sind"]), patience);
		skippedMilliseconds = 16 * minutes;

		await reply.finish({ text: "Das sind 56." });

		expect(connected.fake.messages(inServer)).toEqual(["Das sind", "Das sind 56."]);
	});

	it("moves to the channel when Discord never heard the promise", async () => {
		const { fake } = connected;
		fake.failNext({ path: /callback/, times: 2, answer: { status: 503, body: "<html>" } });
		const [message] = await asked(inServer);

		await connected.channel.open(message, createRecord()).finish({ text: "56" });

		expect(fake.messages(inServer)).toEqual(["56"]);
	});

	it.each([
		["as a guest", () => asGuest, "frage"],
		["when it is private", () => inServer, "hilfe"],
	])("ends as expired after 15 minutes %s", async (_where, channel, name) => {
		const [message] = await asked(channel(), name);
		skippedMilliseconds = 16 * minutes;

		const landing = connected.channel.open(message, createRecord()).finish({ text: "56" });

		await expect(landing).rejects.toMatchObject({ name: "ChannelError", kind: "expired" });
		expect(callsTo(/\/channels\//)).toEqual([]);
	});

	it("works in the direct chat with the bot, where others can see nothing anyway", async () => {
		const [message, interaction] = await asked(undefined, "hilfe");

		await connected.channel.open(message, createRecord()).finish({ text: "Hilfe" });

		expect(interaction.isEphemeral).toBe(false);
		expect(connected.fake.messages(interaction.channel)).toEqual(["Hilfe"]);
	});
});
