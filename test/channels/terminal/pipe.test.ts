import { PassThrough, Writable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { Message } from "../../../src/assistant/message.ts";
import { createTerminalChannel } from "../../../src/channels/terminal/terminal.ts";
import { createRecord, describeChannel } from "../../contracts/channel.ts";
import { createVirtualClock } from "../../fakes/clock.ts";
import { createPicture } from "../../fakes/picture.ts";

function openPipe() {
	const input = new PassThrough();
	let written = "";
	const output = new Writable({
		write(chunk, _encoding, done) {
			written += String(chunk);
			done();
		},
	});
	const channel = createTerminalChannel({
		input,
		output,
		isInteractive: false,
		hasColours: false,
		voice: { language: "de", form: "sie" },
		clock: createVirtualClock(),
	});
	return { input, output, channel, written: () => written };
}

describeChannel("terminal", { redelivers: false, grows: false }, async () => {
	const { input, channel, written } = openPipe();
	return {
		channel,
		sendFromPerson: (text) => void input.end(`${text}\n`),
		visibleTexts: () => [written()],
		close: async () => undefined,
	};
});

describe("a piped question", () => {
	async function ask(text: string) {
		const pipe = openPipe();
		const accepted: Message[] = [];
		let hasEnded = false;
		void pipe.channel.ended.then(() => {
			hasEnded = true;
		});
		await pipe.channel.start((messages) => void accepted.push(...messages));
		pipe.input.end(text);
		await vi.waitFor(() => expect(accepted.length > 0 || hasEnded).toBe(true), 10_000);
		return { ...pipe, accepted, hasEnded: () => hasEnded };
	}

	it("is everything that comes, and nothing but its answer goes out", async () => {
		const { channel, accepted, written, hasEnded } = await ask("Was ist\n7 mal 8?\n");
		const reply = channel.open(accepted[0] as Message, createRecord());
		reply.show("Das");
		expect(written()).toBe("");

		await reply.finish({ text: "Das sind **56**." });
		await channel.ended;

		expect(accepted.map((message) => message.text)).toEqual(["Was ist\n7 mal 8?"]);
		expect(written()).toBe("Das sind 56.\n");
		expect(hasEnded()).toBe(true);
	});

	it("is not wrapped where there is no terminal", async () => {
		const { channel, accepted, written } = await ask("Hallo");
		const text = "Wort ".repeat(100).trim();

		await channel.open(accepted[0] as Message, createRecord()).finish({ text });

		expect(written()).toBe(`${text}\n`);
	});

	it("gets the description of a picture, which no terminal shows", async () => {
		const { channel, accepted, written } = await ask("/status bild");

		await channel.open(accepted[0] as Message, createRecord()).finish({ text: "**Stand**", picture: createPicture() });

		expect(written()).toBe("Ein graues Bild\n\nStand\n");
	});

	it("without a text gets one sentence and ends", async () => {
		const { accepted, written, hasEnded } = await ask(" \n");

		expect(accepted).toEqual([]);
		expect(written()).toContain("Es kam kein Text an. Versuchen Sie es");
		expect(hasEnded()).toBe(true);
	});

	it("that cannot be written down gets one sentence and ends", async () => {
		const { channel, input, written } = openPipe();
		await channel.start(() => {
			throw new Error("the disk is full");
		});
		input.end("Hallo");

		await channel.ended;

		expect(written()).toContain("Ihre Nachricht ließ sich nicht speichern.");
	});

	it("is answered alone: what an earlier run left is not printed", async () => {
		const { channel, accepted, written, hasEnded } = await ask("Hallo");
		const earlier = { ...(accepted[0] as Message), id: "terminal:old:1", origin: "old" };

		await channel.open(earlier, createRecord()).finish({ text: "Alt" });

		expect(written()).toBe("");
		expect(hasEnded()).toBe(false);
	});

	it("ends when nobody reads the answer any more", async () => {
		const { output, channel } = await ask("Hallo");

		output.destroy(new Error("EPIPE"));

		await expect(channel.ended).resolves.toBeUndefined();
	});
});
