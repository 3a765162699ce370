import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "../../../src/assistant/message.ts";
import type { LiveReply } from "../../../src/channels/channel.ts";
import { createTerminalChannel, type TerminalChannel } from "../../../src/channels/terminal/terminal.ts";
import { createRecord } from "../../contracts/channel.ts";
import { createVirtualClock, type VirtualClock } from "../../fakes/clock.ts";
import { createFakeTerminal, type FakeTerminal } from "../../fakes/terminal.ts";

export const place = { isInteractive: true, hasColours: false, voice: { language: "de", form: "du" } } as const;

/** A person at a terminal, from the welcome until they leave. */
export interface Session {
	readonly terminal: FakeTerminal;
	readonly clock: VirtualClock;
	readonly channel: TerminalChannel;
	readonly accepted: readonly Message[];
	hasEnded(): boolean;
	/** Presses keys; after each piece the time goes on a little. */
	type(...pieces: readonly string[]): Promise<void>;
	/** Begins to answer the newest message. */
	reply(): LiveReply;
	/** Lines below the welcome. */
	below(): string[];
}

/** `accept` is asked before a message is kept. */
export async function openSession(
	options: { folder?: string; columns?: number; rows?: number; accept?: () => void } = {},
): Promise<Session> {
	const terminal = createFakeTerminal(options.columns, options.rows);
	const clock = createVirtualClock();
	const accepted: Message[] = [];
	let hasEnded = false;
	const history = options.folder === undefined ? {} : { historyFile: join(options.folder, "terminal-history") };
	const channel = createTerminalChannel({ ...terminal, ...place, clock, ...history });
	void channel.ended.then(() => {
		hasEnded = true;
	});
	await channel.start((messages) => {
		options.accept?.();
		accepted.push(...messages);
	});
	const welcome = terminal.lines().indexOf("") + 1;

	return {
		terminal,
		clock,
		channel,
		accepted,
		hasEnded: () => hasEnded,
		async type(...pieces) {
			for (const piece of pieces) {
				terminal.input.write(piece);
				await clock.advance(60);
			}
		},
		reply() {
			const message = accepted.at(-1);
			if (!message) throw new Error("nobody wrote anything");
			return channel.open(message, createRecord());
		},
		below: () => terminal.lines().slice(welcome),
	};
}

export async function withFolder(action: (folder: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "terminal-"));
	await action(folder).finally(() => rmSync(folder, { recursive: true }));
}
