import { describe, expect, it } from "vitest";
import { commands } from "../../../src/assistant/commands/index.ts";
import { menu, profiles } from "../../../src/assistant/commands/menu.ts";
import { admin, anna, createSetting, messageFrom } from "../setting.ts";

const languages = ["de", "en"] as const;

describe.each(commands.map((command) => [command.name, command] as const))("/%s", (name, command) => {
	it("has names that every platform accepts and nobody else has", () => {
		const own = [name, ...command.aliases];
		const others = commands.filter((other) => other !== command).flatMap((other) => [other.name, ...other.aliases]);
		expect(own.filter((one) => !/^[a-z0-9_]{1,32}$/.test(one))).toEqual([]);
		expect(own.filter((one) => others.includes(one))).toEqual([]);
	});

	it.each(languages)("stands in the menu of %s with texts that fit", (language) => {
		const entry = menu[language].find((one) => one.name === name);
		expect(entry?.description).toMatch(/^.{1,100}$/);
		if (!command.argument) return expect(entry?.argument).toBeUndefined();
		expect(entry?.argument?.name).toMatch(/^[a-z]{1,32}$/);
		expect(entry?.argument?.description).toMatch(/^.{1,100}$/);
		expect(entry?.argument?.choices).toEqual(command.argument.choices);
	});

	it("answers in Du, in Sie and in English, with and without nonsense behind it", async () => {
		for (const voice of [{ form: "du" }, { form: "sie" }, { language: "en" }] as const) {
			const { say, people, asked } = createSetting();
			await people.change(admin, { ...voice, wasToldAboutAi: true });
			for (const argument of ["", "Unfug", "😀".repeat(500), "a\nb"]) {
				const answer = await say(`/${name} ${argument}`, { author: admin });
				expect(answer).toMatch(/\S/);
				expect(answer).not.toMatch(/\{\{|undefined|\[object|(?:commands|status|access)\.\w/);
			}
			expect(asked).toEqual([]);
		}
	});

	it("is text like any other when the message may not command", async () => {
		const { say, asked } = createSetting();
		await say(`/${name}`, { author: admin, mayCommand: false });
		expect(asked).toHaveLength(1);
	});

	it("answers to each of its names, in upper case too", () => {
		const { assistant } = createSetting();
		for (const one of [name, ...command.aliases, name.toUpperCase()]) {
			expect(assistant.isUrgent(messageFrom(anna, `/${one}`))).toBe(command.isUrgent);
		}
	});
});

describe("the commands", () => {
	it("overtake the queue only where they are quick and help at once", () => {
		expect(commands.filter(({ isUrgent }) => isUrgent).map(({ name }) => name)).toEqual(["hilfe", "stopp", "status"]);
	});

	it.each([
		["/statsu", "Meinst du /status?"],
		["/help2", "Meinst du /help?"],
		["/hilfee", "Meinst du /hilfe?"],
		["/dtaenraum", "Meinst du /datenraum?"],
		["/daten-raum", "Meinst du /datenraum?"],
	])("suggest the nearest one for %s and name /hilfe", async (typed, suggestion) => {
		const answer = await createSetting().say(typed);
		expect(answer).toContain(suggestion);
		expect(answer).toContain("/hilfe");
	});

	it("suggest nothing far-fetched, and to nobody what only admins may use", async () => {
		const { say } = createSetting();
		expect(await say("/wetter")).toMatch(/Den Befehl \/wetter kenne ich nicht\. \/hilfe/);
		expect(await say("/sperrn")).not.toContain("/sperren");
		expect(await say("/sperrn", { author: admin })).toContain("/sperren");
	});

	it("are understood with a mark behind the name", async () => {
		const { say, asked } = createSetting();
		for (const text of ["/hilfe!", "/HILFE?", "/hilfe:", "/hilfe, bitte"]) {
			expect(await say(text)).toContain("/stopp –");
		}
		expect(asked).toEqual([]);
	});

	it("leave paths and slashes inside of a sentence to the models", async () => {
		const { say, asked } = createSetting();
		for (const text of ["/etc/passwd: was ist das?", "und/oder", "/ allein", "//"]) await say(text);
		expect(asked).toHaveLength(4);
	});

	it("are listed by /hilfe, the admins' only for admins", async () => {
		const { say } = createSetting();
		const [forAll, forAdmins] = [await say("/help"), await say("/hilfe", { author: admin })];
		for (const { name, isAdmin } of commands) {
			expect(forAdmins).toContain(`/${name} –`);
			expect(forAll?.includes(`/${name} –`)).toBe(!isAdmin);
		}
	});

	it("have a plain question beside them for platforms without plain text", () => {
		for (const language of languages) {
			const everywhere = menu[language].filter(({ onlyIn }) => onlyIn === undefined).map(({ name }) => name);
			expect(menu[language][0]).toMatchObject({ name: "frage", onlyIn: "discord", argument: { isRequired: true } });
			expect(everywhere).toEqual(commands.filter(({ isAdmin }) => !isAdmin).map(({ name }) => name));
		}
	});

	it("come with descriptions of the bot that fit and say that it is an AI", () => {
		for (const language of languages) {
			expect(profiles[language].description).toMatch(/^.{1,512}$/);
			expect(profiles[language].shortDescription).toMatch(/^.{1,120}$/);
			expect(profiles[language].shortDescription).toMatch(/KI|AI/);
		}
	});
});
