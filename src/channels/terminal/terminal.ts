import { randomUUID } from "node:crypto";
import type { Message } from "../../assistant/message.ts";
import type { Clock } from "../../clock.ts";
import type { Voice } from "../../locale.ts";
import type { Channel } from "../channel.ts";
import { createDialogue } from "./dialogue.ts";
import type { TerminalInput } from "./line-editor.ts";
import { createPipe } from "./pipe.ts";
import type { TerminalOutput } from "./screen.ts";

export interface TerminalParts {
	readonly input: TerminalInput;
	readonly output: TerminalOutput;
	/** Both streams belong to a terminal that can move its cursor: a dialogue. Otherwise one question and one answer. */
	readonly isInteractive: boolean;
	readonly hasColours: boolean;
	/** Where written lines are kept for the arrow keys; undefined: only for this session. */
	readonly historyFile?: string;
	readonly voice: Voice;
	readonly clock: Clock;
}

/** `ended` resolves when the person has left, or when the one piped question is answered. */
export type TerminalChannel = Channel & { readonly ended: Promise<void> };

/** What differs between a person at the keyboard and a pipe. */
export type TerminalPlace = Omit<TerminalChannel, "name">;

/** Messages of this run, and how to tell them from those of an earlier one. */
export interface Writer {
	message(text: string): Message;
	wrote(message: Message): boolean;
}

/** The chat on the program's own streams. Whoever sits there is the person `terminal:local`. */
export function createTerminalChannel(parts: TerminalParts): TerminalChannel {
	const writer = createWriter(parts.clock);
	const place = parts.isInteractive ? createDialogue(parts, writer) : createPipe(parts, writer);
	return { name: "terminal", ...place };
}

function createWriter(clock: Clock): Writer {
	const run = randomUUID();
	let count = 0;
	return {
		message: (text) => ({
			id: `terminal:${run}:${++count}`,
			channel: "terminal",
			conversation: "terminal:local",
			author: "terminal:local",
			text,
			attachments: [],
			isDirect: true,
			mayCommand: true,
			sentAt: clock.now(),
			origin: run,
		}),
		wrote: (message) => message.origin === run,
	};
}
