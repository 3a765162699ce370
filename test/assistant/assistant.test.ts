import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";
import { RouterError } from "../../src/router/route.ts";
import { admin, anna, berta, createSetting, messageFrom } from "./setting.ts";

const told = { wasToldAboutAi: true } as const;
const notice = "Hier antwortet dir eine KI";

describe("an answer", () => {
	it("begins with typing, grows, and is what the model said", async () => {
		const { say, answers, shown, people } = createSetting();
		await people.change(anna, told);
		answers((_, { onText }) => {
			onText?.("Sieben mal acht");
			onText?.("Sieben mal acht ist 56.");
			return "Sieben mal acht ist 56.";
		});

		const answer = await say("Was ist 7 mal 8?");

		expect(answer).toBe("Sieben mal acht ist 56.");
		expect(shown).toEqual(["", "Sieben mal acht", "Sieben mal acht ist 56."]);
	});

	it("hands the text to the model unchanged, as the last message of the person", async () => {
		const { say, asked } = createSetting();
		const text = "  Zeile eins\n\n\t`code` <b>&amp;</b> *2*3*4* 👩‍👩‍👧 \u202Eumgekehrt\u202C ";
		await say(text);
		expect(asked[0]?.messages.at(-1)).toEqual({ role: "user", content: text });
		expect(asked[0]?.wish).toMatchObject({ text, author: anna, regions: ["local", "eu", "us"], mode: "balanced" });
	});

	it("carries one line about the AI the first time, and never again", async () => {
		const { say } = createSetting();
		expect(await say("Hallo")).toContain(notice);
		expect(await say("Hallo")).toBe("Gern.");
		expect(await say("Hallo", { author: berta })).toContain(notice);
	});

	it("carries the line again when the same message is answered anew after a crash", async () => {
		const { say } = createSetting();
		await say("Hallo", { id: "telegram:1:9" });
		expect(await say("Hallo", { id: "telegram:1:9" })).toContain(notice);
		expect(await say("Hallo", { id: "telegram:1:10" })).not.toContain(notice);
	});

	it("counts /start as having been told", async () => {
		const { say } = createSetting();
		expect(await say("/start")).toContain("Hier antwortet dir eine KI, kein Mensch");
		expect(await say("Hallo")).toBe("Gern.");
	});

	it("never shows what a model thought aloud", async () => {
		const { say, answers, shown, people } = createSetting();
		await people.change(anna, told);
		answers((_, { onText }) => {
			for (const text of ["<th", "<think>Der Mensch", "<think>Der Mensch fragt.</think>\n\nJa."]) onText?.(text);
			return "<think>Der Mensch fragt.</think>\n\nJa.";
		});
		expect(await say("Ja?")).toBe("Ja.");
		expect(shown).toEqual(["", "", "", "Ja."]);
	});

	it("says when it was cut off, below the code block that it was cut off in", async () => {
		const { say, answers, people } = createSetting();
		await people.change(anna, told);
		answers(() => ({ text: "```ts\nconst a = 1;", finishReason: "length" }));
		expect(await say("Schreib ein Programm")).toMatch(/const a = 1;\n```\n\n_Hier endet die Antwort/);
	});

	it.each([
		[{ finishReason: "repetition" }, /^Ja, ja\.\n\n_.*weil sie sich nur noch wiederholte\._$/],
		[{ finishReason: "length", isBroken: true }, /^Ja, ja\.\n\n_Hier bricht die Antwort ab.*„weiter“/],
		[{ finishReason: "content-filter" }, /^Ja, ja\.\n\n_.*Inhaltsfilter/],
	] as const)("says how it ended: %j", async (end, expected) => {
		const { say, answers, people } = createSetting();
		await people.change(anna, told);
		answers(() => ({ text: "Ja, ja.", ...end }));
		expect(await say("Wirklich?")).toMatch(expected);
	});
});

describe("the conversation", () => {
	it("goes along with the next question and survives a restart", async () => {
		const store = new Keyv();
		const before = createSetting({ store });
		before.answers(() => "Das ist Berlin.");
		await before.say("Wie heißt die Hauptstadt?", { id: "telegram:1:1" });

		const after = createSetting({ store });
		await after.say("Und wie groß ist sie?", { id: "telegram:1:2" });

		expect(after.asked[0]?.messages.slice(1)).toEqual([
			{ role: "user", content: "Wie heißt die Hauptstadt?" },
			{ role: "assistant", content: "Das ist Berlin." },
			{ role: "user", content: "Und wie groß ist sie?" },
		]);
		expect(after.asked[0]?.wish.previous).toEqual(["Wie heißt die Hauptstadt?"]);
	});

	it("keeps what broke off, so that it can go on, and leaves out what a filter cut", async () => {
		const { say, answers, asked } = createSetting();
		answers(() => ({ text: "Es war einmal", isBroken: true }));
		await say("Erzähl etwas");
		answers(() => ({ text: "Gefiltert", finishReason: "content-filter" }));
		await say("Erzähl etwas anderes");
		answers(() => new RouterError("content"));
		await say("Erzähl noch etwas");
		answers(() => "Gern.");
		await say("weiter");

		expect(
			asked
				.at(-1)
				?.messages.slice(1)
				.map(({ content }) => content),
		).toEqual(["Erzähl etwas", "Es war einmal", "weiter"]);
	});

	it("is forgotten with /neu", async () => {
		const { say, asked } = createSetting();
		await say("Merk dir die Zahl 5");
		expect(await say("/neu")).toContain("vergessen");
		await say("Welche Zahl?");
		expect(asked.at(-1)?.messages).toHaveLength(2);
	});

	it("holds a question that is answered anew only once", async () => {
		const { say, asked } = createSetting();
		await say("Hallo", { id: "telegram:1:9" });
		await say("Hallo", { id: "telegram:1:9" });
		expect(asked.at(-1)?.messages).toHaveLength(2);
		await say("Noch da?");
		expect(asked.at(-1)?.messages).toHaveLength(4);
	});

	it("keeps the words of one person in a group out of another one's requests", async () => {
		const { say, asked } = createSetting();
		const group = { conversation: "telegram:-100", isDirect: false };
		await say("Geheim: 4711", { ...group, author: anna });
		await say("Was wurde gesagt?", { ...group, author: berta });
		expect(JSON.stringify(asked.at(-1)?.messages)).not.toContain("4711");
	});
});

describe("/stopp", () => {
	it("ends the answer that is being written and leaves what was said so far", async () => {
		const { say, answers, people, assistant } = createSetting();
		await people.change(anna, told);
		answers((_, { onText, signal }) => {
			onText?.("Es war einmal");
			return new Promise((_resolve, reject) => {
				signal?.addEventListener("abort", () => reject(new RouterError("aborted")));
			});
		});
		const story = say("Erzähl eine Geschichte");
		await new Promise((resolve) => setImmediate(resolve));

		expect(assistant.isUrgent(messageFrom(anna, "/stopp"))).toBe(true);
		expect(await say("/stopp", { author: berta })).toContain("Gerade wird hier keine Antwort geschrieben");
		expect(await say("/stopp")).toContain("abgebrochen");
		expect(await story).toBe("Es war einmal\n\n_(abgebrochen)_");
		expect(await say("/stopp")).toContain("keine Antwort");
	});

	it("is obeyed from an admin, too", async () => {
		const { say, answers, people } = createSetting();
		await people.change(anna, told);
		answers(
			(_, { signal }) =>
				new Promise((_resolve, reject) => {
					signal?.addEventListener("abort", () => reject(new RouterError("aborted")));
				}),
		);
		const story = say("Erzähl eine Geschichte");
		await new Promise((resolve) => setImmediate(resolve));
		expect(await say("/stop", { author: admin })).toContain("abgebrochen");
		expect(await story).toBe("(abgebrochen)");
	});

	it("leaves the message to the next start when it is the program that ends", async () => {
		const { say, answers, ending } = createSetting();
		answers(
			(_, { signal }) =>
				new Promise((_resolve, reject) => {
					signal?.addEventListener("abort", () => reject(new RouterError("aborted")));
				}),
		);
		const story = say("Erzähl eine Geschichte");
		await new Promise((resolve) => setImmediate(resolve));
		ending.abort();
		await expect(story).rejects.toThrow(RouterError);
	});
});

describe("the sentences of the inbox", () => {
	it("come in the person's form, and to strangers not at all twice", async () => {
		const { assistant, people } = createSetting();
		await people.change(berta, { form: "sie" });
		const stranger = messageFrom("telegram:99", "Hallo");
		expect((await assistant.tooMany(messageFrom(anna, "Hallo")))?.text).toContain("von dir");
		expect((await assistant.tooMany(messageFrom(berta, "Hallo")))?.text).toContain("von Ihnen");
		expect(await assistant.waitingNotice(messageFrom(berta, "Hallo"))).toContain("Ihre");
		expect((await assistant.apology(messageFrom(anna, "Hallo"))).text).toContain("drei Versuchen");
		expect((await assistant.tooMany(stranger))?.text).toContain("nur freigegebene Personen");
		expect(await assistant.tooMany(stranger)).toBeNull();
	});
});
