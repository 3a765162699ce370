import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { ProviderError } from "../../src/providers/provider.ts";
import { createHurriedClock } from "../fakes/clock.ts";
import { type Behaviour, createFakeLanguageModel } from "../fakes/language-model.ts";

/** The real program, version 0.24.4: `npm install --prefix .cache/qwen-cli @qwen-code/qwen-code@0.24.4`. */
const command =
	process.env.CLAWDBOT_TEST_QWEN_CLI ?? resolve(import.meta.dirname, "../../.cache/qwen-cli/node_modules/.bin/qwen");
const isThere = existsSync(command);
const reason = isThere ? "" : ` (skipped: no Qwen Code CLI at ${command}, CLAWDBOT_TEST_QWEN_CLI names another place)`;

async function start(behaviour: Behaviour, clock: Clock = systemClock) {
	const folder = mkdtempSync(join(tmpdir(), "canary-"));
	const secret = join(folder, "secret.txt");
	writeFileSync(secret, "Geheimnis 4711");
	const model = await createFakeLanguageModel({
		models: ["qwen3.8-flash"],
		takesTextParts: true,
		behave: () => behaviour,
	});
	const temporary = mkdtempSync(join(tmpdir(), "real-qwen-"));
	vi.stubEnv("TMPDIR", temporary);
	onTestFinished(async () => {
		vi.unstubAllEnvs();
		rmSync(temporary, { recursive: true, force: true });
		await model.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const settings = { name: "qwen-cli", baseUrl: model.baseUrl, apiKey: "sk-1234567890", command };
	const [provider] = createProviders([settings], {
		clock,
		log: createLog("silent", []),
		eurPerUsd: 1,
		dataDirectory: folder,
	});
	const asked = provider?.models[0];
	if (!provider || !asked) throw new Error("no provider");
	const shown: string[] = [];
	return {
		folder,
		secret,
		model,
		shown,
		ask: (content: string, signal?: AbortSignal) =>
			provider
				.complete(
					asked,
					{ messages: [{ role: "user", content }], maxTokens: 100 },
					{ onText: (text) => void shown.push(text), ...(signal && { signal }) },
				)
				.then(
					({ text }) => text,
					(error: unknown) => (error instanceof ProviderError ? error.kind : String(error)),
				),
	};
}

/** Calls of all that the program could do, in one answer. */
function callsOf(folder: string, secret: string): Behaviour {
	const created = join(folder, "created.txt");
	const calls = [
		["run_shell_command", { command: `touch ${created}`, description: "x", is_background: false }],
		["run_shell_command", { command: `cat ${secret}`, description: "x", is_background: false }],
		["write_file", { file_path: created, content: "x" }],
		["edit", { file_path: secret, old_string: "Geheimnis", new_string: "Offen" }],
		["edit", { file_path: created, old_string: "", new_string: "x" }],
		["notebook_edit", { notebook_path: created, new_source: "x" }],
		["read_file", { file_path: secret }],
		["grep_search", { pattern: "Geheimnis", path: folder }],
		["glob", { pattern: "**/*", path: folder }],
		["list_directory", { path: folder }],
		["task", { description: "x", prompt: `touch ${created}`, subagent_type: "general-purpose" }],
		["update_goal", { status: "complete" }],
	] as const;
	const tool_calls = calls.map(([name, values], index) => ({
		index,
		id: `call_${index}`,
		type: "function",
		function: { name, arguments: JSON.stringify(values) },
	}));
	const chunk = (delta: object, finish_reason: string | null = null): string =>
		`data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
	const raw = [chunk({ role: "assistant", tool_calls }), chunk({}, "tool_calls"), "data: [DONE]\n\n"];
	return { raw, headers: { "content-type": "text/event-stream" } };
}

/** What the calls of this test have left behind. */
const folders = (): readonly string[] => readdirSync(tmpdir());

describe.skipIf(!isThere)(`the real Qwen Code CLI${reason}`, { timeout: 120_000 }, () => {
	it("answers, offers the model no tool, and leaves no folder behind", async () => {
		const { ask, model, shown } = await start({ text: "Guten Tag, ich schreibe an ich@firma.de." });
		expect(await ask("Schreibe an ich@firma.de")).toBe("Guten Tag, ich schreibe an ich@firma.de.");
		expect(shown.length).toBeGreaterThan(1);
		const [request] = model.requests;
		expect(request?.body.tools ?? []).toEqual([]);
		expect(request?.body.max_tokens).toBe(100);
		expect(JSON.stringify(request?.body).length).toBeLessThan(8_000);
		expect(JSON.stringify(request?.body)).toContain("ich\\\\u0040firma.de");
		await expect.poll(folders, { timeout: 20_000 }).toEqual([]);
	});

	it("runs no tool, reads no file and writes none, whatever the model calls", async () => {
		let calls: Behaviour = {};
		const { ask, model, folder, secret } = await start(calls);
		calls = callsOf(folder, secret);
		model.behave(() => calls);
		expect(await ask("Lies alle Dateien")).toBe("bad-answer");
		expect(readdirSync(folder)).toEqual(["secret.txt"]);
		expect(readFileSync(secret, "utf8")).toBe("Geheimnis 4711");
		expect(model.requests).toHaveLength(1);
		expect(JSON.stringify(model.requests.map(({ body }) => body))).not.toContain("4711");
	});

	it("fetches nothing that a person's message names with an @ or as a command", async () => {
		const { ask, model, secret } = await start({ text: "Nein." });
		for (const words of [`@${secret}`, `Lies @${secret} und @${model.origin}/bild.png`, "/export", `!cat ${secret}`]) {
			expect(await ask(words)).toBe("Nein.");
		}
		expect(model.otherRequests).toEqual([]);
		expect(JSON.stringify(model.requests.map(({ body }) => body))).not.toContain("4711");
	});

	it("shows nothing of its own words about a refused key", async () => {
		const { ask, shown } = await start({ status: 401, body: { error: { message: "Incorrect API key provided" } } });
		expect(await ask("Hallo")).toBe("auth");
		expect(shown).toEqual([]);
	});

	it("is ended when it would repeat a refused request for ever", async () => {
		const refused = { status: 429, body: { error: { message: "Rate limit reached" } } };
		const { ask, model } = await start(refused, createHurriedClock(4));
		expect(await ask("Hallo")).toBe("timeout");
		await expect.poll(folders, { timeout: 20_000 }).toEqual([]);
		expect(model.requests.length).toBeLessThan(12);
	});

	it("stops when the person stops it", async () => {
		const { ask, model } = await start({ firstTokenMilliseconds: 60_000 });
		const stop = new AbortController();
		const answer = ask("Hallo", stop.signal);
		await expect.poll(() => model.requests.length, { timeout: 60_000 }).toBe(1);
		stop.abort();
		expect(await answer).toBe("aborted");
		await expect.poll(() => model.requests[0]?.isAborted, { timeout: 10_000 }).toBe(true);
		await expect.poll(folders, { timeout: 20_000 }).toEqual([]);
	});
});
