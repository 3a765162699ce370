import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Message } from "../../../src/assistant/message.ts";
import type { Channel } from "../../../src/channels/channel.ts";
import { createPace } from "../../../src/channels/pace.ts";
import { createTelegramChannel, type TelegramParts } from "../../../src/channels/telegram/telegram.ts";
import { createLog } from "../../../src/log.ts";
import { createRecord } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { createFakeTelegram, type FakeTelegram } from "../../fakes/telegram.ts";

const patience = { timeout: 12_000, interval: 10 };
const profile = { description: "Ein Assistent.", shortDescription: "Assistent" };

/** Bot and server live in the same hurried time, so that their waits keep their proportions. */
async function setUp(factor: number, options: Partial<TelegramParts> = {}) {
	const clock = createHurriedClock(factor);
	const fake = await createFakeTelegram({ clock, enforcesRates: true });
	const lines: string[] = [];
	const notes = new Map<string, string>();
	const channel = createTelegramChannel({
		token: fake.token,
		apiRoot: `${fake.apiRoot}/`,
		usesDrafts: false,
		menu: { de: [], en: [] },
		profiles: { de: profile, en: profile },
		store: notes,
		clock,
		log: createLog("debug", [], (line) => lines.push(line)),
		pace: createPace(clock),
		times: { pollSeconds: 30, answerSeconds: 100, conflictPauseSeconds: 30 },
		...options,
	});
	return { fake, channel, lines, notes };
}

describe("the channel telegram in bad times", () => {
	let fake: FakeTelegram;
	let channel: Channel;
	let lines: string[];
	let accepted: Message[];
	let chat: number;

	async function begin(factor: number, options: Partial<TelegramParts> = {}): Promise<void> {
		({ fake, channel, lines } = await setUp(factor, options));
		chat = fake.addPrivateChat({ id: 4711 });
	}
	beforeEach(() => {
		accepted = [];
	});
	afterEach(async () => {
		await channel.stop();
		await channel.close();
		expect(fake.violations).toEqual([]);
		expect(lines.join()).not.toContain(fake.token.slice(10));
		await fake.close();
	});

	const start = () => channel.start((messages) => void accepted.push(...messages));
	async function hear(text: string): Promise<Message> {
		fake.say(chat, chat, text);
		await expect.poll(() => accepted.at(-1)?.text, patience).toBe(text);
		return accepted.at(-1) as Message;
	}

	it("does not start with a token that Telegram does not know", async () => {
		await begin(20, { token: "123456789:wrong" });

		await expect(start()).rejects.toMatchObject({ name: "ChannelError", kind: "unauthorised" });
	});

	it("starts while Telegram cannot be reached, and receives as soon as it can", async () => {
		await begin(20);
		fake.fail("getMe", { how: "bad-gateway" }, 3);

		await start();

		await hear("Hallo");
		expect(fake.callsOf("getMe")).toHaveLength(4);
		await expect.poll(() => fake.profiles.get("de")?.description, patience).toBe("Ein Assistent.");
	});

	it("waits a flood out in full, for this chat alone, and then lands the answer", async () => {
		await begin(5);
		const other = fake.addPrivateChat({ id: 5 });
		await start();
		const message = await hear("Erzähl mir etwas.");
		const reply = channel.open(message, createRecord());
		reply.show("Es war");
		await expect.poll(() => fake.botTexts(chat), patience).toEqual(["Es war"]);

		fake.floodChat(chat, 10);
		reply.show("Es war einmal");
		const finished = reply.finish({ text: "Es war einmal ein Fuchs." });
		fake.say(other, other, "Und du?");
		await expect.poll(() => accepted.length, patience).toBe(2);
		await channel.open(accepted[1] as Message, createRecord()).finish({ text: "Mir geht es gut." });
		expect(fake.botTexts(chat)).toEqual(["Es war"]);
		await finished;

		expect(fake.botTexts(chat)).toEqual(["Es war einmal ein Fuchs."]);
		expect(fake.botTexts(other)).toEqual(["Mir geht es gut."]);
	});

	it("sends an answer once more as plain text when Telegram cannot read its markup", async () => {
		await begin(20);
		await start();
		const message = await hear("Hallo");
		const description = 'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 0';
		fake.fail("editMessageText", { how: "refuse", code: 400, description });

		await channel.open(message, createRecord()).finish({ text: "Das ist **wichtig**." });

		const [answer] = fake.messages(chat).filter((shown) => shown.isFromBot);
		expect(answer).toMatchObject({ parseMode: undefined, text: expect.stringContaining("wichtig") });
	});

	it("writes a new message when somebody deleted the one that grew", async () => {
		await begin(20);
		await start();
		const reply = channel.open(await hear("Hallo"), createRecord());
		reply.show("Guten");
		await expect.poll(() => fake.botTexts(chat), patience).toEqual(["Guten"]);

		fake.deleteMessage(chat, fake.messages(chat).at(-1)?.id ?? 0);
		await reply.finish({ text: "Guten Tag." });

		expect(fake.botTexts(chat)).toEqual(["Guten Tag."]);
	});

	it("ends an answer with the reason when the person has blocked the bot", async () => {
		await begin(20);
		await start();
		const message = await hear("Hallo");
		fake.block(chat);

		const finished = channel.open(message, createRecord()).finish({ text: "Guten Tag." });

		await expect(finished).rejects.toMatchObject({ kind: "forbidden" });
	});

	it("lands the answer once when a gateway swallows what was carried out", async () => {
		await begin(20);
		await start();
		const message = await hear("Hallo");
		fake.fail("editMessageText", { how: "bad-gateway", stores: true });

		await channel.open(message, createRecord()).finish({ text: "Guten Tag." });

		expect(fake.botTexts(chat)).toEqual(["Guten Tag."]);
	});

	it("grows as a draft where drafts are wanted, and stops when the button is pressed", async () => {
		await begin(20, { usesDrafts: true });
		await start();
		const reply = channel.open(await hear("Hallo"), createRecord());

		reply.show("Guten");
		await expect.poll(() => fake.draft(chat)?.text, patience).toBe("Guten");
		fake.pressStop(chat);
		await expect.poll(() => accepted.at(-1)?.text, patience).toBe("/stopp");
		await reply.finish({ text: "Guten Tag." });

		expect(fake.botTexts(chat)).toEqual(["Guten Tag."]);
		expect(fake.draft(chat)).toBeUndefined();
	});

	it("grows by edits when drafts are refused", async () => {
		await begin(20, { usesDrafts: true });
		await start();
		fake.fail("sendMessageDraft", { how: "refuse", code: 404, description: "Not Found: method not found" });
		const reply = channel.open(await hear("Hallo"), createRecord());

		reply.show("Guten");

		await expect.poll(() => fake.botTexts(chat), patience).toEqual(["Guten"]);
		reply.abandon();
		expect(fake.callsOf("sendMessageDraft")).toHaveLength(1);
	});

	it("leaves out an update that it cannot read and takes the ones after it", async () => {
		await begin(20);
		await start();
		fake.push({ message: { message_id: 3, from: { id: 4711 }, text: "Hallo" } as never });

		await hear("Guten Tag");

		expect(accepted).toHaveLength(1);
		expect(lines.join()).toContain("cannot be read");
	});
});
