import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../clock.ts";
import { ProviderError } from "./provider.ts";

export interface ProgramCall {
	readonly command: string;
	readonly arguments: readonly string[];
	/** Beside PATH, HOME and TMPDIR the whole environment of the program. */
	readonly environment: Readonly<Record<string, string>>;
	readonly input: string;
}

/** A program that runs. */
export interface Program {
	/**
	 * Its standard output and, when it ends by itself, a last line `{"type":"exit","code":…}`. Cancelling it ends the
	 * program.
	 */
	readonly output: ReadableStream<Uint8Array>;
	/** Nothing more is wanted: the output ends here, and the program has to go. */
	end(): void;
}

const graceMilliseconds = 1_500;

/**
 * Starts a program in a process group and an empty folder of its own, which is also its home and goes with it. When it is
 * no longer wanted, the whole group gets SIGTERM and, a moment later, SIGKILL. Rejects with ProviderError when it cannot
 * be started.
 */
export async function startProgram(call: ProgramCall, clock: Clock, signal: AbortSignal): Promise<Program> {
	const folder = mkdtempSync(join(tmpdir(), "clawdbot-cli-"));
	for (const name of ["home", "work", "tmp"]) mkdirSync(join(folder, name), { mode: 0o700 });
	const child = spawn(call.command, call.arguments, {
		cwd: join(folder, "work"),
		env: {
			PATH: process.env.PATH,
			HOME: join(folder, "home"),
			TMPDIR: join(folder, "tmp"),
			...call.environment,
		},
		stdio: ["pipe", "pipe", "ignore"],
		detached: true,
	});
	// A program that does not read its input to the end is no reason to fall over.
	child.stdin.on("error", () => undefined);
	child.stdin.end(call.input);
	await started(child, folder);
	const program = follow(child, folder, clock);
	if (signal.aborted) program.end();
	signal.addEventListener("abort", program.end, { once: true });
	return program;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function started(child: Child, folder: string): Promise<void> {
	return new Promise((resolve, reject) => {
		child.once("spawn", resolve);
		child.once("error", () => {
			void removeFolder(folder);
			reject(new ProviderError("bad-request", "the program cannot be started", { code: "COMMAND_MISSING" }));
		});
	});
}

function follow(child: Child, folder: string, clock: Clock): Program {
	let sink: ReadableStreamDefaultController<Uint8Array> | undefined;
	let cancelGrace: (() => void) | undefined;
	let isGone = false;

	function leave(): void {
		sink = undefined;
		if (isGone || cancelGrace) return;
		killGroup(child, "SIGTERM");
		cancelGrace = clock.after(graceMilliseconds, () => killGroup(child, "SIGKILL"));
	}
	child.stdout.on("data", (bytes: Uint8Array) => sink?.enqueue(bytes));
	child.once("exit", () => {
		isGone = true;
		cancelGrace?.();
		// It starts helpers of its own, which hold the output open.
		killGroup(child, "SIGKILL");
	});
	child.once("close", (code) => {
		sink?.enqueue(new TextEncoder().encode(`${JSON.stringify({ type: "exit", code })}\n`));
		sink?.close();
		sink = undefined;
		void removeFolder(folder);
	});

	return {
		output: new ReadableStream<Uint8Array>({
			start(controller) {
				sink = controller;
			},
			cancel: leave,
		}),
		end() {
			sink?.close();
			leave();
		},
	};
}

function killGroup({ pid }: Child, name: NodeJS.Signals): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, name);
	} catch (error) {
		const isGone = error instanceof Error && "code" in error && error.code === "ESRCH";
		if (!isGone) throw error;
	}
}

function removeFolder(folder: string): Promise<void> {
	return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
