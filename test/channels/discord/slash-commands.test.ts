import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { slashCommands } from "../../../src/channels/discord/commands.ts";
import { createRecord } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { type Connected, connect, menu, patience } from "./connected.ts";

describe("the registration of slash commands", () => {
	let connected: Connected;
	const registrations = () => connected.fake.calls.filter(({ method }) => method === "PUT");

	beforeEach(async () => {
		connected = await connect();
	});
	afterEach(() => connected.close());

	it("describes them in German by default and in English for English apps, for servers and for people", () => {
		expect(slashCommands(menu)[2]).toEqual({
			type: 1,
			name: "modus",
			name_localizations: { de: "modus", "en-US": "mode", "en-GB": "mode" },
			description: "Wählt, worauf es ankommt",
			description_localizations: {
				de: "Wählt, worauf es ankommt",
				"en-US": "Chooses what matters",
				"en-GB": "Chooses what matters",
			},
			options: [
				{
					type: 3,
					name: "modus",
					name_localizations: { de: "modus", "en-US": "mode", "en-GB": "mode" },
					description: "Was zählt",
					description_localizations: { de: "Was zählt", "en-US": "What counts", "en-GB": "What counts" },
					required: false,
					choices: [
						{ name: "tempo", value: "tempo" },
						{ name: "sparsam", value: "sparsam" },
					],
				},
			],
			integration_types: [0, 1],
			contexts: [0, 1, 2],
		});
	});

	it("happens once, and not again for the same menu", async () => {
		await connected.start();
		await vi.waitFor(() => expect(connected.notes.size).toBe(1), patience);
		const again = await connect({ fake: connected.fake, notes: connected.notes });

		await again.start();
		connected.fake.directMessage(connected.fake.addUser("anna"), "Hallo");
		await again.received();
		await again.channel.close();

		expect(registrations()).toHaveLength(1);
		expect(connected.fake.state.commands.map(({ name }) => name)).toEqual(["frage", "hilfe", "modus"]);
	});

	it("is repeated until Discord takes it", async () => {
		const hurried = await connect({ fake: connected.fake, clock: createHurriedClock(20) });
		connected.fake.failNext({ method: "PUT", times: 2, answer: { status: 503 } });

		await hurried.start();
		await vi.waitFor(() => expect(hurried.notes.size).toBe(1), patience);
		await hurried.channel.stop();
		await hurried.channel.close();

		expect(registrations().map(({ status }) => status)).toEqual([503, 503, 200]);
	});

	it("is given up when Discord refuses it, and chats go on", async () => {
		connected.fake.failNext({ method: "PUT", answer: { status: 400, body: { code: 50_035, message: "Invalid" } } });

		await connected.start();
		await vi.waitFor(() => expect(connected.lines.join()).toContain("the commands were refused"), patience);
		connected.fake.directMessage(connected.fake.addUser("anna"), "Hallo");

		expect(await connected.received()).toHaveLength(1);
		expect(registrations()).toHaveLength(1);
	});
});

describe("a slash command", () => {
	let connected: Connected;

	beforeEach(async () => {
		connected = await connect();
		await connected.start();
		await vi.waitFor(() => expect(connected.notes.size).toBe(1), patience);
	});
	afterEach(async () => {
		await connected.close();
		expect(connected.fake.violations).toEqual([]);
	});

	it("is promised an answer before it is written down, within a second", async () => {
		const { fake } = connected;
		const interaction = fake.slash(fake.addUser("anna"), "modus", { modus: "tempo" });

		const [message] = await connected.received();

		expect(interaction.acknowledgedAfterMilliseconds).toBeLessThan(1_000);
		expect(interaction.isEphemeral).toBe(false);
		expect(message).toMatchObject({ text: "/modus tempo", mayCommand: true, isDirect: true });
		expect(JSON.parse(JSON.stringify(message))).toEqual(message);
	});

	it("carries the time at which it was sent, and whom to answer", async () => {
		const { fake } = connected;
		const anna = fake.addUser("anna");
		const before = Date.now() - 10;

		fake.slash(anna, "hilfe");
		const [message] = await connected.received();

		expect(message).toMatchObject({ text: "/hilfe", author: `discord:${anna.id}`, authorName: "anna" });
		expect(message?.sentAt).toBeGreaterThanOrEqual(before);
		expect(message?.sentAt).toBeLessThanOrEqual(Date.now() + 10);
	});

	it("hands the text of /frage in as the plain question, which runs no command", async () => {
		const { fake } = connected;

		fake.slash(fake.addUser("anna"), "frage", { text: "/status alles" });

		expect(await connected.received()).toMatchObject([{ text: "/status alles", mayCommand: false }]);
	});

	it("is answered in private when it concerns the asker alone and others are there", async () => {
		const { fake } = connected;
		const channel = fake.addChannel(fake.addGuild());

		const interaction = fake.slash(fake.addUser("anna"), "hilfe", {}, { channel });
		const [message] = await connected.received();
		if (message) await connected.channel.open(message, createRecord()).finish({ text: "Nur für Anna" });

		expect(interaction.isEphemeral).toBe(true);
		expect(message?.isDirect).toBe(false);
		expect(fake.visible(channel).map(({ data }) => [data.content, (data.flags ?? 0) & 64])).toEqual([
			["Nur für Anna", 64],
		]);
	});

	it("goes on when it was acknowledged already", async () => {
		const { fake } = connected;
		fake.failNext({ path: /callback/, answer: { status: 400, body: { code: 40_060, message: "Already" } } });

		fake.slash(fake.addUser("anna"), "hilfe");

		expect(await connected.received()).toHaveLength(1);
	});

	it("is promised once more when the first promise got lost on its way", async () => {
		const { fake } = connected;
		fake.failNext({ path: /callback/, takesEffect: true, answer: { status: 502, body: "<html>" } });

		fake.slash(fake.addUser("anna"), "hilfe");

		expect(await connected.received()).toHaveLength(1);
		expect(fake.calls.filter(({ path }) => path.endsWith("/callback")).map(({ status }) => status)).toEqual([502, 400]);
	});

	it("is dropped with a log line when the promise comes too late", async () => {
		const { fake } = connected;
		fake.failNext({ path: /callback/, answer: { status: 404, body: { code: 10_062, message: "Unknown" } } });

		const { token } = fake.slash(fake.addUser("anna"), "hilfe");
		await vi.waitFor(() => expect(connected.lines.join()).toContain("could not be acknowledged"), patience);

		expect(connected.accepted).toEqual([]);
		expect(connected.lines.join()).not.toContain(token);
	});

	it("leaves the process alive when it could not be written down", async () => {
		const failing = await connect({ fake: connected.fake, notes: connected.notes });
		await failing.start(() => {
			throw new Error("the disk is full");
		});

		connected.fake.slash(connected.fake.addUser("anna"), "hilfe");
		await vi.waitFor(() => expect(failing.lines.join()).toContain("could not be written down"), patience);

		await failing.channel.stop();
		await failing.channel.close();
	});
});
