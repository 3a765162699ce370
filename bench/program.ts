import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A Node program of this project in a process of its own, with a data folder that goes with it. */
export interface Program {
	/** Resolves to the milliseconds from the start until it has logged so many lines `ready`; rejects when it ends first. */
	ready(channels?: number): Promise<number>;
	/** What it wrote to standard error. */
	errors(): string;
	/** Processor time used so far, in milliseconds; NaN on other systems than Linux. */
	cpuMilliseconds(): number;
	/** Resident memory; NaN on other systems than Linux. */
	residentMegabytes(): number;
	/** Ends it, with force when it does not obey within five seconds, and removes its folder. */
	stop(): Promise<void>;
}

const root = resolve(import.meta.dirname, "..");
/** Set and empty or off, so that neither the machine nor a .env file in the project adds a channel or a provider. */
const nothingElse = {
	TELEGRAM_BOT_TOKEN: "",
	DISCORD_BOT_TOKEN: "",
	QWEN_API_KEY: "",
	GROQ_API_KEY: "",
	DEEPSEEK_API_KEY: "",
	LOCAL_BASE_URL: "off",
	LOCAL_MODEL: "",
	DEFAULT_REGIONS: "local",
	ACCESS_MODE: "open",
};
const patienceMilliseconds = 5_000;

/** `nodeArguments` as behind `node`: a file under the project's root with its options, or `-e` and a script. */
export function startProgram(
	nodeArguments: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Program {
	const { PATH = "", HOME = "", TMPDIR = tmpdir() } = process.env;
	const dataDirectory = mkdtempSync(join(TMPDIR, "clawdbot-bench-"));
	const startedAt = performance.now();
	const child = spawn(process.execPath, nodeArguments, {
		cwd: root,
		env: { PATH, HOME, TMPDIR, ...nothingElse, DATA_DIR: dataDirectory, ...environment },
		stdio: ["ignore", "ignore", "pipe"],
	});
	const ended = once(child, "exit");
	const readyAfter: number[] = [];
	let errors = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		errors += text;
		const count = errors.split('"msg":"ready"').length - 1;
		while (readyAfter.length < count) readyAfter.push(performance.now() - startedAt);
	});
	const read = (file: string): string =>
		process.platform === "linux" ? readFileSync(`/proc/${child.pid}/${file}`, "utf8") : "";
	/** Also when the bench itself breaks off. */
	const dispose = (): void => {
		child.kill("SIGKILL");
		rmSync(dataDirectory, { recursive: true, force: true });
	};
	process.once("exit", dispose);

	return {
		async ready(channels = 1) {
			while (readyAfter.length < channels) {
				const hasEnded = await Promise.race([once(child.stderr, "data"), ended.then(() => true)]);
				if (hasEnded === true) throw new Error(`the program ended: ${errors}`);
			}
			return readyAfter[channels - 1] ?? Number.NaN;
		},
		errors: () => errors,
		cpuMilliseconds() {
			// Behind the name in brackets; in ticks of 10 ms, fields 14 and 15 of the whole line.
			const fields = read("stat").split(") ")[1]?.split(" ") ?? [];
			return (Number(fields[11]) + Number(fields[12])) * 10;
		},
		residentMegabytes: () => Number(/VmRSS:\s+(\d+) kB/.exec(read("status"))?.[1]) / 1_024,
		async stop() {
			child.kill("SIGTERM");
			const force = setTimeout(() => child.kill("SIGKILL"), patienceMilliseconds);
			await ended;
			clearTimeout(force);
			process.off("exit", dispose);
			dispose();
		},
	};
}
