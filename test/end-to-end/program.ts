import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { vi } from "vitest";

/** The bot as an operator starts it: `npm start` or another script in a process of its own. */
export interface Program {
	readonly dataDirectory: string;
	/** What it has logged so far. */
	log(): readonly Readonly<Record<string, unknown>>[];
	/** Everything it wrote to standard output. */
	output(): string;
	/** Everything it wrote to standard error. */
	errors(): string;
	/** Resolves once so many channels said that they are ready. */
	ready(channels?: number): Promise<void>;
	/** Sends the signal and resolves to the exit code of the script. */
	stop(signal?: NodeJS.Signals): Promise<number | null>;
	/** Resolves to the exit code once the program ended by itself. */
	ended(): Promise<number | null>;
	/** Ends whatever still runs and removes its folder. */
	dispose(): Promise<void>;
}

const root = resolve(import.meta.dirname, "../..");
/** Variables of the machine that would set up channels or providers of their own. */
const foreign = /_(API_KEY|BASE_URL|MODEL|BOT_TOKEN|API_ROOT)$|^(LOCAL|QWEN|DATA|LOG|ACCESS|ALLOWED|ADMIN|DEFAULT)_/;

export function startProgram(
	script: "start" | "chat" | "doctor" | "login",
	environment: Readonly<Record<string, string>>,
	options: {
		readonly input?: string;
		readonly dataDirectory?: string;
		readonly arguments?: readonly string[];
	} = {},
): Program {
	const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), "clawdbot-"));
	const machine = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
	// Set and empty, so that a .env file in the project cannot fill them.
	const emptied = Object.fromEntries(
		["TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", "GROQ_API_KEY", "QWEN_API_KEY", "DEEPSEEK_API_KEY"].map((name) => [
			name,
			"",
		]),
	);
	const child: ChildProcess = spawn("npm", ["run", "--silent", script, "--", ...(options.arguments ?? [])], {
		cwd: root,
		detached: true,
		env: { ...machine, ...emptied, LOCAL_BASE_URL: "off", DATA_DIR: dataDirectory, LOG_LEVEL: "info", ...environment },
	});
	let output = "";
	let errors = "";
	child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
	child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
	child.stdin?.end(options.input ?? "");
	const exit = once(child, "exit").then(([code]) => code as number | null);

	const log = (): readonly Readonly<Record<string, unknown>>[] =>
		errors.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
	/** npm hands signals on to the script; only a kill has to reach the whole group. */
	const signal = (name: NodeJS.Signals): void => {
		if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
		process.kill(name === "SIGKILL" ? -child.pid : child.pid, name);
	};

	return {
		dataDirectory,
		log,
		output: () => output,
		errors: () => errors,
		ready: (channels = 1) =>
			vi.waitFor(
				() => {
					const ready = log().filter(({ msg }) => msg === "ready");
					if (ready.length < channels) throw new Error(`not ready: ${errors.slice(-2_000)}`);
				},
				{ timeout: 20_000, interval: 50 },
			),
		stop(name = "SIGTERM") {
			signal(name);
			return exit;
		},
		ended: () => exit,
		async dispose() {
			signal("SIGKILL");
			await exit;
			rmSync(dataDirectory, { recursive: true, force: true });
		},
	};
}
