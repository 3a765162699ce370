import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeDiscord, type FakeDiscord } from "../fakes/discord.ts";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { createFakeTelegram, type FakeTelegram } from "../fakes/telegram.ts";
import { type Program, startProgram } from "./program.ts";

let telegram: FakeTelegram;
let discord: FakeDiscord;
let model: FakeLanguageModel;
let program: Program;

const until = <Value>(check: () => Value | Promise<Value>): Promise<Value> =>
	vi.waitFor(check, { timeout: 20_000, interval: 50 });

beforeEach(async () => {
	telegram = await createFakeTelegram();
	discord = await createFakeDiscord();
	model = await createFakeLanguageModel();
	program = startProgram("start", {
		TELEGRAM_BOT_TOKEN: telegram.token,
		TELEGRAM_API_ROOT: telegram.apiRoot,
		DISCORD_BOT_TOKEN: discord.token,
		DISCORD_API_ROOT: discord.apiRoot,
		LOCAL_BASE_URL: model.baseUrl,
		ACCESS_MODE: "open",
	});
});
afterEach(async () => {
	await program.dispose();
	await telegram.close();
	await discord.close();
	await model.close();
});

describe("the program in Telegram and Discord", { timeout: 60_000 }, () => {
	it("goes on answering in Telegram while Discord has shut it out", async () => {
		await program.ready(2);
		const erika = discord.addUser("Erika");
		discord.failNext({
			method: "POST",
			path: /\/(messages|typing)$/,
			answer: { status: 403, body: "<html>1015</html>" },
		});
		discord.directMessage(erika, "Ist da jemand?");
		await until(() => expect(discord.calls.some(({ status }) => status === 403)).toBe(true));
		await new Promise((resolve) => setTimeout(resolve, 500));

		const chat = telegram.addPrivateChat({ id: 4711 });
		telegram.say(chat, 4711, "Und hier?");

		await until(() => expect(telegram.botTexts(chat).join()).toContain("Antwort auf: Und hier?"));
	});
});
