import { ComponentType } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeDiscord, type FakeDiscord } from "../fakes/discord.ts";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { type Program, startProgram } from "./program.ts";
import { prompts } from "./prompts.ts";

let discord: FakeDiscord;
let model: FakeLanguageModel;
let program: Program;

const environment = (): Record<string, string> => ({
	DISCORD_BOT_TOKEN: discord.token,
	DISCORD_API_ROOT: discord.apiRoot,
	LOCAL_BASE_URL: model.baseUrl,
	ACCESS_MODE: "open",
});
const until = <Value>(check: () => Value | Promise<Value>, seconds = 20): Promise<Value> =>
	vi.waitFor(check, { timeout: seconds * 1_000, interval: 50 });

beforeEach(async () => {
	discord = await createFakeDiscord();
	model = await createFakeLanguageModel();
});
afterEach(async () => {
	await program.dispose();
	await discord.close();
	await model.close();
});

describe("the program in Discord", { timeout: 120_000 }, () => {
	it("answers direct messages, mentions and slash commands, and pings nobody", async () => {
		model.behave(({ question }) => ({
			text: `Das ist die Antwort auf „${question}“, @everyone.`,
			tokenMilliseconds: 20,
		}));
		program = startProgram("start", environment());
		await program.ready();
		const erika = discord.addUser("Erika");
		const direct = discord.directChannel(erika);
		discord.directMessage(erika, "Wie spät ist es in Tokio?");
		await until(() => expect(discord.messages(direct).at(-1)).toMatch(/KI/));

		const channel = discord.addChannel(discord.addGuild("Verein"), "plauderei");
		discord.mention(channel, erika, "und in Lima?");
		await until(() => expect(discord.messages(channel).join()).toContain("„und in Lima?“, "));

		const { state } = discord;
		await until(() => expect(state.calls.some(({ method }) => method === "PUT")).toBe(true));
		discord.slash(erika, "status", {}, { channel });
		await until(() => expect(discord.messages(channel).join()).toMatch(/Stand \d/));
		expect(discord.visible(channel).at(-1)?.data.components).toMatchObject([{ type: ComponentType.Container }]);
		discord.slash(erika, "status", { umfang: "bild" }, { channel });
		await until(() => expect(discord.visible(channel).at(-1)?.data.attachments).toHaveLength(1));
		discord.slash(erika, "frage", { text: "Wer hat das Fahrrad erfunden?" }, { channel });
		await until(() => expect(discord.messages(channel).join()).toContain("Fahrrad erfunden"));
		expect(discord.violations).toEqual([]);
	});

	it("brings a hundred real prompts to the model unchanged, each with one complete answer, in order", async () => {
		model.behave(({ question }) => ({
			text: `Vollständige Antwort auf die Frage mit ${question.length} Zeichen. Ende.`,
		}));
		program = startProgram("start", environment());
		await program.ready();
		const people = Array.from({ length: 20 }, (_, index) => discord.addUser(`Person ${index}`));
		const channels = people.map((person) => discord.directChannel(person));
		for (const [index, { text }] of prompts.entries()) {
			const person = people[index % 20];
			if (person) discord.directMessage(person, text);
		}
		const answers = (): readonly string[] => channels.flatMap((channel) => discord.messages(channel));
		await until(() => expect(answers().filter((text) => text.includes("Ende."))).toHaveLength(100), 90);

		const asked = model.requests.map(({ question }) => question);
		expect(asked.toSorted()).toEqual(prompts.map(({ text }) => text).toSorted());
		for (const [index, channel] of channels.entries()) {
			const mine = prompts.filter((_, number) => number % 20 === index);
			const expected = mine.map(({ text }) => `Vollständige Antwort auf die Frage mit ${text.length} Zeichen. Ende.`);
			expect(discord.messages(channel).map((text) => text.split("\n")[0])).toEqual(expected);
		}
		expect(discord.violations).toEqual([]);
	});
});
