import { describe, expect, it } from "vitest";
import type { Channel } from "../../src/channels/channel.ts";
import { type ChannelSettings, type ChannelSpec, channelSpecs } from "../../src/channels/index.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { type ChannelTraits, describeChannel } from "../contracts/channel.ts";
import { createHurriedClock } from "../fakes/clock.ts";
import { createFakeDiscord } from "../fakes/discord.ts";
import { createFakeTelegram } from "../fakes/telegram.ts";

/** A platform on loopback with one person who writes to the bot. */
interface Platform {
	readonly settings: ChannelSettings;
	/** The same with a token that the platform does not know. */
	readonly wrongSettings: ChannelSettings;
	readonly botName: string;
	sendFromPerson(text: string): void;
	visibleTexts(): readonly string[];
	close(): Promise<void>;
}

/** A new entry of the list does not compile until its platform stands here. */
const platforms: Record<ChannelSpec["name"], ChannelTraits & { open(clock: Clock): Promise<Platform> }> = {
	telegram: {
		redelivers: true,
		grows: true,
		async open(clock) {
			const fake = await createFakeTelegram({ clock, enforcesRates: true });
			const chat = fake.addPrivateChat({ id: 4711 });
			const { token, apiRoot } = fake;
			return {
				settings: { telegram: { token, apiRoot, usesDrafts: false } },
				wrongSettings: { telegram: { token: "1:wrong", apiRoot, usesDrafts: false } },
				botName: `@${fake.bot.username}`,
				sendFromPerson: (text) => void fake.say(chat, chat, text),
				visibleTexts: () => fake.botTexts(chat).filter((text) => text !== "…"),
				async close() {
					expect(fake.violations).toEqual([]);
					await fake.close();
				},
			};
		},
	},
	discord: {
		redelivers: false,
		grows: true,
		async open(clock) {
			const fake = await createFakeDiscord({ now: clock.now });
			const person = fake.addUser("anna");
			const { token, apiRoot } = fake;
			return {
				settings: { discord: { token, apiRoot } },
				wrongSettings: { discord: { token: "wrong", apiRoot } },
				botName: fake.bot.username,
				sendFromPerson: (text) => void fake.directMessage(person, text),
				visibleTexts: () =>
					fake
						.messages(fake.directChannel(person))
						.filter((text) => text !== "…")
						.map((text) => text.replace(/\\(.)/g, "$1")),
				async close() {
					await fake.close();
					expect(fake.violations).toEqual([]);
				},
			};
		},
	},
};

async function load(spec: ChannelSpec, settings: ChannelSettings, clock: Clock): Promise<Channel | undefined> {
	const profile = { description: "Ein Assistent.", shortDescription: "Assistent" };
	const parts = { menu: { de: [], en: [] }, profiles: { de: profile, en: profile }, store: new Map<string, string>() };
	return spec.load(settings, { ...parts, clock, log: createLog("silent", []) });
}

for (const spec of channelSpecs) {
	const { open, ...traits } = platforms[spec.name];

	describeChannel(spec.name, traits, async () => {
		const clock = createHurriedClock(8);
		const platform = await open(clock);
		const channel = await load(spec, platform.settings, clock);
		if (!channel) throw new Error(`${spec.name} was not loaded`);
		return { ...platform, channel };
	});

	describe(`the entry ${spec.name} of the list`, () => {
		it("is off without its settings", async () => {
			expect(await load(spec, {}, systemClock)).toBeUndefined();
			expect(await spec.check({}, systemClock)).toBeUndefined();
		});

		it("names the bot for a valid token and refuses a wrong one, at the start too", async () => {
			const platform = await open(systemClock);
			const refused = expect.objectContaining({ name: "ChannelError", kind: "unauthorised" });
			expect(await spec.check(platform.settings, systemClock)).toMatchObject({ name: platform.botName });
			await expect(spec.check(platform.wrongSettings, systemClock)).rejects.toEqual(refused);
			const channel = await load(spec, platform.wrongSettings, systemClock);
			await expect(channel?.start(() => undefined)).rejects.toEqual(refused);
			await channel?.stop();
			await channel?.close();
			await platform.close();
		});
	});
}
