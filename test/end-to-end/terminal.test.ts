import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { type Program, startProgram } from "./program.ts";
import { prompts } from "./prompts.ts";

let model: FakeLanguageModel;
let program: Program | undefined;
const local = (): Record<string, string> => ({ LOCAL_BASE_URL: model.baseUrl });

beforeEach(async () => {
	model = await createFakeLanguageModel();
});
afterEach(async () => {
	await program?.dispose();
	program = undefined;
	await model.close();
});

async function run(
	...given: Parameters<typeof startProgram>
): Promise<{ code: number | null; output: string; errors: string }> {
	program = startProgram(...given);
	const code = await program.ended();
	return { code, output: program.output(), errors: program.errors() };
}

describe("the program behind a pipe", { timeout: 60_000 }, () => {
	it("prints the answer, nothing else, and exits with 0", async () => {
		model.behave(() => ({ text: "Sieben mal acht ist **56**, ganz ohne Taschenrechner.", tokenMilliseconds: 5 }));
		const { code, output } = await run("chat", local(), { input: "Was ist 7 mal 8?\n" });
		expect(code).toBe(0);
		expect(output).toMatch(/^Sieben mal acht ist 56, ganz ohne Taschenrechner\.\n\n.*KI.*\n$/);
		expect(model.requests.map(({ question }) => question)).toEqual(["Was ist 7 mal 8?"]);
	});

	it("keeps the conversation from one call to the next", async () => {
		const dataDirectory = mkdtempSync(join(tmpdir(), "clawdbot-"));
		await run("chat", local(), { input: "Ich heiße Erika.", dataDirectory });
		await run("chat", local(), { input: "Wie heiße ich?", dataDirectory });
		expect(model.requests[1]?.body.messages?.map(({ content }) => content)).toContain("Ich heiße Erika.");
	});

	it("says in German when every provider is down, on standard output, with the next time to try", async () => {
		model.behave(() => ({ status: 503, body: { error: { message: "overloaded" } } }));
		const { code, output } = await run("chat", local(), { input: "Hallo?" });
		expect(code).toBe(0);
		expect(output).toMatch(/Gerade antwortet keiner der Anbieter\. Der nächste Versuch ist um \d\d:\d\d/);
		expect(output).not.toMatch(/503|overload/);
	});

	it("answers empty, huge and strange texts without a crash", async () => {
		expect((await run("chat", local(), { input: "\n" })).output).toMatch(/Es kam kein Text an/);
		await program?.dispose();
		const tooLong = await run("chat", local(), { input: "ä".repeat(100_001) });
		expect(tooLong.output).toMatch(/100\.000 Zeichen/);
		expect(model.requests).toHaveLength(0);
		await program?.dispose();
		const strange = await run("chat", local(), { input: "a\u0000b \u202Egespiegelt\u202C" });
		expect(strange.code).toBe(0);
		expect(model.requests).toHaveLength(1);
	});
});

describe("the program without what it needs", { timeout: 60_000 }, () => {
	it("names the tokens and the terminal chat when no channel is set up and nobody sits there", async () => {
		const { code, errors } = await run("start", local());
		expect(code).toBe(78);
		for (const word of ["TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", "npm run chat"]) expect(errors).toContain(word);
	});

	it("ends with 78 when no provider is set up", async () => {
		const { code, errors } = await run("chat", {}, { input: "Hallo" });
		expect(code).toBe(78);
		expect(errors).toMatch(/kein Anbieter eingerichtet/);
	});

	it("starts with the provider that works and says what is wrong with the other", async () => {
		const plan = { QWEN_API_KEY: "sk-sp-geheim", QWEN_REGION: "singapore" };
		const { code, output, errors } = await run("chat", { ...local(), ...plan }, { input: "Hallo" });
		expect(code).toBe(0);
		expect(output).toMatch(/Antwort auf: Hallo/);
		expect(errors).toMatch(/QWEN_API_KEY gehört zu einem Coding Plan oder Token Plan/);
		expect(errors).not.toContain("geheim");
		await program?.dispose();
		const alone = await run("chat", plan, { input: "Hallo" });
		expect(alone.code).toBe(78);
		expect(alone.errors).toMatch(/QWEN_API_KEY gehört zu einem Coding Plan oder Token Plan/);
		await program?.dispose();
		const doctor = await run("doctor", { ...local(), ...plan });
		expect(doctor.code).toBe(1);
		expect(doctor.output).toMatch(/⛔ QWEN_API_KEY gehört/);
		expect(doctor.output).toMatch(/✅ Lokal antwortet/);
	});

	it("lists every wrong setting at once and ends with 78", async () => {
		const { code, errors } = await run("chat", { ACCESS_MODE: "x", LOG_LEVEL: "y", GROQ_API_KEY: "a,b" });
		expect(code).toBe(78);
		expect(errors).toMatch(/3 Fehler:\n- .*\n- .*\n- /);
	});

	it("tells in the doctor what is wrong and how to mend it", async () => {
		const fine = await run("doctor", local());
		expect(fine.code).toBe(0);
		expect(fine.output).toMatch(/✅ Lokal antwortet/);
		await program?.dispose();
		model.behave(() => ({ status: 401, body: { error: { message: "invalid api key" } } }));
		const wrongKey = { GROQ_API_KEY: "gsk_wrong", GROQ_BASE_URL: model.baseUrl, GROQ_MODEL: "test-model" };
		const broken = await run("doctor", wrongKey);
		expect(broken.code).toBe(1);
		expect(broken.output).toMatch(/⛔ Groq lehnt den Schlüssel ab\. Prüfe GROQ_API_KEY/);
	});
});

const hasTerminal = spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true;
if (!hasTerminal) console.warn("skipped: tests in a terminal need util-linux's script, which this machine lacks");

/** A real terminal for the program, by util-linux's `script`: what is written to it is typed. */
function openTerminal(size = "stty cols 200 rows 50") {
	const dataDirectory = mkdtempSync(join(tmpdir(), "clawdbot-"));
	const child = spawn("script", ["-qfec", `${size}; exec npm run --silent chat`, "/dev/null"], {
		cwd: resolve(import.meta.dirname, "../.."),
		env: { ...process.env, ...local(), DATA_DIR: dataDirectory, LOG_LEVEL: "error", TERM: "xterm" },
	});
	let screen = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		screen += text;
	});
	return {
		screen: () => stripVTControlCharacters(screen),
		paste: (text: string) => void child.stdin.write(`\u001b[200~${text}\u001b[201~\r`),
		type: (keys: string) => void child.stdin.write(keys),
		async end(): Promise<number> {
			child.stdin.write("\u0004");
			const [code] = await once(child, "exit");
			rmSync(dataDirectory, { recursive: true, force: true });
			return code;
		},
	};
}

describe.skipIf(!hasTerminal)("the program in a terminal", { timeout: 120_000 }, () => {
	it("brings a hundred real prompts to the model unchanged, each with one complete answer, in order", async () => {
		let count = 0;
		model.behave(() => ({ text: `Das ist Antwort Nummer ${++count}, hier endet sie.` }));
		const terminal = openTerminal();
		await vi.waitFor(() => expect(terminal.screen()).toContain("›"), { timeout: 20_000 });
		for (const [index, { text }] of prompts.entries()) {
			terminal.paste(text);
			const answered = (): void => expect(terminal.screen()).toContain(`Antwort Nummer ${index + 1}, hier endet sie.`);
			await vi.waitFor(answered, { timeout: 20_000, interval: 10 });
		}
		expect(await terminal.end()).toBe(0);
		expect(model.requests.map(({ question }) => question)).toEqual(prompts.map(({ text }) => text));
	});

	it("ends the answer with Ctrl-C and the program with a second one, also where the width is unknown", async () => {
		model.behave(() => ({ text: "Das dauert noch lange. ".repeat(200), tokenMilliseconds: 50 }));
		const terminal = openTerminal("stty cols 0 rows 0");
		await vi.waitFor(() => expect(terminal.screen()).toContain("›"), { timeout: 20_000 });
		terminal.type("Erzähl mir etwas.\r");
		await vi.waitFor(() => expect(terminal.screen()).toContain("dauert noch"), { timeout: 20_000 });
		terminal.type("\u0003");
		await vi.waitFor(() => expect(terminal.screen()).toContain("(abgebrochen)"), { timeout: 20_000 });
		await vi.waitFor(() => expect(model.requests[0]?.isAborted).toBe(true), { timeout: 5_000 });
		terminal.type("\u0003");
		expect(await terminal.end()).toBe(0);
	});
});
