import { describe, expect, it } from "vitest";
import type { AttachmentKind } from "../../src/assistant/message.ts";
import { RouterError } from "../../src/router/route.ts";
import { anna, createSetting } from "./setting.ts";

async function calm(): Promise<ReturnType<typeof createSetting>> {
	const setting = createSetting();
	await setting.people.change(anna, { wasToldAboutAi: true });
	return setting;
}

describe("bad input", () => {
	it.each(["", "   \n ", "\u0000", "\u200B\u202E"])("empty text %j gets a sentence and costs no call", async (text) => {
		const { say, asked } = await calm();
		expect(await say(text)).toMatch(/^In deiner Nachricht steht nichts\./);
		expect(asked).toEqual([]);
	});

	it.each<AttachmentKind>(["picture", "voice", "video", "sticker", "document", "location", "other"])(
		"%s without text gets one sentence about what is possible today",
		async (kind) => {
			const { say, asked } = await calm();
			expect(await say("", { attachments: [kind] })).toMatch(/^Bisher verstehe ich nur Text/);
			expect(asked).toEqual([]);
		},
	);

	it("a picture with a caption gets an answer to the caption and one line", async () => {
		const { say } = await calm();
		expect(await say("Was ist das?", { attachments: ["picture"] })).toMatch(/^Gern\.\n\n_Den Anhang habe ich nicht/);
	});

	it("more than 100,000 characters get one sentence that names the limit", async () => {
		const { say, asked } = await calm();
		expect(await say("a".repeat(100_001))).toContain("Mehr als 100.000 Zeichen");
		expect(asked).toEqual([]);
		expect(await say("a".repeat(100_000))).toBe("Gern.");
		expect(await say("👍".repeat(60_000))).toBe("Gern.");
	});

	it("lone surrogates and NUL reach the model as replacement characters, everything else as it is", async () => {
		const { say, asked } = await calm();
		await say("a\uD83Db\u0000c\u202Ed");
		expect(asked[0]?.messages.at(-1)?.content).toBe("a\uFFFDb\uFFFDc\u202Ed");
	});
});

describe("an answer in another language", () => {
	const english = "The capital of France is Paris, and it has been so for many hundreds of years.";
	const german = "Die Hauptstadt von Frankreich ist Paris, und das schon seit vielen Jahrhunderten.";

	it("is asked for once more, silently, and replaced", async () => {
		const { say, answers, asked, shown } = await calm();
		answers((_, { onText }) => {
			const text = asked.length === 1 ? english : german;
			onText?.(text);
			return text;
		});
		expect(await say("Was ist die Hauptstadt von Frankreich?")).toBe(german);
		expect(shown).toEqual(["", english, german]);
		expect(asked[1]?.messages[0]?.content).toContain("die ganze Antwort auf Deutsch");
		expect(asked[1]?.messages.at(-1)).toEqual(asked[0]?.messages.at(-1));
	});

	it("is asked for no third time", async () => {
		const { say, answers, asked } = await calm();
		answers(() => english);
		expect(await say("Was ist die Hauptstadt von Frankreich?")).toBe(english);
		expect(asked).toHaveLength(2);
	});

	it("is given when the other one breaks off, for it is at least whole", async () => {
		const { say, answers, asked } = await calm();
		answers(() => (asked.length === 1 ? english : { text: "Die Hauptstadt", isBroken: true }));
		expect(await say("Was ist die Hauptstadt von Frankreich?")).toBe(english);
	});

	it("is given when nobody is left to ask", async () => {
		const { say, answers, asked } = await calm();
		answers(() => (asked.length === 1 ? english : new RouterError("busy")));
		expect(await say("Was ist die Hauptstadt von Frankreich?")).toBe(english);
	});

	it.each(["What is the capital of France?", "Sag mir auf Englisch, was die Hauptstadt von Frankreich ist."])(
		"is right for %s",
		async (question) => {
			const { say, answers, asked } = await calm();
			answers(() => english);
			expect(await say(question)).toBe(english);
			expect(asked).toHaveLength(1);
		},
	);

	it("is right for people who chose English", async () => {
		const { say, answers, asked } = await calm();
		await say("/sprache en");
		answers(() => english);
		await say("Was ist die Hauptstadt von Frankreich?");
		expect(asked).toHaveLength(1);
	});
});
