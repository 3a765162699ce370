import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Behaviour, createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
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
			/⛔ Groq versteht die Anfrage nicht\. Prüfe, ob GROQ_BASE_URL/,
		],
		[
			"a model that thinks before it answers",
			{ text: "Hallo!", reasoning: "Ein Gruß.", reasoningField: "reasoning" },
			0,
			/✅ Groq antwortet/,
		],
	])("looks behind %s", async (_, behaviour, code, finding) => {
		model.next(behaviour);
		program = startProgram("doctor", environment());
		expect(await program.ended()).toBe(code);
		expect(program.output()).toMatch(finding);
		expect(Number(model.requests[0]?.body.max_tokens)).toBeGreaterThanOrEqual(200);
	});

	it("names no variable that does not exist when a local server wants a key", async () => {
		model.next({ status: 401, body: { error: { message: "unauthorised" } } });
		program = startProgram("doctor", { LOCAL_BASE_URL: model.baseUrl });
		expect(await program.ended()).toBe(1);
		expect(program.output()).toMatch(/⛔ Der Server auf diesem Rechner verlangt einen Schlüssel/);
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
