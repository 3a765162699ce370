import { execute } from "tdl";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHurriedClock } from "./clock.ts";
import { createFakeTelegram, type FakeTelegram } from "./telegram.ts";
import { entitiesOf } from "./telegram-text.ts";

const quiet = { link_preview_options: { is_disabled: true } };

let fake: FakeTelegram;
let chat: number;

beforeEach(async () => {
	// Twenty times as fast: a second of Telegram's takes 50 ms.
	fake = await createFakeTelegram({ clock: createHurriedClock(20) });
	chat = fake.addPrivateChat({ id: 4711 });
});
afterEach(() => fake.close());

interface Answer {
	readonly ok: boolean;
	readonly error_code?: number;
	readonly description?: string;
	readonly result?: { readonly message_id: number; readonly update_id: number; readonly entities: unknown }[] & {
		readonly message_id: number;
	};
	readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

async function call(method: string, parameters: object = {}, token = fake.token): Promise<Answer> {
	const body = JSON.stringify(parameters);
	const response = await fetch(`${fake.apiRoot}/bot${token}/${method}`, { method: "POST", body });
	return (await response.json()) as Answer;
}
const send = (text: string, more: object = {}) => call("sendMessage", { chat_id: chat, text, ...quiet, ...more });

describe("the fake of the Bot API", () => {
	it("refuses what the real one refuses, in its words", async () => {
		const question = fake.say(chat, chat, "Hallo").message.message_id;
		const sent = (await send("Guten Tag")).result?.message_id;
		const edit = { chat_id: chat, message_id: sent, ...quiet };

		const descriptions = await Promise.all([
			call("getMe", {}, "1:wrong"),
			call("sendPostcard"),
			send("Hallo", { colour: "red" }),
			send("Hallo", { message_thread_id: "7" }),
			send(" \n "),
			send("ü".repeat(4_097)),
			send("<b>Hallo", { parse_mode: "HTML" }),
			send("Hallo", { message_thread_id: 7 }),
			send("Hallo", { reply_parameters: { message_id: 77 } }),
			call("editMessageText", { ...edit, text: "Guten Tag" }),
			call("editMessageText", { ...edit, text: "Guten Tag", message_id: 77 }),
			call("editMessageText", { ...edit, text: "Guten Tag", message_id: question }),
			call("deleteMessage", { chat_id: chat, message_id: 77 }),
			call("sendMessage", { chat_id: 5, text: "Hallo", ...quiet }),
			call("sendMessage", { chat_id: chat, text: "Hallo \ud83d", ...quiet }),
		]).then((answers) => answers.map((answer) => `${answer.error_code} ${answer.description}`));

		expect(descriptions).toEqual([
			"401 Unauthorized",
			"404 Not Found: method not found",
			'400 Bad Request: unknown parameter "colour"',
			'400 Bad Request: parameter "message_thread_id" must be of type integer',
			"400 Bad Request: message text is empty",
			"400 Bad Request: message is too long",
			"400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
			"400 Bad Request: message thread not found",
			"400 Bad Request: message to be replied not found",
			expect.stringContaining("400 Bad Request: message is not modified"),
			"400 Bad Request: message to edit not found",
			"400 Bad Request: message can't be edited",
			"400 Bad Request: message to delete not found",
			"400 Bad Request: chat not found",
			"400 Bad Request: strings must be encoded in UTF-8",
		]);
	});

	it("counts the length after parsing and shows what TDLib read", async () => {
		await send(`<b>${"ü".repeat(4_096)}</b>`, { parse_mode: "HTML" });
		await send("😀 <code>a &lt; b</code>", { parse_mode: "HTML" });

		const [long, short] = fake.messages(chat);
		expect(long?.text).toHaveLength(4_096);
		expect(short).toMatchObject({ text: "😀 a < b", entities: [{ type: "code", offset: 3, length: 5 }] });
	});

	it("waits for updates, repeats them under the same offset and drops them under a higher one", async () => {
		const waiting = call("getUpdates", { timeout: 30 });
		await expect.poll(() => fake.calls.length, { timeout: 10_000 }).toBe(1);
		const first = fake.say(chat, chat, "eins").update_id;

		const idsOf = (answer: Answer) => answer.result?.map((update) => update.update_id);
		expect(idsOf(await waiting)).toEqual([first]);
		fake.say(chat, chat, "zwei");
		expect(idsOf(await call("getUpdates", { offset: first }))).toEqual([first, first + 1]);
		expect(idsOf(await call("getUpdates", { offset: first + 1 }))).toEqual([first + 1]);
		expect(idsOf(await call("getUpdates"))).toEqual([first + 1]);
		fake.redeliver(first);
		expect(idsOf(await call("getUpdates", { offset: first + 2 }))).toEqual([first]);
		expect(idsOf(await call("getUpdates", { timeout: 1 }))).toEqual([]);
	});

	it("tells the older of two pollers that it is not alone", async () => {
		const older = call("getUpdates", { timeout: 30 });
		await expect.poll(() => fake.calls.length, { timeout: 10_000 }).toBe(1);
		const newer = call("getUpdates", { timeout: 1 });

		expect((await older).error_code).toBe(409);
		expect((await newer).ok).toBe(true);
	});

	it("reports every call inside a flood window but the one that learns of it", async () => {
		fake.floodChat(chat, 4);

		const learns = await send("eins");
		const ignores = await send("zwei");
		await expect.poll(async () => (await send("drei")).ok, { interval: 250, timeout: 10_000 }).toBe(true);

		expect(learns).toMatchObject({ error_code: 429, parameters: { retry_after: 4 } });
		expect(ignores.error_code).toBe(429);
		expect(fake.violations[0]).toMatchObject({ rule: "inside a flood window", method: "sendMessage", chat });
		expect(fake.botTexts(chat)).toEqual(["drei"]);
	});

	it("keeps drafts to private chats, for a while, and until the next message", async () => {
		const group = fake.addGroup();
		const draft = { draft_id: 5, text: "Ich", can_stop: true };

		const refused = await call("sendMessageDraft", { chat_id: group, ...draft });
		await call("sendMessageDraft", { chat_id: chat, ...draft });

		expect(refused.error_code).toBe(400);
		expect(fake.draft(chat)).toMatchObject({ text: "Ich", canStop: true });
		expect(fake.pressStop(chat).stopped_message_generation?.draft_id).toBe(5);
		await send("Ich bin da.");
		expect(fake.draft(chat)).toBeUndefined();
		await call("sendMessageDraft", { chat_id: chat, ...draft });
		await expect.poll(() => fake.draft(chat), { timeout: 10_000 }).toBeUndefined();
	});

	it("moves, blocks and reports what must not be sent", async () => {
		const group = fake.addGroup("Forum", { isForum: true });
		const moved = fake.upgradeGroup(group);
		fake.block(chat);

		expect((await call("sendChatAction", { chat_id: group, action: "typing" })).parameters).toEqual({
			migrate_to_chat_id: moved,
		});
		expect((await send("Hallo")).error_code).toBe(403);
		expect((await call("sendMessage", { chat_id: moved, text: "Hallo", message_thread_id: 1 })).error_code).toBe(400);
		expect((await call("sendChatAction", { chat_id: moved, action: "typing", message_thread_id: 1 })).ok).toBe(true);
		expect(fake.violations.map(({ rule }) => rule)).toEqual(["link preview", "General topic"]);
	});

	it("finds the same commands and mentions as TDLib", () => {
		const kinds: Record<string, string> = { textEntityTypeBotCommand: "bot_command", textEntityTypeMention: "mention" };
		const texts = [
			"/start",
			"/start@abcde_bot jetzt",
			"😀 @abcde_bot, hallo @zweiter_bot",
			"mail@abcde_bot.de a/b /hilfe. x/y",
			"siehe /status, oder /warum?",
			"/löschen /start/stopp",
		];

		for (const text of texts) {
			const found = execute({ _: "getTextEntities", text });
			const entities = found._ === "textEntities" ? found.entities : [];
			const expected = entities.flatMap(({ offset, length, type }) => {
				const kind = kinds[type._];
				return kind === undefined ? [] : [{ type: kind, offset, length }];
			});
			expect(entitiesOf(text), text).toEqual(expected);
		}
	});
});

describe("the rates of the fake", () => {
	it("bear about one call a second in a private chat and 20 a minute in a group", async () => {
		await fake.close();
		fake = await createFakeTelegram({ enforcesRates: true });
		fake.addPrivateChat({ id: 4711 });
		const group = fake.addGroup();
		const act = (chat_id: number) => call("sendChatAction", { chat_id, action: "typing" });

		const inPrivate = await Promise.all(Array.from({ length: 6 }, () => act(4711)));
		const inGroup = await Promise.all(Array.from({ length: 21 }, () => act(group)));

		expect(inPrivate.filter(({ ok }) => ok)).toHaveLength(5);
		expect(inGroup.filter(({ ok }) => ok)).toHaveLength(20);
		expect(fake.violations).toHaveLength(2);
	});
});
