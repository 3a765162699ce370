import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Menu, MenuCommand, Profiles } from "../../../src/assistant/message.ts";
import { createTelegramApi } from "../../../src/channels/telegram/api.ts";
import { publishMenu } from "../../../src/channels/telegram/menu.ts";
import { systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { createFakeTelegram, type FakeTelegram } from "../../fakes/telegram.ts";

const command = (name: string, description: string): MenuCommand => ({ name, description, isPrivate: false });
const menu: Menu = {
	de: [
		{ ...command("frage", "Eine Frage"), onlyIn: "discord" },
		command("hilfe", "Was ich kann"),
		command("neu", "Neues Gespräch"),
	],
	en: [command("help", "What I can do")],
};
const profiles: Profiles = {
	de: { description: "Ein Assistent.", shortDescription: "Assistent" },
	en: { description: "An assistant.", shortDescription: "Assistant" },
};

let fake: FakeTelegram;
let store: Map<string, string>;
let lines: string[];

beforeEach(async () => {
	fake = await createFakeTelegram();
	store = new Map();
	lines = [];
});
afterEach(() => fake.close());

function publish(changes: { menu?: Menu; profiles?: Profiles; botId?: number } = {}): Promise<void> {
	const api = createTelegramApi({ token: fake.token, apiRoot: fake.apiRoot, clock: systemClock, answerSeconds: 5 });
	const log = createLog("info", [], (line) => lines.push(line));
	const parts = { api, botId: fake.bot.id, menu, profiles, store, log, ...changes };
	return publishMenu(parts, new AbortController().signal);
}

describe("the menu in Telegram", () => {
	it("is German for everybody and for Germans, English for those who have set English, without what is for Discord", async () => {
		await publish();

		const german = {
			commands: [
				{ command: "hilfe", description: "Was ich kann" },
				{ command: "neu", description: "Neues Gespräch" },
			],
			description: "Ein Assistent.",
			shortDescription: "Assistent",
		};
		const english = {
			commands: [{ command: "help", description: "What I can do" }],
			description: "An assistant.",
			shortDescription: "Assistant",
		};
		expect(Object.fromEntries(fake.profiles)).toEqual({ "": german, de: german, en: english });
	});

	it("is set again only where something changed, or for another bot", async () => {
		await publish();
		expect(fake.calls).toHaveLength(9);
		await publish();
		expect(fake.calls).toHaveLength(9);

		await publish({ menu: { ...menu, en: [command("help", "All that I can do")] } });
		expect(fake.calls).toHaveLength(10);

		await publish({ botId: 5 });
		expect(fake.calls).toHaveLength(19);
	});

	it("goes on at the next start where it was refused", async () => {
		fake.fail("setMyDescription", { how: "refuse", code: 429, description: "", parameters: { retry_after: 900 } });

		await publish();
		expect(lines.join()).toContain("at the next start");
		expect(fake.calls).toHaveLength(2);
		await publish();

		expect(fake.calls).toHaveLength(2 + 8);
	});
});
