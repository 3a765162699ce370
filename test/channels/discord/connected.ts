import { expect, vi } from "vitest";
import type { Menu, Message } from "../../../src/assistant/message.ts";
import type { Channel } from "../../../src/channels/channel.ts";
import { createDiscordChannel } from "../../../src/channels/discord/discord.ts";
import { createPace } from "../../../src/channels/pace.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { createFakeDiscord, type FakeDiscord } from "../../fakes/discord.ts";

export const patience = { timeout: 12_000, interval: 10 };

/** Two commands that take something, one that does not and answers in private. */
export const menu: Menu = {
	de: [
		{
			name: "frage",
			description: "Stellt eine Frage",
			argument: { name: "text", description: "Deine Frage", isRequired: true },
			isPrivate: false,
		},
		{ name: "hilfe", description: "Zeigt, was möglich ist", isPrivate: true },
		{
			name: "modus",
			description: "Wählt, worauf es ankommt",
			argument: { name: "modus", description: "Was zählt", isRequired: false, choices: ["tempo", "sparsam"] },
			isPrivate: false,
		},
	],
	en: [
		{
			name: "ask",
			description: "Asks a question",
			argument: { name: "text", description: "Your question", isRequired: true },
			isPrivate: false,
		},
		{ name: "help", description: "Shows what is possible", isPrivate: true },
		{
			name: "mode",
			description: "Chooses what matters",
			argument: { name: "mode", description: "What counts", isRequired: false, choices: ["tempo", "sparsam"] },
			isPrivate: false,
		},
	],
};

export interface Connected {
	readonly fake: FakeDiscord;
	readonly channel: Channel;
	readonly accepted: Message[];
	readonly notes: Map<string, string>;
	readonly lines: string[];
	/** Starts the channel; `write` replaces the storing of what was accepted. */
	start(write?: (messages: readonly Message[]) => void): Promise<void>;
	/** Waits for the next messages and returns all that were accepted so far. */
	received(count?: number): Promise<readonly Message[]>;
	close(): Promise<void>;
}

/** A channel in front of a fake Discord, not yet started. The clock is the channel's and Discord's wall clock. */
export async function connect(
	options: { clock?: Clock; fake?: FakeDiscord; notes?: Map<string, string> } = {},
): Promise<Connected> {
	const clock = options.clock ?? systemClock;
	const fake = options.fake ?? (await createFakeDiscord({ now: clock.now }));
	const notes = options.notes ?? new Map<string, string>();
	const lines: string[] = [];
	const accepted: Message[] = [];
	const log = createLog("debug", [fake.token], (line) => void lines.push(line));
	const store = {
		get: (key: string) => notes.get(key),
		set: (key: string, value: string) => void notes.set(key, value),
	};
	const channel = createDiscordChannel({
		token: fake.token,
		apiRoot: fake.apiRoot,
		menu,
		store,
		clock,
		log,
		pace: createPace(clock),
	});
	return {
		fake,
		channel,
		accepted,
		notes,
		lines,
		start: (write = (messages) => void accepted.push(...messages)) => channel.start(write),
		async received(count = 1) {
			await vi.waitFor(() => expect(accepted.length).toBeGreaterThanOrEqual(count), patience);
			return accepted;
		},
		async close() {
			await channel.stop();
			await channel.close();
			await fake.close();
		},
	};
}
