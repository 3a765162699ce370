import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSession, withFolder } from "./session.ts";

const keys = { enter: "\r", ctrlC: "\u0003", ctrlD: "\u0004", up: "\u001b[A" };
const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;

describe("what is pasted", () => {
	it("is one message, however many lines it has, and can be written around", async () => {
		const { terminal, accepted, type } = await openSession();
		await type("Schau: ", pasted("a\r\nb\rc"), " gut?", keys.enter);

		expect(accepted.map((message) => message.text)).toEqual(["Schau: a\nb\nc gut?"]);
		expect(terminal.lines()).toContain("Du › Schau: [Einfügung 1: 3 Zeilen] gut?");
	});

	it("is one message also where the terminal does not mark it", async () => {
		const { accepted, type } = await openSession();
		await type("eins\rzwei\rdrei\r");

		expect(accepted.map((message) => message.text)).toEqual(["eins\nzwei\ndrei"]);
	});

	it("is not mistaken for keys that follow each other fast", async () => {
		const { accepted, type } = await openSession();
		await type(`Hallo${keys.enter}${keys.ctrlC}`);

		expect(accepted.map((message) => message.text)).toEqual(["Hallo", "/stopp"]);
	});

	it("of 100,000 characters takes no longer than a short one", async () => {
		const { accepted, type } = await openSession();
		const text = "Zeile mit Ümlaut\n".repeat(6_000);
		await type(pasted(text), keys.enter);

		expect(accepted[0]?.text).toBe(text);
	});

	it("cannot press keys", async () => {
		const { accepted, hasEnded, type } = await openSession();
		await type(pasted("a\u0003b\u0004"), keys.enter);

		expect(accepted.map((message) => message.text)).toEqual(["ab"]);
		expect(hasEnded()).toBe(false);
	});
});

describe("the keys", () => {
	it("Ctrl-C ends the answer, a second one the program", async () => {
		const { clock, accepted, hasEnded, type, reply } = await openSession();
		await type("Hallo", keys.enter);
		reply().show("Ich");
		await clock.advance(50);

		await type(keys.ctrlC);
		expect(accepted.map((message) => message.text)).toEqual(["Hallo", "/stopp"]);
		expect(hasEnded()).toBe(false);
		await type(keys.ctrlC);

		expect(accepted).toHaveLength(2);
		expect(hasEnded()).toBe(true);
	});

	it("Ctrl-C empties the line first, and ends the program at an empty one", async () => {
		const { terminal, hasEnded, type } = await openSession();
		await type("halb", keys.ctrlC);
		expect(hasEnded()).toBe(false);
		expect(terminal.lines().at(-1)).toBe("Du ›");

		await type(keys.ctrlC);
		expect(hasEnded()).toBe(true);
	});

	it("Ctrl-C ends the next answer again once the last one is over", async () => {
		const { accepted, hasEnded, type, reply } = await openSession();
		for (const question of ["eins", "zwei"]) {
			await type(question, keys.enter);
			const live = reply();
			await type(keys.ctrlC);
			await live.finish({ text: "Ich" });
			await reply().finish({ text: "Gestoppt." });
		}

		expect(accepted.map((message) => message.text)).toEqual(["eins", "/stopp", "zwei", "/stopp"]);
		expect(hasEnded()).toBe(false);
	});

	it("Ctrl-D ends the program, and so does a terminal that is gone", async () => {
		const { type, hasEnded } = await openSession();
		await type(keys.ctrlD);
		expect(hasEnded()).toBe(true);

		const gone = await openSession();
		gone.terminal.input.end();
		await gone.clock.advance(10);
		expect(gone.hasEnded()).toBe(true);
	});

	it("Enter alone sends nothing", async () => {
		const { accepted, type, below } = await openSession();
		await type(keys.enter, "  ", keys.enter);

		expect(accepted).toEqual([]);
		expect(below()).toEqual(["Du ›", "Du ›", "Du ›"]);
	});

	it("arrows bring back earlier lines, also those of the last session, and nobody else reads them", async () => {
		await withFolder(async (folder) => {
			const last = await openSession({ folder });
			await last.type("eins", keys.enter, "zwei", keys.enter);
			await last.channel.stop();

			const { type, accepted } = await openSession({ folder });
			await type(keys.up, keys.up, keys.enter);

			expect(accepted.map((message) => message.text)).toEqual(["eins"]);
			const file = join(folder, "terminal-history");
			expect(readFileSync(file, "utf8")).toBe("eins\nzwei\neins\n");
			expect(statSync(file).mode & 0o777).toBe(0o600);
		});
	});

	it("are given back to the terminal in the end, and its line is free", async () => {
		const { terminal, channel, type } = await openSession();
		await type("halb geschrieben");

		await channel.stop();

		expect(terminal.written().endsWith("\u001b[?2004l")).toBe(true);
		expect(terminal.lines().at(-1)).toBe("Programm.");
	});
});
