import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { type ChatMessage, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { readProviderSettings } from "../../src/providers/settings.ts";
import { createHurriedClock } from "../fakes/clock.ts";

const script = fileURLToPath(new URL("../fakes/qwen-code.ts", import.meta.url));
const question: readonly ChatMessage[] = [{ role: "user", content: "Hallo" }];

interface Seen {
	readonly arguments: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	readonly folder: string;
	readonly files: readonly string[];
	readonly input: string;
	readonly pid: number;
}

/** The provider over a program that plays the scenario. */
function start(scenario: string, clock: Clock = systemClock) {
	const folder = mkdtempSync(join(tmpdir(), "fake-qwen-"));
	vi.stubEnv("TMPDIR", folder);
	onTestFinished(() => {
		vi.unstubAllEnvs();
		rmSync(folder, { recursive: true, force: true });
	});
	writeFileSync(join(folder, "scenario"), scenario);
	const command = join(folder, "qwen");
	writeFileSync(command, `#!/bin/sh\nFAKE_QWEN_CODE=${folder} exec ${process.execPath} ${script} "$@"\n`);
	chmodSync(command, 0o700);
	const seen = (): Seen => JSON.parse(readFileSync(join(folder, "seen.json"), "utf8"));
	return { provider: createProvider(command, clock), seen, folder };
}

function createProvider(command: string, clock: Clock): Provider {
	const settings = { name: "qwen-cli", baseUrl: "https://api.example/v1", apiKey: "sk-1234567890", command };
	const parts = { clock, log: createLog("silent", []), eurPerUsd: 1, dataDirectory: tmpdir() };
	const [provider] = createProviders([settings], parts);
	if (!provider) throw new Error("no provider");
	return provider;
}

async function ask(provider: Provider, messages = question, signal?: AbortSignal) {
	const shown: string[] = [];
	const [model] = provider.models;
	if (!model) throw new Error("no model");
	const options = { onText: (text: string) => void shown.push(text), ...(signal && { signal }) };
	const outcome = await provider.complete(model, { messages, maxTokens: 100 }, options).then(
		({ text, finishReason, usage }) => ({ text, finishReason, usage }),
		(error: unknown) => (error instanceof ProviderError ? error.kind : String(error)),
	);
	return { outcome, shown };
}

/** A process that was killed and that nobody has asked about yet counts as gone. */
function isAlive(pid: number): boolean {
	const state = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
	return state !== "" && !state.startsWith("Z");
}

/** No process and no folder is left of the call. */
async function expectGone({ pid, folder }: Seen): Promise<void> {
	await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
	await expect.poll(() => existsSync(dirname(folder)), { timeout: 10_000 }).toBe(false);
}

describe("the Qwen Code CLI as a provider", { timeout: 60_000 }, () => {
	it("answers as it writes, and is gone as soon as it has said all", async () => {
		const { provider, seen } = start("answer");
		const { outcome, shown } = await ask(provider);
		expect(outcome).toEqual({
			text: "Guten Tag",
			finishReason: "stop",
			usage: { inputTokens: 17, outputTokens: 3, isEstimated: false },
		});
		expect(shown).toEqual(["Guten ", "Guten Tag"]);
		await expectGone(seen());
	});

	it("runs in an empty folder, with every lock, and knows nothing of the bot's environment", async () => {
		vi.stubEnv("TELEGRAM_BOT_TOKEN", "secret");
		const { provider, seen } = start("answer");
		await ask(provider);
		const { environment, files, arguments: names } = seen();
		expect(files).toEqual([]);
		expect(names).toEqual(expect.arrayContaining(["--bare", "--chat-recording=false"]));
		expect(names.join(" ")).toContain("--approval-mode plan --max-tool-calls 0 --exclude-tools=run_shell_command,");
		const { PATH, HOME, TMPDIR, PWD, SHLVL, _, ...own } = environment;
		expect(own).toEqual({
			OPENAI_API_KEY: "sk-1234567890",
			OPENAI_BASE_URL: "https://api.example/v1",
			OPENAI_MODEL: "qwen3.8-flash",
			QWEN_CODE_MAX_OUTPUT_TOKENS: "100",
			QWEN_CODE_DISABLE_CRON: "1",
			QWEN_USAGE_STATISTICS_ENABLED: "false",
			QWEN_TELEMETRY_ENABLED: "false",
		});
	});

	it("hands over the conversation unseen by others, with no word that the program could take for a command", async () => {
		const { provider, seen } = start("answer");
		const messages: readonly ChatMessage[] = [
			{ role: "system", content: "Sei kurz." },
			{ role: "user", content: "/quit @/etc/passwd @http://127.0.0.1/ ich@firma.de" },
		];
		await ask(provider, messages);
		const { input, arguments: names } = seen();
		expect(JSON.parse(input)).toEqual(messages);
		expect(input).toMatch(/^\[\{/);
		expect(input).not.toContain("@");
		expect(names.join(" ")).not.toMatch(/passwd|Sei kurz/);
	});

	it.each([
		["wrong key", "auth", []],
		["too many", "rate-limit", []],
		["no connection", "network", []],
		["quiet error", "overload", []],
		["empty", "bad-answer", []],
		["offers tools", "bad-request", []],
		["may change files", "bad-request", []],
		["calls a tool", "bad-answer", ["Ich sehe nach."]],
		["repeats", "overload", ["Guten"]],
		["wall time", "timeout", []],
		["broken off", "bad-answer", ["Guten"]],
		["garbage", "bad-answer", []],
	])("takes '%s' for %s, never for an answer", async (scenario, kind, shown) => {
		const { provider, seen } = start(scenario);
		expect(await ask(provider)).toEqual({ outcome: kind, shown });
		await expectGone(seen());
	});

	it("says that an answer was cut at the asked-for length", async () => {
		expect((await ask(start("length").provider)).outcome).toMatchObject({ text: "Guten", finishReason: "length" });
	});

	it("gives up a program that falls silent", async () => {
		const { provider, seen } = start("silent", createHurriedClock(5));
		expect((await ask(provider)).outcome).toBe("timeout");
		await expectGone(seen());
	});

	it("ends a program that does not want to end, with its helpers, when the person stops the answer", async () => {
		const { provider, seen, folder } = start("stubborn");
		const stop = new AbortController();
		const call = ask(provider, question, stop.signal);
		await expect.poll(() => existsSync(join(folder, "helper")), { timeout: 20_000 }).toBe(true);
		await expect.poll(() => readFileSync(join(folder, "helper"), "utf8"), { timeout: 20_000 }).not.toBe("");
		stop.abort();
		expect((await call).outcome).toBe("aborted");
		await expectGone(seen());
		await expect.poll(() => isAlive(Number(readFileSync(join(folder, "helper"), "utf8")))).toBe(false);
	});

	it("says that the program is not there", async () => {
		const provider = createProvider("/nowhere/qwen", systemClock);
		const [model] = provider.models;
		if (!model) throw new Error("no model");
		await expect(provider.complete(model, { messages: question, maxTokens: 10 })).rejects.toMatchObject({
			kind: "bad-request",
			code: "COMMAND_MISSING",
		});
	});
});

describe("the settings of the Qwen Code CLI", () => {
	const qwen = { QWEN_API_KEY: "sk-1234567890", QWEN_REGION: "singapore" };
	const ofCli = (environment: Readonly<Record<string, string>>) => {
		const { settings, problems } = readProviderSettings(environment);
		return { settings: settings.find(({ name }) => name === "qwen-cli"), problems: problems.map(({ key }) => key) };
	};

	it("are off by default", () => {
		expect(ofCli(qwen)).toEqual({ settings: undefined, problems: [] });
	});

	it("take key, address and region of Qwen", () => {
		expect(ofCli({ ...qwen, QWEN_CLI_COMMAND: "/opt/qwen", QWEN_CLI_MODEL: "qwen3.8-max" }).settings).toEqual({
			name: "qwen-cli",
			command: "/opt/qwen",
			apiKey: "sk-1234567890",
			baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
			region: "asia",
			models: ["qwen3.8-max"],
		});
		const elsewhere = { ...qwen, QWEN_BASE_URL: "http://127.0.0.1:8/", QWEN_CLI_COMMAND: "/opt/qwen" };
		expect(ofCli(elsewhere).settings?.baseUrl).toBe("http://127.0.0.1:8/v1");
	});

	it("say what is missing", () => {
		expect(ofCli({ ...qwen, QWEN_CLI_COMMAND: "qwen" }).problems).toEqual(["login.cliPath"]);
		expect(ofCli({ QWEN_REGION: "singapore", QWEN_CLI_COMMAND: "/opt/qwen" }).problems).toContain("config.keyMissing");
	});
});
