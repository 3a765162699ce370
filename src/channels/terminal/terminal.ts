import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Channel } from "../channel.ts";
import { createDialogue } from "./dialogue.ts";
import { createPipe } from "./pipe.ts";
import type { TerminalParts, TerminalPlace, Writer } from "./place.ts";

export type TerminalChannel = Channel & TerminalPlace;

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
