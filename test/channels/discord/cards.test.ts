import { ComponentType, MessageFlags } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, Message } from "../../../src/assistant/message.ts";
import { createRecord } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import type { FakeChannel, FakeMessage } from "../../fakes/discord-state.ts";
import { createPicture } from "../../fakes/picture.ts";
import { type Connected, connect, patience } from "./connected.ts";

const card = { text: "**Stand 14:05 Uhr**\n\nGroq: ✅ bereit, neu ab [01:00](time:1795438800)", isCard: true } as const;
const picture = createPicture(1_000, 700, "Balken");

describe("a card in Discord", () => {
	let connected: Connected;
	let channel: FakeChannel;

	beforeEach(async () => {
		connected = await connect({ clock: createHurriedClock(20) });
		channel = connected.fake.addChannel(connected.fake.addGuild());
		await connected.start();
		await vi.waitFor(() => expect(connected.notes.size).toBe(1), patience);
	});
	afterEach(async () => {
		await connected.close();
		expect(connected.fake.violations).toEqual([]);
	});

	type Asking = () => void;
	const inChannel: Asking = () => connected.fake.mention(channel, connected.fake.addUser("anna"), "/status");
	const inPrivate: Asking = () => connected.fake.slash(connected.fake.addUser("anna"), "hilfe", {}, { channel });

	async function asked(ask: Asking = inChannel): Promise<Message> {
		const count = connected.accepted.length + 1;
		ask();
		const message = (await connected.received(count)).at(-1);
		if (!message) throw new Error("nothing was accepted");
		return message;
	}
	/** The answer to a question, and what stands there of it. */
	async function answered(answer: Answer, ask?: Asking): Promise<readonly FakeMessage[]> {
		await connected.channel.open(await asked(ask), createRecord()).finish(answer);
		return connected.fake.visible(channel);
	}
	const componentsOf = (message: FakeMessage | undefined) => message?.data.components ?? [];
	const isCard = ({ data }: FakeMessage) => ((data.flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;
	const edits = () => connected.fake.calls.filter(({ method }) => method === "PATCH");

	it("takes the place of the placeholder, its paragraphs divided by lines", async () => {
		const [message] = await answered(card);

		expect(componentsOf(message)).toEqual([
			{
				type: ComponentType.Container,
				components: [
					{ type: ComponentType.TextDisplay, content: "**Stand 14:05 Uhr**" },
					{ type: ComponentType.Separator },
					{ type: ComponentType.TextDisplay, content: "Groq: ✅ bereit, neu ab <t:1795438800:t>" },
				],
			},
		]);
		expect(message?.data.content).toBe("");
		expect(message?.data.flags).toBe(MessageFlags.IsComponentsV2 | MessageFlags.SuppressEmbeds);
		expect(edits().map(({ body }) => body.allowed_mentions)).toEqual([{ parse: [] }]);
	});

	it("takes the place of what has grown, and a second time changes nothing", async () => {
		const message = await asked();
		const record = createRecord();
		const reply = connected.channel.open(message, record);
		reply.show("Einen Augenblick");
		await vi.waitFor(() => expect(connected.fake.messages(channel)).toEqual(["Einen Augenblick"]), patience);

		await reply.finish(card);
		await connected.channel.open(message, { ...record, deliveredParts: 0 }).finish(card);

		expect(connected.fake.visible(channel).map(isCard)).toEqual([true]);
		expect(edits().at(-1)?.status).toBe(200);
	});

	it("stays private as the answer to a command", async () => {
		const [message] = await answered(card, inPrivate);

		expect(message && isCard(message)).toBe(true);
		expect((message?.data.flags ?? 0) & MessageFlags.Ephemeral).toBe(MessageFlags.Ephemeral);
	});

	it("holds 4,000 characters in one message; more become several cards", async () => {
		const long = (paragraphs: number) =>
			Array.from({ length: paragraphs }, () => "Wort ".repeat(130).trim()).join("\n\n");

		expect(await answered({ text: long(6), isCard: true })).toHaveLength(1);
		const messages = await answered({ text: long(9), isCard: true });

		expect(messages.length).toBeGreaterThan(3);
		expect(messages.every(isCard)).toBe(true);
		expect(connected.fake.messages(channel).slice(1).join("\n\n")).toBe(long(9));
	});

	it("is one text where lines between all paragraphs would be too many components", async () => {
		const [message] = await answered({ text: Array.from({ length: 30 }, () => "Zeile").join("\n\n"), isCard: true });

		expect(componentsOf(message)).toMatchObject([{ components: [{ type: ComponentType.TextDisplay }] }]);
	});

	it.each([
		["refused", { status: 400, body: { code: 50_035, message: "Invalid Form Body" } }],
		["forbidden", { status: 403, body: { code: 50_013, message: "Missing Permissions" } }],
	])("becomes a plain message where it is %s", async (_what, answer) => {
		connected.fake.failNext({ method: "PATCH", answer });

		const [message] = await answered({ ...card, picture });

		expect(message && isCard(message)).toBe(false);
		expect(message?.data.content).toBe("**Stand 14:05 Uhr**\n\nGroq: ✅ bereit, neu ab <t:1795438800:t>");
	});

	it("shows its picture above the text, described for those who cannot see it", async () => {
		const [message] = await answered({ ...card, picture }, inPrivate);

		expect(componentsOf(message)).toMatchObject([
			{
				components: [
					{
						type: ComponentType.MediaGallery,
						items: [{ media: { url: "attachment://picture.png" }, description: "Balken" }],
					},
					{ type: ComponentType.TextDisplay },
					{ type: ComponentType.Separator },
					{ type: ComponentType.TextDisplay },
				],
			},
		]);
		expect(message?.data.attachments).toMatchObject([{ filename: "picture.png", description: "Balken" }]);
	});

	it("is not needed for a picture, which stands once however often it is sent", async () => {
		const message = await asked();
		const record = createRecord();

		await connected.channel.open(message, record).finish({ text: "Stand", picture });
		await connected.channel.open(message, { ...record, deliveredParts: 0 }).finish({ text: "Stand", picture });

		const [shown] = connected.fake.visible(channel);
		expect(shown?.data).toMatchObject({
			content: "Stand",
			attachments: [{ filename: "picture.png", content_type: "image/png", description: "Balken" }],
		});
		const [file] = edits().at(-1)?.files ?? [];
		expect(Buffer.from(file?.bytes ?? []).toString("base64")).toBe(picture.png);
	});

	it("leaves a picture that is too large out", async () => {
		const [message] = await answered({
			text: "Stand",
			picture: { ...picture, png: Buffer.alloc(10_500_000, 1).toString("base64") },
		});

		expect(message?.data).toMatchObject({ content: "Stand", attachments: [] });
	});

	it("comes after a crash between the placeholder and the card, in the same message", async () => {
		const message = await asked();
		const record = createRecord();
		connected.fake.failNext({ method: "PATCH", delayMilliseconds: 400 });
		const begun = connected.channel.open(message, record);
		const broken = begun.finish({ ...card, picture }).catch(() => undefined);
		await vi.waitFor(() => expect(edits()).toHaveLength(1), patience);
		begun.abandon();

		await connected.channel.open(message, createRecordOf(record)).finish({ ...card, picture });
		await broken;

		expect(connected.fake.visible(channel).map(isCard)).toEqual([true]);
		expect(connected.fake.visible(channel)[0]?.data.attachments).toHaveLength(1);
	});
});

/** As another process reads it. */
function createRecordOf(record: { readonly parts: readonly string[]; readonly deliveredParts: number }) {
	const read = createRecord();
	read.save(record.parts, record.deliveredParts);
	return read;
}
