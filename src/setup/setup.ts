import type { Clock } from "../clock.ts";
import { operatorVoice, type Voice } from "../locale.ts";
import type { Log } from "../log.ts";
import type { Region } from "../providers/provider.ts";
import { readMemory } from "./machine.ts";
import type { Memory } from "./model-choice.ts";
import { createQuestions, type Questions } from "./questions.ts";

/** What every step of the setup works with. */
export interface Setup {
	readonly settings: SetupSettings;
	readonly questions: Questions;
	/** A person sits at a terminal and can be asked. */
	readonly isTerminal: boolean;
	readonly write: (text: string) => void;
	readonly voice: Voice;
	readonly memory: Memory;
	readonly platform: string;
	readonly arch: string;
	readonly clock: Clock;
	readonly log: Log;
	readonly fetch: typeof globalThis.fetch;
	/** Aborted by Ctrl+C between two questions. */
	readonly signal: AbortSignal;
}

export interface SetupSettings {
	/** Everything that is set, as the configuration reads it. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Where new settings are written. */
	readonly environmentFile: string;
	readonly dataDirectory: string;
	/** MODEL_URL and MODEL_SHA256. */
	readonly model: { readonly url?: string; readonly sha256?: string };
	readonly eurPerUsd: number;
	/** Where messages of people who have said nothing else may be processed. */
	readonly defaultRegions: readonly Region[];
}

/** Runs steps of the setup on this process's own terminal; Ctrl+C ends them instead of the process. */
export async function withSetup<Result>(
	settings: SetupSettings,
	parts: { readonly clock: Clock; readonly log: Log },
	steps: (setup: Setup) => Promise<Result>,
): Promise<Result> {
	const { stdin, stdout, platform, arch } = process;
	const controller = new AbortController();
	const stop = (): void => controller.abort();
	process.on("SIGINT", stop);
	try {
		return await steps({
			...parts,
			settings,
			questions: createQuestions(stdin, stdout),
			isTerminal: Boolean(stdin.isTTY && stdout.isTTY),
			write: (text) => void stdout.write(text),
			voice: operatorVoice,
			memory: readMemory(),
			platform,
			arch,
			fetch: globalThis.fetch,
			signal: controller.signal,
		});
	} finally {
		process.off("SIGINT", stop);
	}
}
