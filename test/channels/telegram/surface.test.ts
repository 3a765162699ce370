import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Surface } from "../../../src/channels/surface.ts";
import { createTelegramApi } from "../../../src/channels/telegram/api.ts";
import { toMessage } from "../../../src/channels/telegram/incoming.ts";
import { originOf } from "../../../src/channels/telegram/origin.ts";
import { createSurface } from "../../../src/channels/telegram/surface.ts";
import { systemClock } from "../../../src/clock.ts";
import { createFakeTelegram, type FakeTelegram } from "../../fakes/telegram.ts";
import type { SayOptions } from "../../fakes/telegram-chats.ts";

let fake: FakeTelegram;
let direct: number;
let group: number;

beforeEach(async () => {
	fake = await createFakeTelegram();
	direct = fake.addPrivateChat({ id: 4711 });
	group = fake.addGroup();
});
afterEach(async () => {
	expect(fake.violations).toEqual([]);
	await fake.close();
});

/** The surface of the reply to what was said. */
function answerTo(chat: number, text: string, options: SayOptions = {}, usesDrafts = false): Surface {
	const message = toMessage(fake.say(chat, 4711, text, options), fake.bot, 0);
	if (!message) throw new Error("nobody spoke to the bot");
	const api = createTelegramApi({ token: fake.token, apiRoot: fake.apiRoot, clock: systemClock, answerSeconds: 5 });
	return createSurface({ api, origin: originOf(message), isDirect: message.isDirect, usesDrafts });
}
const part = (markup: string, plain = markup) => ({ markup, plain });
const botMessages = (chat: number) => fake.messages(chat).filter((message) => message.isFromBot);
const lastOf = (method: "sendMessage" | "sendChatAction" | "editMessageText" | "sendMessageDraft") =>
	fake.callsOf(method).at(-1)?.parameters;

describe("a reply in Telegram", () => {
	it("is a placeholder that becomes formatted text", async () => {
		const surface = answerTo(direct, "Hallo");

		const id = await surface.create(0);
		expect(fake.botTexts(direct)).toEqual(["…"]);
		await surface.edit(id, part("<b>Guten</b> Tag &amp; hallo"), false);

		expect(botMessages(direct)).toMatchObject([
			{ text: "Guten Tag & hallo", parseMode: "HTML", entities: [{ type: "bold", offset: 0, length: 5 }] },
		]);
	});

	it("shows no preview of any link", async () => {
		const surface = answerTo(direct, "Hallo");

		await surface.edit(await surface.create(0), part("https://a.de"), false);

		expect(lastOf("sendMessage")).toMatchObject({ link_preview_options: { is_disabled: true } });
		expect(lastOf("editMessageText")).toMatchObject({ link_preview_options: { is_disabled: true } });
	});

	it("is plain text when asked for: nothing in it is read as markup", async () => {
		const surface = answerTo(direct, "Hallo");
		const id = await surface.create(0);

		await expect(surface.edit(id, part("<b>a"), false)).rejects.toMatchObject({ kind: "markup" });
		await surface.edit(id, part("<b>a", "<b>a & b"), true);

		expect(botMessages(direct)).toMatchObject([{ text: "<b>a & b", parseMode: undefined, entities: [] }]);
	});

	it("says what stands there already and what is gone", async () => {
		const surface = answerTo(direct, "Hallo");
		const id = await surface.create(0);
		await surface.edit(id, part("Tag"), false);

		await expect(surface.edit(id, part("Tag"), false)).rejects.toMatchObject({ kind: "unchanged" });
		fake.deleteMessage(direct, Number(id));
		await expect(surface.edit(id, part("Tag"), false)).rejects.toMatchObject({ kind: "missing" });
		await expect(surface.remove(id)).rejects.toMatchObject({ kind: "missing" });
	});

	it("passes half of an emoji on as a sign of its own", async () => {
		const surface = answerTo(direct, "Hallo");

		await surface.edit(await surface.create(0), part("Halb \ud83d"), false);

		expect(fake.botTexts(direct)).toEqual(["Halb \ufffd"]);
	});

	it("answers the question in a group, with its first message only", async () => {
		const surface = answerTo(group, "/status");
		const question = fake.messages(group)[0]?.id;

		await surface.create(0);
		await surface.create(1);

		expect(botMessages(group).map(({ replyTo }) => replyTo)).toEqual([question, undefined]);
	});

	it("survives that the question was deleted", async () => {
		const surface = answerTo(group, "/status");
		fake.deleteMessage(group, fake.messages(group)[0]?.id ?? 0);

		await surface.create(0);

		expect(fake.botTexts(group)).toEqual(["…"]);
	});

	it("stays in the topic of the question", async () => {
		const forum = fake.addGroup("Forum", { isForum: true });
		const topic = fake.addTopic(forum);
		const surface = answerTo(forum, "/status", { topic });

		await surface.typing();
		await surface.create(0);

		expect(lastOf("sendChatAction")).toMatchObject({ message_thread_id: topic });
		expect(botMessages(forum).at(-1)).toMatchObject({ text: "…", topic });
	});

	it("names General for typing and never for sending", async () => {
		const surface = answerTo(fake.addGroup("Forum", { isForum: true }), "/status");

		await surface.typing();
		await surface.create(0);

		expect(lastOf("sendChatAction")).toMatchObject({ message_thread_id: 1 });
		expect(lastOf("sendMessage")).not.toHaveProperty("message_thread_id");
	});

	it("follows a group that became a supergroup", async () => {
		const surface = answerTo(group, "/status");
		const moved = fake.upgradeGroup(group);

		const id = await surface.create(0);
		await surface.edit(id, part("Tag"), false);

		expect(fake.botTexts(moved)).toEqual(["Tag"]);
		expect(fake.calls.filter((call) => call.status === 400)).toHaveLength(1);
	});

	it("is shown as a draft with a stop button where drafts are wanted", async () => {
		const surface = answerTo(direct, "Hallo", {}, true);

		await surface.preview?.(part("<i>Guten</i>"));
		const [first] = fake.callsOf("sendMessageDraft");
		await surface.preview?.(part("Guten Tag"));

		expect(fake.draft(direct)).toMatchObject({ text: "Guten Tag", canStop: true });
		expect(first?.parameters.draft_id).toBe(lastOf("sendMessageDraft")?.draft_id);
		expect(fake.botTexts(direct)).toEqual([]);
	});

	it("has no draft in groups, nor where none are wanted", () => {
		expect(answerTo(group, "/status", {}, true).preview).toBeUndefined();
		expect(answerTo(direct, "Hallo").preview).toBeUndefined();
	});

	it("stays below 20 calls in any minute of a group", () => {
		const { limits, chat } = answerTo(group, "/status");

		expect(limits.burst + limits.callsPerSecond * 60).toBeLessThanOrEqual(20);
		expect(chat).toBe(`telegram:${group}`);
	});
});
