import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createGateway, type Gateway } from "../../../src/channels/discord/gateway.ts";
import { systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { createFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from "../../fakes/discord.ts";

const patience = { timeout: 12_000, interval: 20 };

describe("the gateway", () => {
	let fake: FakeDiscord;
	let gateway: Gateway;
	let seen: string[];
	let lines: string[];

	async function setup(options: FakeDiscordOptions = {}, token = "fake-discord-token", clock = systemClock) {
		fake = await createFakeDiscord(options);
		open(token, clock);
	}
	function open(token: string, clock = systemClock): void {
		gateway = createGateway({
			token,
			apiRoot: fake.apiRoot,
			clock,
			log: createLog("info", [], (line) => void lines.push(line)),
			events: {
				ready: () => void seen.push("ready"),
				message: (data) => void seen.push(data.content),
				interaction: (data) => void seen.push(`interaction ${data.type}`),
			},
		});
	}
	beforeEach(() => {
		seen = [];
		lines = [];
	});
	afterEach(async () => {
		await gateway.close();
		await fake.close();
	});
	const events = (expected: readonly string[]) => vi.waitFor(() => expect(seen).toEqual(expected), patience);

	it("asks for nothing privileged and hands on what comes", async () => {
		await setup();

		await gateway.open();
		fake.directMessage(fake.addUser("anna"), "Hallo");

		await events(["ready", "Hallo"]);
		expect(fake.gateway.identifies).toHaveLength(1);
	});

	it("hands on messages of channels and threads that it has never heard of", async () => {
		await setup();
		await gateway.open();
		const guild = fake.addGuild();
		const thread = fake.addThread(fake.addChannel(guild));

		fake.mention(thread, fake.addUser("anna"), "Hallo");

		await events(["ready", `<@${fake.bot.id}> Hallo`]);
	});

	it("resumes after a cut and gets what it missed, once", async () => {
		await setup();
		await gateway.open();

		fake.gateway.disconnect(4000);
		await vi.waitFor(() => expect(fake.gateway.connections()).toBe(0), patience);
		fake.directMessage(fake.addUser("anna"), "Während der Pause");

		await events(["ready", "Während der Pause"]);
		expect(fake.gateway.resumes).toHaveLength(1);
		expect(fake.gateway.identifies).toHaveLength(1);
	});

	it("resumes when its heartbeats are no longer acknowledged", async () => {
		await setup({ heartbeatMilliseconds: 150 });
		await gateway.open();

		fake.gateway.withholdAcknowledgements(true);
		await vi.waitFor(() => expect(fake.gateway.resumes.length).toBeGreaterThan(0), patience);
		fake.gateway.withholdAcknowledgements(false);
		fake.directMessage(fake.addUser("anna"), "Noch da?");

		await events(["ready", "Noch da?"]);
	});

	it("refuses to start with a wrong token", async () => {
		await setup({}, "another-token");

		await expect(gateway.open()).rejects.toMatchObject({ name: "ChannelError", kind: "unauthorised" });
		expect(fake.gateway.identifies).toHaveLength(0);
	});

	it.each([
		[4004, "unauthorised"],
		[4014, "rejected"],
	])("gives up at close code %i and names it", async (code, kind) => {
		await setup();
		fake.gateway.refuseIdentify(code);

		await expect(gateway.open()).rejects.toMatchObject({ name: "ChannelError", kind });
		expect(fake.gateway.identifies).toHaveLength(1);
		expect(lines.join()).toContain(`"code":${code}`);
	});

	it("starts while Discord is out of reach and connects once it is back", async () => {
		fake = await createFakeDiscord();
		const port = Number(new URL(fake.apiRoot).port);
		await fake.close();
		open("fake-discord-token");
		const begin = performance.now();

		await gateway.open();
		expect(performance.now() - begin).toBeLessThan(8_000);
		expect(seen).toEqual([]);
		fake = await createFakeDiscord({ port });

		await events(["ready"]);
	});

	it("starts as well when Discord takes the connection and says nothing", async () => {
		await setup({}, "fake-discord-token", createHurriedClock(50));
		fake.failNext({ path: /gateway/, delayMilliseconds: 2_000 });

		await gateway.open();

		expect(seen).toEqual([]);
		await events(["ready"]);
	});

	it("waits without identifying while Discord grants no further session", async () => {
		await setup({ remainingStarts: 0 }, "fake-discord-token", createHurriedClock(10));

		await gateway.open();

		await vi.waitFor(() => expect(fake.calls.length).toBeGreaterThan(2), patience);
		expect(fake.gateway.identifies).toHaveLength(0);
	});

	it("leaves no connection behind when it was closed before Discord answered", async () => {
		await setup();
		fake.failNext({ path: /gateway/, delayMilliseconds: 300 });

		const opening = gateway.open();
		await gateway.close();

		await opening;
		await vi.waitFor(() => expect(fake.gateway.connections()).toBe(0), patience);
	});
});
