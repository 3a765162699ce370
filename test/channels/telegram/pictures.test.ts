import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveReply, ReplyRecord } from "../../../src/channels/channel.ts";
import { createLiveReply } from "../../../src/channels/live-reply.ts";
import { createPace } from "../../../src/channels/pace.ts";
import { createTelegramApi } from "../../../src/channels/telegram/api.ts";
import { toMessage } from "../../../src/channels/telegram/incoming.ts";
import { originOf } from "../../../src/channels/telegram/origin.ts";
import { createSurface } from "../../../src/channels/telegram/surface.ts";
import { createLog } from "../../../src/log.ts";
import { createRecord } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { createPicture } from "../../fakes/picture.ts";
import { createFakeTelegram, type FakeTelegram } from "../../fakes/telegram.ts";

const picture = createPicture(1_000, 700);
const log = createLog("silent", []);

describe("a picture in Telegram", () => {
	let fake: FakeTelegram;
	let chat: number;

	beforeEach(async () => {
		fake = await createFakeTelegram();
		chat = fake.addPrivateChat({ id: 4711 });
	});
	afterEach(async () => {
		expect(fake.violations).toEqual([]);
		await fake.close();
	});

	/** The reply to a question; with the same record it is the same reply after a crash. */
	function answerTo(record: ReplyRecord, usesDrafts = false): LiveReply {
		const message = toMessage(fake.say(chat, 4711, "/status bild"), fake.bot, 0);
		if (!message) throw new Error("nobody spoke to the bot");
		const clock = createHurriedClock(20);
		const api = createTelegramApi({ token: fake.token, apiRoot: fake.apiRoot, clock, answerSeconds: 200 });
		const surface = createSurface({ api, origin: originOf(message), isDirect: true, usesDrafts });
		return createLiveReply(surface, record, { pace: createPace(clock), clock, log });
	}
	const own = () => fake.messages(chat).filter(({ isFromBot }) => isFromBot);

	it("takes the place of the placeholder, with the text as formatted words below it", async () => {
		await answerTo(createRecord()).finish({ text: "**Stand** [14:05](time:1795438800)", picture });

		expect(own()).toMatchObject([
			{
				text: "Stand 14:05",
				parseMode: "HTML",
				entities: [{ type: "bold" }, { type: "date_time", unix_time: 1_795_438_800 }],
				photo: { width: 1_000, height: 700 },
			},
		]);
		const [sent] = fake.callsOf("editMessageMedia");
		expect(Buffer.from(sent?.files[0]?.bytes ?? []).toString("base64")).toBe(picture.png);
	});

	it("changes nothing when it is finished twice, also by a process that knows nothing of the first time", async () => {
		const record = createRecord();

		await answerTo(record).finish({ text: "Stand", picture });
		await answerTo(record).finish({ text: "Stand", picture });
		await answerTo({ ...record, deliveredParts: 0 }).finish({ text: "Stand", picture });

		expect(own()).toMatchObject([{ text: "Stand", photo: { width: 1_000 } }]);
		expect(fake.callsOf("sendMessage")).toHaveLength(1);
		expect(fake.callsOf("editMessageMedia")).toHaveLength(2);
	});

	it("comes after a crash between the placeholder and the picture, in the same message", async () => {
		const record = createRecord();
		fake.fail("editMessageMedia", { how: "hang" });
		const begun = answerTo(record);
		const broken = begun.finish({ text: "Stand", picture }).catch((error) => error.kind);
		await vi.waitFor(() => expect(fake.callsOf("editMessageMedia")).toHaveLength(1), { timeout: 10_000 });
		begun.abandon();

		await answerTo(record).finish({ text: "Stand", picture });

		expect(await broken).toBe("network");
		expect(own()).toMatchObject([{ text: "Stand", photo: { width: 1_000 } }]);
		expect(fake.callsOf("sendMessage")).toHaveLength(1);
	});

	it("takes the place of what has grown, and of a draft", async () => {
		const growing = answerTo(createRecord());
		growing.show("Einen Augenblick");
		await vi.waitFor(() => expect(fake.botTexts(chat)).toEqual(["Einen Augenblick"]), { timeout: 10_000 });
		await growing.finish({ text: "Stand", picture });

		await answerTo(createRecord(), true).finish({ text: "Entwurf", picture });

		expect(own()).toMatchObject([
			{ text: "Stand", photo: { width: 1_000 } },
			{ text: "Entwurf", photo: { width: 1_000 } },
		]);
	});

	it("leaves what does not fit below it to further messages", async () => {
		const words = Array.from({ length: 300 }, (_, index) => `Wort${index}`).join(" ");

		await answerTo(createRecord()).finish({ text: words, picture });

		const messages = own();
		expect(messages.map(({ photo }) => photo !== undefined)).toEqual([true, false, false]);
		expect(messages[0]?.text.length).toBeLessThanOrEqual(1_024);
		expect(messages.map(({ text }) => text.trim()).join(" ")).toBe(words);
	});

	it.each([
		["too large", { ...picture, png: Buffer.alloc(11_000_000, 1).toString("base64") }],
		["no picture at all", { ...picture, png: Buffer.from("<svg/>").toString("base64") }],
		["a thin line", createPicture(2_000, 20)],
	])("that is %s is left out: the text alone stands there", async (_what, refused) => {
		await answerTo(createRecord()).finish({ text: "**Stand**", picture: refused });

		expect(own()).toMatchObject([{ text: "Stand", photo: undefined, entities: [{ type: "bold" }] }]);
	});

	it("is left out where a group allows no photos", async () => {
		fake.fail("editMessageMedia", {
			how: "refuse",
			code: 400,
			description: "Bad Request: not enough rights to send photos to the chat",
		});

		await answerTo(createRecord()).finish({ text: "Stand", picture });

		expect(own()).toMatchObject([{ text: "Stand", photo: undefined }]);
	});

	it("keeps its text without formatting where Telegram cannot read it", async () => {
		fake.fail("editMessageMedia", { how: "refuse", code: 400, description: "Bad Request: can't parse entities: no" });

		await answerTo(createRecord()).finish({ text: "**Stand**", picture });

		expect(own()).toMatchObject([{ text: "Stand", parseMode: undefined, photo: { width: 1_000 } }]);
	});
});
