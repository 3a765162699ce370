import { describe, expect, it } from "vitest";
import type { LiveReply } from "../../../src/channels/channel.ts";
import { createTerminalChannel } from "../../../src/channels/terminal/terminal.ts";
import { systemClock } from "../../../src/clock.ts";
import { createRecord, describeChannel } from "../../contracts/channel.ts";
import type { VirtualClock } from "../../fakes/clock.ts";
import { createFakeTerminal } from "../../fakes/terminal.ts";
import { openSession, place } from "./session.ts";

const enter = "\r";
const answersIn = (lines: readonly string[]): string[] =>
	lines.slice(4).filter((line) => !line.startsWith("Du ›") && line !== "…");

describeChannel("terminal", { redelivers: false, grows: true }, async () => {
	const terminal = createFakeTerminal();
	return {
		channel: createTerminalChannel({ ...terminal, ...place, clock: systemClock }),
		sendFromPerson: (text) => void terminal.input.write(text + enter),
		visibleTexts: () => answersIn(terminal.lines()),
		close: async () => undefined,
	};
});

async function show(clock: VirtualClock, live: LiveReply, text: string): Promise<void> {
	live.show(text);
	await clock.advance(50);
}

describe("the dialogue", () => {
	it("welcomes and waits for the first line", async () => {
		const { terminal } = await openSession();
		expect(terminal.lines()).toEqual([
			"Clawdbot-DE im Terminal",
			"Schreib eine Nachricht und drück Enter. /hilfe zeigt, was",
			"möglich ist. Strg+C beendet die Antwort, Strg+D das",
			"Programm.",
			"",
			"Du ›",
		]);
	});

	it("lets an answer grow above the line that is being written", async () => {
		const { clock, type, reply, below } = await openSession();
		await type("Hallo", enter);
		const live = reply();
		await show(clock, live, "");
		expect(below()).toEqual(["Du › Hallo", "…", "", "Du ›"]);

		await show(clock, live, "Guten");
		await type("Und ");
		await show(clock, live, "Guten *Tag*");
		await type("dann?");
		await live.finish({ text: "Guten *Tag*!" });

		expect(below()).toEqual(["Du › Hallo", "Guten Tag!", "", "Du › Und dann?"]);
	});

	it("keeps questions in the order of their answers", async () => {
		const { clock, type, reply, below } = await openSession();
		await type("eins", enter);
		const first = reply();
		await show(clock, first, "Antwort");
		await type("zwei", enter);
		expect(below()).toEqual(["Du › eins", "Antwort", "", "Du › zwei", "Du ›"]);

		await first.finish({ text: "Antwort eins" });
		await reply().finish({ text: "Antwort zwei" });

		expect(below().filter(Boolean)).toEqual(["Du › eins", "Antwort eins", "Du › zwei", "Antwort zwei", "Du ›"]);
	});

	it("shows the answer of a command that overtakes above the one that grows", async () => {
		const { clock, type, reply, below } = await openSession();
		await type("eins", enter);
		const first = reply();
		await show(clock, first, "Antwort");
		await type("/status", enter);

		await reply().finish({ text: "Alles gut" });
		await first.finish({ text: "Antwort eins" });

		expect(below().filter(Boolean)).toEqual(["Du › eins", "Du › /status", "Alles gut", "Antwort eins", "Du ›"]);
	});

	it("repeats the question of an earlier session above its late answer", async () => {
		const { channel, accepted, type, reply, below } = await openSession();
		await type("Hallo", enter);
		await reply().finish({ text: "Guten Tag" });
		const [known] = accepted;
		if (!known) throw new Error("nothing was accepted");
		const message = { ...known, id: "terminal:old:1", origin: "old" };

		await channel.open(message, createRecord()).finish({ text: "Später Gruß" });

		expect(below().slice(-4)).toEqual(["Du › Hallo", "Später Gruß", "", "Du ›"]);
	});

	it("says so when a message could not be written down", async () => {
		const { type, below } = await openSession({
			accept() {
				throw new Error("the disk is full");
			},
		});

		await type("Hallo", enter);

		expect(below().join(" ")).toContain("Deine Nachricht ließ sich nicht speichern.");
	});
});
