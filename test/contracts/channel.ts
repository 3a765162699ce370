import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../../src/assistant/message.ts";
import type { Channel, ReplyRecord } from "../../src/channels/channel.ts";
import { createPicture } from "../fakes/picture.ts";

export interface ChannelUnderTest {
	/** Not yet started, with its platform faked at the edge. A hurried clock keeps long answers quick. */
	readonly channel: Channel;
	/** A person writes to the bot in a direct chat. Called once per set-up; resolves once the platform has taken it. */
	sendFromPerson(text: string): Promise<void> | void;
	/** What the person can read of the bot's now, message by message, without markup and without placeholders. */
	visibleTexts(): Promise<readonly string[]> | readonly string[];
	close(): Promise<void>;
}

export interface ChannelTraits {
	/** The platform delivers a message again as long as it was not told that it arrived. */
	readonly redelivers: boolean;
	/** The person sees the answer while it is written. */
	readonly grows: boolean;
}

const patience = { timeout: 15_000, interval: 20 };

/** A record like the journal's, kept in memory. */
export function createRecord(): ReplyRecord & { readonly parts: string[] } {
	const kept = {
		parts: [] as string[],
		deliveredParts: 0,
		save(parts: readonly string[], deliveredParts: number): void {
			kept.parts = [...parts];
			kept.deliveredParts = deliveredParts;
		},
	};
	return kept;
}

const wordsOf = (texts: readonly string[]): string => texts.join(" ").replace(/\s+/g, " ").trim();

/** What every channel keeps to. Call it once in the channel's own tests. */
export function describeChannel(name: string, traits: ChannelTraits, setup: () => Promise<ChannelUnderTest>): void {
	describe(`the channel ${name}`, { timeout: 30_000 }, () => {
		let peer: ChannelUnderTest;
		let accepted: Message[];

		beforeEach(async () => {
			peer = await setup();
			accepted = [];
		});
		afterEach(async () => {
			await peer.channel.stop();
			await peer.channel.close();
			await peer.close();
		});

		/** Starts the channel, lets a person write and returns what was accepted. */
		async function receive(text: string): Promise<Message> {
			await peer.channel.start((messages) => void accepted.push(...messages));
			await peer.sendFromPerson(text);
			return vi.waitFor(() => {
				const [message] = accepted;
				if (!message) throw new Error("nothing was accepted");
				return message;
			}, patience);
		}

		it("hands a message in once, with numeric identities and nothing that JSON loses", async () => {
			const message = await receive("Wie spät ist es in Köln?");

			expect(accepted).toHaveLength(1);
			expect(message).toMatchObject({
				channel: name,
				text: "Wie spät ist es in Köln?",
				isDirect: true,
				mayCommand: true,
			});
			expect(message.id.startsWith(`${name}:`)).toBe(true);
			expect(message.conversation.startsWith(`${name}:`)).toBe(true);
			expect(message.author).toMatch(new RegExp(`^${name}:(\\d+|local)$`));
			expect(message.sentAt).toBeGreaterThan(0);
			expect(JSON.parse(JSON.stringify(message))).toEqual(message);
		});

		if (traits.redelivers)
			it("does not tell the platform what could not be written down", async () => {
				let attempts = 0;

				await peer.channel.start((messages) => {
					attempts++;
					if (attempts === 1) throw new Error("the disk is full");
					accepted.push(...messages);
				});
				await peer.sendFromPerson("Hallo");

				await vi.waitFor(() => expect(accepted.map((message) => message.text)).toEqual(["Hallo"]), patience);
				expect(attempts).toBe(2);
			});

		it("shows exactly one text in the end, however it grew", async () => {
			const message = await receive("Was ist 7 mal 8?");
			const reply = peer.channel.open(message, createRecord());

			reply.show("");
			reply.show("Das sind");
			reply.show("Das sind 56");
			await reply.finish({ text: "Das sind 56." });

			expect(wordsOf(await peer.visibleTexts())).toBe("Das sind 56.");
		});

		it("changes nothing when an answer is finished twice", async () => {
			const message = await receive("Was ist 7 mal 8?");
			const record = createRecord();

			await peer.channel.open(message, record).finish({ text: "Das sind 56." });
			await peer.channel.open(message, record).finish({ text: "Das sind 56." });

			expect(wordsOf(await peer.visibleTexts())).toBe("Das sind 56.");
			expect(record.deliveredParts).toBe(record.parts.length);
		});

		it("brings what an earlier process began to its end, in the same place", async () => {
			const message = await receive("Was ist 7 mal 8?");
			const record = createRecord();
			const begun = peer.channel.open(message, record);
			begun.show("Das");
			if (traits.grows) await vi.waitFor(async () => expect(wordsOf(await peer.visibleTexts())).toBe("Das"), patience);
			begun.abandon();

			await peer.channel.open(message, record).finish({ text: "Das sind 56." });

			expect(wordsOf(await peer.visibleTexts())).toBe("Das sind 56.");
		});

		it("leaves nothing behind when there is nothing to say", async () => {
			const message = await receive("Hallo");
			const reply = peer.channel.open(message, createRecord());

			reply.show("");
			await reply.finish(null);

			expect(wordsOf(await peer.visibleTexts())).toBe("");
		});

		it("delivers 10,000 characters completely and in order", async () => {
			const text = Array.from({ length: 1_430 }, (_, index) => `W${String(index).padStart(4, "0")}ü`)
				.map((word, index) => (index % 100 === 99 ? `${word}.\n\n` : `${word} `))
				.join("");
			const message = await receive("Erzähl mir alles.");

			await peer.channel.open(message, createRecord()).finish({ text });

			expect(text.length).toBeGreaterThan(10_000);
			expect(wordsOf(await peer.visibleTexts())).toBe(wordsOf([text]));
		});

		it("brings the text of a card with a picture, once", async () => {
			const message = await receive("/status bild");
			const record = createRecord();
			const answer = { text: "Frei ab [14:05](time:1795438800)", isCard: true, picture: createPicture() } as const;

			await peer.channel.open(message, record).finish(answer);
			await peer.channel.open(message, record).finish(answer);

			expect(wordsOf(await peer.visibleTexts())).toMatch(/Frei ab (?:14:05|<t:1795438800:t>)$/);
			expect(record.deliveredParts).toBe(record.parts.length);
		});

		it("stops without waiting for another message", async () => {
			await peer.channel.start(() => undefined);

			await expect(peer.channel.stop()).resolves.toBeUndefined();
		});
	});
}
