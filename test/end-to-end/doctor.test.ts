import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeDiscord } from "../fakes/discord.ts";
import { type Behaviour, createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { createFakeTelegram } from "../fakes/telegram.ts";
import { type Program, startProgram } from "./program.ts";

let model: FakeLanguageModel;
let program: Program;

const environment = (): Record<string, string> => ({
	GROQ_API_KEY: "gsk_0123456789",
	GROQ_BASE_URL: model.baseUrl,
	GROQ_MODEL: "test-model",
});

beforeEach(async () => {
	model = await createFakeLanguageModel();
});
afterEach(async () => {
	await program.dispose();
	await model.close();
});

describe("the doctor", { timeout: 60_000 }, () => {
	it.each<[string, Behaviour, number, RegExp]>([
		[
			"a page that is no answer",
			{ status: 200, body: "<html>login</html>", headers: { "content-type": "text/html" } },
			1,
			/⛔ Groq: Statt einer Antwort kam eine Webseite, etwa die Anmeldung eines Proxys\./,
		],
		[
			"a wrong key",
			{ status: 401, body: { error: { message: "bad key" } } },
			1,
			/⛔ Groq lehnt den Schlüssel ab\. Prüfe GROQ_API_KEY/,
		],
		[
			"an unknown model",
			{ status: 404, body: { error: { message: "no such model" } } },
			1,
			/⛔ Groq kennt das Modell test-model nicht\./,
		],
		["a busy server", { status: 503 }, 0, /⚠️ Groq ist eingerichtet, nimmt aber gerade keine Anfragen an\./],
	])("looks behind %s", async (_, behaviour, code, finding) => {
		model.next(behaviour, behaviour);
		program = startProgram("doctor", environment());
		expect(await program.ended()).toBe(code);
		expect(program.output()).toMatch(finding);
	});

	it("asks for one token, and for more only of a model that thinks first", async () => {
		program = startProgram("doctor", environment());
		expect(await program.ended()).toBe(0);
		expect(program.output()).toMatch(/✅ Groq antwortet \(test-model, Verarbeitung: USA\)\./);
		expect(model.requests.map(({ body }) => body.max_tokens)).toEqual([1]);
		await program.dispose();

		model.next({ text: "", reasoning: "Ein Gruß.", reasoningField: "reasoning", finishReason: "length" }, {});
		program = startProgram("doctor", environment());
		expect(await program.ended()).toBe(0);
		expect(model.requests.map(({ body }) => body.max_tokens)).toEqual([1, 1, 300]);
	});

	it.each([
		[600_000, /⚠️ Die Uhr dieses Rechners geht um 10 Min\. vor\./],
		[-7_200_000, /⚠️ Die Uhr dieses Rechners geht um 2 Std\. nach\./],
		[0, /✅ Die Uhr dieses Rechners geht richtig\./],
	])("compares the clock with that of the servers (%i ms)", async (skew, finding) => {
		model.next({ headers: { date: new Date(Date.now() - skew).toUTCString() } });
		program = startProgram("doctor", environment());
		expect(await program.ended()).toBe(0);
		expect(program.output()).toMatch(finding);
	});

	it("tells how the bot is set up at Telegram", async () => {
		const setUp = { readsAllGroupMessages: true, webhookUrl: "https://example.org/hook" };
		const telegram = await createFakeTelegram({ setUp });
		program = startProgram("doctor", {
			...environment(),
			TELEGRAM_BOT_TOKEN: telegram.token,
			TELEGRAM_API_ROOT: telegram.apiRoot,
		});
		expect(await program.ended()).toBe(0);
		await telegram.close();
		expect(program.output()).toContain("✅ Telegram: Der Token gehört zu @clawdbot_de_bot.");
		expect(program.output()).toContain("⚠️ Telegram: Der Privatmodus ist ausgeschaltet");
		expect(program.output()).toContain("⚠️ Telegram: Nachrichten gehen noch an eine andere Adresse (Webhook).");
	});

	it("tells which rights are missing on a Discord server, and which intents are too many", async () => {
		const discord = await createFakeDiscord({ applicationFlags: 1 << 19 });
		discord.addGuild("Verein", 1n << 10n);
		discord.addGuild("Freunde");
		discord.addGuild("Chefin", 1n << 3n);
		program = startProgram("doctor", {
			...environment(),
			DISCORD_BOT_TOKEN: discord.token,
			DISCORD_API_ROOT: discord.apiRoot,
		});
		expect(await program.ended()).toBe(0);
		await discord.close();
		expect(program.output()).toContain("⚠️ Discord: Privilegierte Intents sind eingeschaltet (Message Content).");
		expect(program.output()).toContain(
			"⚠️ Discord: Auf dem Server „Verein“ fehlen Rechte (Send Messages, Send Messages in Threads, Read Message History, Attach Files).",
		);
		expect(program.output()).toContain("✅ Discord: Auf 2 Servern mit allen nötigen Rechten.");
	});

	it("names the certificate that nobody trusts", async () => {
		// Made for this test, signed by itself, trusted by nobody.
		const pem = (name: string): Buffer => readFileSync(join(import.meta.dirname, `../fixtures/tls/${name}.pem`));
		const server = createServer({ key: pem("key"), cert: pem("certificate") });
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		program = startProgram("doctor", { ...environment(), GROQ_BASE_URL: `https://127.0.0.1:${port}/v1` });
		expect(await program.ended()).toBe(1);
		expect(program.output()).toContain(
			"⛔ Groq: Das Zertifikat des Servers ist nicht vertrauenswürdig. Prüfe GROQ_BASE_URL",
		);
		await program.dispose();
		server.close();

		program = startProgram("doctor", { ...environment(), GROQ_BASE_URL: "http://gibt-es-nicht.invalid/v1" });
		expect(await program.ended()).toBe(1);
		expect(program.output()).toContain("⛔ Groq: Der Name des Servers ist im Netz nicht zu finden.");
		await program.dispose();

		program = startProgram("doctor", { ...environment(), GROQ_BASE_URL: "http://127.0.0.1:1/v1" });
		expect(await program.ended()).toBe(1);
		expect(program.output()).toContain("⛔ Groq ist nicht zu erreichen.");
	});

	it("names the variable for the key that a local server wants", async () => {
		model.next({ status: 401, body: { error: { message: "unauthorised" } } });
		program = startProgram("doctor", { LOCAL_BASE_URL: model.baseUrl });
		expect(await program.ended()).toBe(1);
		expect(program.output()).toMatch(
			/⛔ Der Server auf diesem Rechner verlangt einen Schlüssel\. Trag ihn als LOCAL_API_KEY ein/,
		);
	});

	it("names the region of a refused key where keys have one", async () => {
		model.next({ status: 401, body: { error: { message: "Incorrect API key provided.", code: "invalid_api_key" } } });
		const qwen = { QWEN_API_KEY: "sk-abc", QWEN_BASE_URL: model.baseUrl, QWEN_MODEL: "test-model" };
		program = startProgram("doctor", qwen);
		expect(await program.ended()).toBe(1);
		expect(program.output()).toMatch(/⛔ Qwen lehnt den Schlüssel ab\. Prüfe QWEN_API_KEY und QWEN_REGION/);
	});

	it("tells a damaged database from a folder that cannot be written", async () => {
		program = startProgram("doctor", environment());
		expect(await program.ended()).toBe(0);
		const { dataDirectory } = program;
		writeFileSync(join(dataDirectory, "clawdbot.sqlite"), "no database, but only text".repeat(1_000));
		program = startProgram("doctor", environment(), { dataDirectory });
		expect(await program.ended()).toBe(1);
		expect(program.output()).toMatch(/⛔ Die Datei .* ist beschädigt\. Lege sie zur Seite/);
	});
});
