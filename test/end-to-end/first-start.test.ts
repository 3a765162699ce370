import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { type Checkout, createCheckout, hasTerminal } from "./checkout.ts";

const key = "gsk_0123456789abcdef";
const enter = "\r";
let checkout: Checkout;
let model: FakeLanguageModel;

beforeEach(async () => {
	checkout = createCheckout();
	model = await createFakeLanguageModel({ apiKey: key, models: ["openai/gpt-oss-120b", "openai/gpt-oss-20b"] });
	checkout.redirect("https://api.groq.com/openai", model.origin);
});
afterEach(async () => {
	await checkout.remove();
	await model.close();
});

/** The number in front of this way on the screen. */
function numberOf(screen: string, way: string): string {
	const number = new RegExp(`(\\d+) +${way} \\(`).exec(screen)?.[1];
	if (number === undefined) throw new Error(`${way} is not offered:\n${screen}`);
	return number;
}

describe.skipIf(!hasTerminal)("the first start at a terminal", { timeout: 60_000 }, () => {
	it("asks for a provider and its key, tries it, and ends in the first answer", async () => {
		model.behave(() => ({ text: "Das ist die erste Antwort." }));
		const terminal = checkout.open("start");
		await terminal.shows("Nummer ›");
		terminal.type(`99${enter}`);
		await terminal.shows(/Nummer von 1 bis \d+/);
		await terminal.shows("Nummer ›");
		terminal.type(numberOf(terminal.screen(), "Groq") + enter);
		await terminal.shows("Schlüssel ›");
		terminal.type(`  ${key}  ${enter}`);
		await terminal.shows("✅ Fertig");
		expect(checkout.environmentFile()).toBe(`GROQ_API_KEY=${key}\n`);

		await terminal.shows("Du ›");
		terminal.type(`Hallo?${enter}`);
		await terminal.shows("Das ist die erste Antwort.");
		expect(model.requests.at(-1)?.question).toBe("Hallo?");
		expect(terminal.screen()).not.toContain(key);
		terminal.type("\u0004");
		expect(await terminal.ended()).toBe(0);
	});

	it("asks again for a key that the provider refuses, and for one that cannot be any", async () => {
		const terminal = checkout.open("chat");
		await terminal.shows("Nummer ›");
		terminal.type(numberOf(terminal.screen(), "Groq") + enter);
		await terminal.shows("Schlüssel ›");
		terminal.type(`gsk_ä${enter}`);
		await terminal.shows("enthält Zeichen, die in keinem Schlüssel vorkommen");
		await terminal.shows("Schlüssel ›");
		terminal.type(`gsk_falsch${enter}`);
		await terminal.shows("Groq nimmt diesen Schlüssel nicht an");
		await terminal.shows("Schlüssel ›");
		expect(checkout.environmentFile()).toBeUndefined();
		terminal.type(key + enter);
		await terminal.shows("Du ›");
		expect(checkout.environmentFile()).toBe(`GROQ_API_KEY=${key}\n`);
		expect(terminal.screen()).not.toContain("falsch");
		terminal.type("\u0004");
		await terminal.ended();
	});

	it("says at the terminal what is wrong with a provider, and starts with the others", async () => {
		const terminal = checkout.open("chat", { LOCAL_BASE_URL: "", LOCAL_MODEL_FILE: "/nix/da.gguf", GROQ_API_KEY: key });
		await terminal.shows("LOCAL_MODEL_FILE nennt eine Datei, die es nicht gibt: /nix/da.gguf.");
		await terminal.shows("Du ›");
		model.behave(() => ({ status: 401, body: { error: { message: "invalid api key" } } }));
		terminal.type(`Hallo?${enter}`);
		await terminal.shows("Groq lehnt den Schlüssel ab und wird bis zum nächsten Start nicht mehr gefragt.");
		expect(terminal.screen()).not.toMatch(/[{}]|HTTP/);
		await terminal.shows("Du ›");
		terminal.type("\u0004");
		expect(await terminal.ended()).toBe(0);
	});

	it("leads back to the first question by Enter alone, and asks for what else a provider needs", async () => {
		const qwen = await createFakeLanguageModel({ models: ["qwen3.8-max", "qwen3.8-flash"] });
		checkout.redirect("https://ws-1.eu-central-1.maas.aliyuncs.com/compatible-mode", qwen.origin);
		const terminal = checkout.open("start");
		await terminal.shows("Nummer ›");
		terminal.type(numberOf(terminal.screen(), "Groq") + enter);
		await terminal.shows("Schlüssel ›");
		terminal.type(enter);
		await terminal.shows("Nummer ›");
		terminal.type(numberOf(terminal.screen(), "Qwen") + enter);
		await terminal.shows("Schlüssel ›");
		terminal.type(`sk-abc${enter}`);
		await terminal.shows("Antwort ›");
		terminal.type(`frankfurt${enter}`);
		await terminal.shows("QWEN_WORKSPACE_ID fehlt");
		await terminal.shows("Antwort ›");
		terminal.type(`Frankfurt ws-1${enter}`);
		await terminal.shows("Du ›");
		expect(checkout.environmentFile()).toBe("QWEN_API_KEY=sk-abc\nQWEN_REGION=frankfurt\nQWEN_WORKSPACE_ID=ws-1\n");
		terminal.type("\u0004");
		await terminal.ended();
		await qwen.close();
	});

	it.each([
		["Ctrl-C", "\u0003", "Nummer ›"],
		["Ctrl-D", "\u0004", "Nummer ›"],
		["Ctrl-C", "\u0003", "Schlüssel ›"],
	])("can be left by %s and has written nothing then", async (_, keys, question) => {
		const terminal = checkout.open("start");
		await terminal.shows("Nummer ›");
		if (question !== "Nummer ›") {
			terminal.type(numberOf(terminal.screen(), "Groq") + enter);
			await terminal.shows(question);
			terminal.type("gsk_hal");
		}
		terminal.type(keys);
		await terminal.shows("Abgebrochen.");
		expect(await terminal.ended()).toBe(78);
		expect(checkout.environmentFile()).toBeUndefined();
	});
});

describe("the first start without a terminal", { timeout: 60_000 }, () => {
	it("asks nothing and ends with 78 and the sentence that names what is missing", async () => {
		const { code, errors, output } = await checkout.run("chat");
		expect(code).toBe(78);
		expect(errors).toMatch(/kein Anbieter eingerichtet/);
		expect(output).toBe("");
	});
});
