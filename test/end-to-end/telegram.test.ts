import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { createFakeTelegram, type FakeTelegram } from "../fakes/telegram.ts";
import { type Program, startProgram } from "./program.ts";
import { prompts } from "./prompts.ts";

const key = "sk-end_to_end_key_0123456789";
let telegram: FakeTelegram;
let model: FakeLanguageModel;
let program: Program;

const environment = (): Record<string, string> => ({
	TELEGRAM_BOT_TOKEN: telegram.token,
	TELEGRAM_API_ROOT: telegram.apiRoot,
	DEEPSEEK_API_KEY: key,
	DEEPSEEK_BASE_URL: model.baseUrl,
	DEEPSEEK_MODEL: "test-model",
	DEFAULT_REGIONS: "local,eu,us,china",
	ACCESS_MODE: "open",
});

/** The bot's finished texts in a chat. */
const answers = (chat: number): readonly string[] => telegram.botTexts(chat).filter((text) => text !== "…");
const until = <Value>(check: () => Value | Promise<Value>, seconds = 20): Promise<Value> =>
	vi.waitFor(check, { timeout: seconds * 1_000, interval: 50 });

beforeEach(async () => {
	telegram = await createFakeTelegram();
	model = await createFakeLanguageModel({ apiKey: key });
});
afterEach(async () => {
	await program.dispose();
	await telegram.close();
	await model.close();
});

describe("the program in Telegram", { timeout: 120_000 }, () => {
	it("answers in German while the person watches, and tells with /status what is left", async () => {
		model.behave(() => ({
			text: "Sieben mal acht ist **56**, das lässt sich leicht nachrechnen.",
			tokenMilliseconds: 60,
		}));
		program = startProgram("start", environment());
		await program.ready();
		const chat = telegram.addPrivateChat({ id: 4711 });
		telegram.say(chat, 4711, "Was ist 7 mal 8?");
		await until(() =>
			expect(answers(chat)[0]).toMatch(/^Sieben mal acht ist 56, das lässt sich leicht nachrechnen\.\n.*KI/s),
		);
		expect(answers(chat)).toHaveLength(1);
		expect(telegram.callsOf("editMessageText").length).toBeGreaterThan(1);
		expect(telegram.callsOf("sendChatAction").length).toBeGreaterThan(0);

		telegram.say(chat, 4711, "/status");
		await until(() => expect(answers(chat)[1]).toMatch(/DeepSeek/));
		telegram.say(chat, 4711, "/status bild");
		const drawn = () => telegram.messages(chat).filter(({ photo }) => photo?.width === 1_000);
		await until(() => expect(drawn().map(({ text }) => text)).toEqual([expect.stringMatching(/^Stand \d/)]));
		expect(telegram.violations).toEqual([]);
	});

	it("keeps secrets and message texts out of its log", async () => {
		program = startProgram("start", { ...environment(), LOG_LEVEL: "debug" });
		await program.ready();
		const chat = telegram.addPrivateChat({ id: 4711 });
		telegram.fail("sendMessage", { how: "bad-gateway" });
		const { message } = telegram.say(chat, 4711, "Streng vertraulich: Kanarienvogel");
		await until(() => expect(answers(chat)).toHaveLength(1));
		const written = program.errors() + program.output();
		for (const secret of [telegram.token, telegram.token.slice(10), key, "Kanarienvogel"]) {
			expect(written).not.toContain(secret);
		}
		const lines = program.log().filter((line) => line.message === `telegram:4711:${message.message_id}`);
		expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["accepted", "answered", "delivered"]));
	});

	it("ends in order and takes up at the next start what was not answered", async () => {
		model.behave(() => ({ firstTokenMilliseconds: 60_000 }));
		program = startProgram("start", environment());
		await program.ready();
		const chat = telegram.addPrivateChat({ id: 4711 });
		telegram.say(chat, 4711, "Bleibt diese Frage erhalten?");
		await until(() => expect(model.requests).toHaveLength(1));
		void program.stop("SIGTERM");
		await until(() => expect(program.errors()).toContain("stopping"));
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(await program.stop("SIGTERM")).toBe(0);

		model.behave(() => ({ text: "Ja, diese Frage ist erhalten geblieben." }));
		const { dataDirectory } = program;
		program = startProgram("start", environment(), { dataDirectory });
		await until(() => expect(answers(chat)[0]).toContain("erhalten geblieben"));
		expect(answers(chat)).toHaveLength(1);
	});

	it("does not answer twice what Telegram delivers twice, not even after it was killed", async () => {
		program = startProgram("start", environment());
		await program.ready();
		const chat = telegram.addPrivateChat({ id: 4711 });
		const { update_id } = telegram.say(chat, 4711, "Nur einmal, bitte.");
		await until(() => expect(answers(chat)).toHaveLength(1));
		telegram.redeliver(update_id);
		await program.stop("SIGKILL");
		const { dataDirectory } = program;
		program = startProgram("start", environment(), { dataDirectory });
		await program.ready();
		telegram.redeliver(update_id);
		telegram.say(chat, 4711, "Und jetzt die nächste.");
		await until(() => expect(answers(chat)).toHaveLength(2));
		expect(model.requests.map(({ question }) => question)).toEqual(["Nur einmal, bitte.", "Und jetzt die nächste."]);
	});

	it("brings a hundred real prompts to the model unchanged, each with one complete answer, in order", async () => {
		model.behave(({ question }) => ({
			text: `Vollständige Antwort auf die Frage mit ${question.length} Zeichen. Ende.`,
		}));
		program = startProgram("start", environment());
		await program.ready();
		const chats = Array.from({ length: 20 }, (_, index) => telegram.addPrivateChat({ id: 5_000 + index }));
		for (const [index, { text }] of prompts.entries())
			telegram.say(Number(chats[index % 20]), 5_000 + (index % 20), text);
		await until(() => expect(chats.flatMap(answers)).toHaveLength(100), 90);
		await until(() => expect(chats.flatMap(answers).filter((text) => !text.includes("Ende."))).toEqual([]));

		const asked = model.requests.map(({ question }) => question);
		expect(asked.toSorted()).toEqual(prompts.map(({ text }) => text).toSorted());
		for (const [index, chat] of chats.entries()) {
			const mine = prompts.filter((_, number) => number % 20 === index);
			const expected = mine.map(({ text }) => `Vollständige Antwort auf die Frage mit ${text.length} Zeichen. Ende.`);
			expect(answers(chat).map((text) => text.split("\n")[0])).toEqual(expected);
		}
		expect(telegram.violations).toEqual([]);
	});
});
