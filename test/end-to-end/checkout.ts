import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { vi } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** A checkout of its own, whose `.env` and `data` are no other's: what a person has who has just cloned the project. */
export interface Checkout {
	readonly folder: string;
	/** What `.env` says; undefined while there is none. */
	environmentFile(): string | undefined;
	/** Puts an installed engine where the setup would put it. */
	addEngine(engine: string): void;
	/** Everything that asks for an address which begins with `from` reaches `to` instead. */
	redirect(from: string, to: string): void;
	/** Runs `npm run …` to its end, without a terminal. */
	run(script: string, args?: readonly string[], environment?: Environment): Promise<Ended>;
	/** Runs `npm run …` at a terminal. */
	open(script: string, environment?: Environment): Terminal;
	/** Ends what still runs and removes everything. */
	remove(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

interface Ended {
	readonly code: number;
	readonly output: string;
	readonly errors: string;
}

interface Terminal {
	/** All that was ever written. */
	screen(): string;
	/** Resolves once the screen shows this behind everything that was waited for before. */
	shows(text: string | RegExp): Promise<void>;
	type(keys: string): void;
	/** Resolves to the exit code. */
	ended(): Promise<number>;
	/** Takes the terminal away, if it is still there. */
	close(): Promise<void>;
}

export const hasTerminal = spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true;
if (!hasTerminal) console.warn("skipped: tests in a terminal need util-linux's script, which this machine lacks");

export function createCheckout(): Checkout {
	const folder = mkdtempSync(join(tmpdir(), "clawdbot-"));
	for (const name of ["src", "locales", "package.json"])
		cpSync(join(root, name), join(folder, name), { recursive: true });
	symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
	const terminals: Terminal[] = [];
	const redirections: Record<string, string> = {};
	const preload = join(folder, "redirections.mjs");

	function variables(environment: Environment = {}): NodeJS.ProcessEnv {
		const { PATH, HOME } = process.env;
		const usual = { PATH, HOME, TERM: "xterm", LANG: "C.UTF-8", LOCAL_BASE_URL: "off" };
		return { ...usual, ...(existsSync(preload) && { NODE_OPTIONS: `--import=${preload}` }), ...environment };
	}

	return {
		folder,
		environmentFile: () => (existsSync(join(folder, ".env")) ? readFileSync(join(folder, ".env"), "utf8") : undefined),
		addEngine(engine) {
			mkdirSync(join(folder, "data"));
			symlinkSync(engine, join(folder, "data", "engine"));
		},
		redirect(from, to) {
			redirections[from] = to;
			writeFileSync(
				preload,
				`const original = globalThis.fetch;
				const places = Object.entries(${JSON.stringify(redirections)});
				globalThis.fetch = (input, options) => {
					const address = input instanceof Request ? input.url : String(input);
					const [from, to] = places.find(([from]) => address.startsWith(from)) ?? ["", ""];
					return original(input instanceof Request ? input : address.replace(from, to), options);
				};`,
			);
		},
		async run(script, args = [], environment) {
			const child = spawn("npm", ["run", "--silent", script, "--", ...args], {
				cwd: folder,
				env: variables(environment),
				stdio: ["ignore", "pipe", "pipe"],
			});
			let output = "";
			let errors = "";
			child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
			child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
			const [code] = await once(child, "close");
			return { code, output, errors };
		},
		open(script, environment) {
			const terminal = openTerminal(folder, script, variables(environment));
			terminals.push(terminal);
			return terminal;
		},
		async remove() {
			await Promise.all(terminals.map((terminal) => terminal.close()));
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** A real terminal, by util-linux's `script`: what is written to it is typed. */
function openTerminal(cwd: string, script: string, env: NodeJS.ProcessEnv): Terminal {
	const command = `stty cols 160 rows 50; exec npm run --silent ${script}`;
	const child = spawn("script", ["-qfec", command, "/dev/null"], { cwd, env });
	const ended = once(child, "exit");
	let written = "";
	let read = 0;
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		written += text;
	});
	const screen = (): string => stripVTControlCharacters(written);
	return {
		screen,
		async shows(text) {
			const end = await vi.waitFor(
				() => {
					const rest = screen().slice(read);
					const found = typeof text === "string" ? rest.indexOf(text) : rest.search(text);
					if (found < 0) throw new Error(`the terminal does not show ${text}, but:\n${rest}`);
					return read + found + 1;
				},
				{ timeout: 30_000, interval: 20 },
			);
			read = end;
		},
		type: (keys) => void child.stdin.write(keys),
		async ended() {
			const [code] = await ended;
			return code as number;
		},
		async close() {
			child.kill();
			await ended;
		},
	};
}
