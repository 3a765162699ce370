import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSession, type Session } from "./session.ts";

const enter = "\r";
const item = (number: number): string => `${number}. Punkt mit 漢字 und noch so viel Text, dass die Zeile umbricht.\n`;
const list = (items: number): string => Array.from({ length: items }, (_, index) => item(index + 1)).join("");

async function grow(session: Session, text: string): Promise<void> {
	const live = session.reply();
	for (let end = 0; end < text.length; end += 7) {
		live.show(text.slice(0, end));
		await session.clock.advance(50);
	}
	await live.finish({ text });
}

describe("what is drawn", () => {
	it("is complete and stands there once, also when it is higher than the screen", async () => {
		const session = await openSession({ columns: 50, rows: 10 });
		await session.type("Zähl auf", enter);

		await grow(session, list(12));

		const lines = session.below().join("\n").split("Du ›");
		expect(lines).toHaveLength(3);
		expect(lines[1]?.match(/\d+(?=\. Punkt)/g)?.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
	});

	it("is written once more, in full, when something changed that had scrolled away", async () => {
		const session = await openSession({ columns: 50, rows: 8 });
		await session.type("Zähl auf", enter);
		const live = session.reply();
		live.show(list(8));
		await session.clock.advance(50);

		live.show("Neu.\n");
		await session.clock.advance(50);
		live.show(`Neu.\n\n${list(6)}`);
		await session.clock.advance(50);
		await live.finish({ text: `Neu.\n\n${list(6)}` });

		const answer = session.below().join("\n").split("Neu.").at(-1);
		expect(answer?.match(/\d+(?=\. Punkt)/g)?.map(Number)).toEqual([1, 2, 3, 4, 5, 6]);
	});

	it("does not fill the scroll-back with copies while a first line keeps changing", async () => {
		const session = await openSession({ columns: 50, rows: 8 });
		await session.type("Zähl auf", enter);
		const live = session.reply();
		for (let second = 0; second < 20; second++) {
			live.show(`Stand ${second}\n\n${list(8)}`);
			await session.clock.advance(50);
		}
		expect(session.terminal.visible().join("\n")).toContain("8. Punkt");

		await live.finish({ text: `Stand Ende\n\n${list(8)}` });

		const copies = session.below().filter((line) => line.startsWith("1. Punkt"));
		expect(copies).toHaveLength(2);
		expect(session.below()).toContain("Stand Ende");
	});

	it("is written once more, in full, when the terminal became narrower", async () => {
		const session = await openSession({ columns: 70, rows: 20 });
		await session.type("Zähl auf", enter);
		const live = session.reply();
		live.show(`Gern:\n\n${list(3)}`);
		await session.clock.advance(50);

		session.terminal.resize(34);
		live.show(`Gern:\n\n${list(4)}`);
		await session.clock.advance(50);
		await live.finish({ text: `Gern:\n\n${list(4)}` });

		const answer = session.below().join("\n").split("Gern:").at(-1);
		expect(answer?.match(/\d+(?=\. Punkt)/g)?.map(Number)).toEqual([1, 2, 3, 4]);
		expect(session.terminal.visible().at(-1)).toBe("Du ›");
	});

	it("is only what changed", async () => {
		const session = await openSession();
		await session.type("Zähl auf", enter);
		const live = session.reply();
		live.show(list(3));
		await session.clock.advance(50);
		const before = session.terminal.written().length;

		live.show(`${list(3)}\nEnde`);
		await session.clock.advance(50);

		expect(session.terminal.written().slice(before)).not.toContain("Punkt");
	});

	it("never mixes the answer with the line that is being written", async () => {
		const happening = fc.oneof(
			fc.record({ letters: fc.constantFrom("wort ", "ü", "漢字", "x".repeat(45), "\u001b[D", "\u007f") }),
			fc.record({ words: fc.integer({ min: 1, max: 30 }) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
				const session = await openSession({ columns: 40, rows: 40 });
				await session.type("Hallo", enter);
				const live = session.reply();
				let typed = "";
				let cursor = 0;
				let words = 0;
				const answer = (): string => Array.from({ length: words }, (_, index) => `w${index}`).join(" ");
				for (const one of happenings) {
					if ("words" in one) {
						words = one.words;
						live.show(answer());
						await session.clock.advance(50);
						continue;
					}
					await session.type(one.letters);
					if (one.letters === "\u001b[D") cursor = Math.max(0, cursor - 1);
					else if (one.letters === "\u007f") {
						typed = typed.slice(0, Math.max(0, cursor - 1)) + typed.slice(cursor);
						cursor = Math.max(0, cursor - 1);
					} else {
						typed = typed.slice(0, cursor) + one.letters + typed.slice(cursor);
						cursor += one.letters.length;
					}
				}
				words++;
				await live.finish({ text: answer() });

				const [, asked, ...rest] = session.below().join(" ").split("Du › ");
				const shown = [asked, ...rest].join("").replace(/\s+/g, "");
				expect(shown.replace("Du›", "")).toBe(`Hallo${answer()}${typed}`.replace(/\s+/g, ""));
				await session.channel.stop();
			}),
			{ numRuns: 60 },
		);
	});
});
