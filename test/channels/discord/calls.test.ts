import { Routes } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ChannelError } from "../../../src/channels/channel.ts";
import { type Calls, createCalls } from "../../../src/channels/discord/calls.ts";
import { placeholderBody } from "../../../src/channels/discord/message-body.ts";
import type { Pace } from "../../../src/channels/pace.ts";
import { createVirtualClock, type VirtualClock } from "../../fakes/clock.ts";
import { createFakeDiscord, type FakeDiscord } from "../../fakes/discord.ts";
import type { FakeChannel } from "../../fakes/discord-state.ts";

const hour = 60 * 60_000;

describe("a call to Discord", () => {
	let fake: FakeDiscord;
	let channel: FakeChannel;
	let clock: VirtualClock;
	let calls: Calls;
	let observed: [chat: string, remaining: number][];

	beforeEach(async () => {
		fake = await createFakeDiscord();
		channel = fake.addChannel(fake.addGuild());
		clock = createVirtualClock();
		observed = [];
		calls = createCalls({ token: fake.token, apiRoot: fake.apiRoot, clock, pace: listeningPace() });
	});
	afterEach(async () => {
		calls.close();
		await fake.close();
	});

	const listeningPace = (): Pace => ({
		take: () => true,
		flood: () => undefined,
		observe: (chat, remaining) => void observed.push([chat, remaining]),
	});
	let count = 0;
	const create = () =>
		calls.send("POST", Routes.channelMessages(channel.id), {
			body: { ...placeholderBody(), nonce: String(count++), enforce_nonce: true },
		});
	const failureOf = async (attempt: Promise<unknown>): Promise<ChannelError> => {
		const outcome = await attempt.catch((error: unknown) => error);
		if (outcome instanceof ChannelError) return outcome;
		throw new Error("the call was expected to fail with a ChannelError", { cause: outcome });
	};

	it.each<[number, number, string]>([
		[404, 10_003, "forbidden"],
		[404, 10_008, "missing"],
		[404, 10_015, "expired"],
		[404, 10_062, "expired"],
		[401, 50_027, "expired"],
		[400, 30_046, "missing"],
		[400, 40_060, "unchanged"],
		[403, 50_001, "forbidden"],
		[403, 50_007, "forbidden"],
		[403, 50_013, "forbidden"],
		[400, 50_083, "forbidden"],
		[400, 50_035, "rejected"],
		[400, 50_006, "rejected"],
		[404, 0, "missing"],
	])("is judged by Discord's code: HTTP %i, %i is %s", async (status, code, kind) => {
		fake.failNext({ answer: { status, body: { code, message: "No" } } });

		expect(await failureOf(create())).toMatchObject({ kind });
		expect(fake.calls).toHaveLength(1);
	});

	it.each([500, 502, 503])(
		"is sent once when the server fails with %i, because only the reply repeats",
		async (status) => {
			fake.failNext({ answer: { status, body: "<html>" } });

			expect(await failureOf(create())).toMatchObject({ kind: "network" });
			expect(fake.calls).toHaveLength(1);
		},
	);

	it("is of unknown outcome when the connection is cut", async () => {
		fake.failNext({ takesEffect: true });

		expect(await failureOf(create())).toMatchObject({ kind: "network" });
		expect(fake.calls).toHaveLength(1);
	});

	it("tells neither the interaction's token nor the text of the chat in its errors", async () => {
		const token = "a-token-of-an-interaction";
		const body = { ...placeholderBody(), content: "Geheimnis" };
		fake.failNext({ answer: { status: 404, body: { code: 10_015, message: "Unknown Webhook" } } });
		fake.failNext({ answer: { status: 502, body: "<html>" } });
		const send = () => calls.send("POST", Routes.webhook(fake.bot.id, token), { body, isInteraction: true });

		for (const attempt of [send, send]) {
			const error = await failureOf(attempt());
			const told = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join();
			expect(told).not.toContain(token);
			expect(told).not.toContain("Geheimnis");
		}
	});

	it("survives one 401, at which discord.js drops the token for good", async () => {
		fake.failNext({ answer: { status: 401, body: { message: "401: Unauthorized", code: 0 } } });

		await expect(create()).resolves.toBeDefined();
		await expect(create()).resolves.toBeDefined();
	});

	it("reports a token that stays refused and asks no further", async () => {
		fake.failNext({ times: 2, answer: { status: 401, body: { message: "401: Unauthorized", code: 0 } } });

		expect(await failureOf(create())).toMatchObject({ kind: "unauthorised" });
		expect(await failureOf(create())).toMatchObject({ kind: "unauthorised" });
		expect(fake.calls).toHaveLength(2);
	});

	it("tells the pace what is left in the channel's bucket and never runs into the wall behind it", async () => {
		fake.setBucket({ limit: 2, windowMilliseconds: 60_000 });

		await create();
		await create();
		const refused = await failureOf(create());

		expect(observed).toEqual([
			[`discord:${channel.id}`, 1],
			[`discord:${channel.id}`, 0],
		]);
		expect(refused).toMatchObject({ kind: "flood", isGlobal: false });
		expect(refused.retryAfterSeconds).toBeGreaterThan(50);
		expect(fake.calls).toHaveLength(2);
		expect(fake.violations).toEqual([]);
	});

	it("passes on the wait of a 429 at once instead of sleeping through it", async () => {
		const headers = { "retry-after": "7", "x-ratelimit-scope": "shared" };
		fake.failNext({ answer: { status: 429, headers, body: { message: "Slow down", retry_after: 7, global: false } } });

		const refused = await failureOf(create());

		expect(refused).toMatchObject({ kind: "flood", isGlobal: false });
		expect(refused.retryAfterSeconds).toBeCloseTo(7, 0);
		expect(fake.calls).toHaveLength(1);
	});

	it("knows a limit that holds for the whole bot", async () => {
		const headers = { "retry-after": "3", "x-ratelimit-global": "true", "x-ratelimit-scope": "global" };
		fake.failNext({ answer: { status: 429, headers, body: { message: "Slow down", retry_after: 3, global: true } } });

		expect(await failureOf(create())).toMatchObject({ kind: "flood", isGlobal: true });
	});

	it.each([403, 429])("rests for an hour when the wall in front of Discord shuts it out with %i", async (status) => {
		fake.failNext({ answer: { status, body: "<html>error code: 1015</html>" } });

		expect(await failureOf(create())).toMatchObject({ kind: "flood", isGlobal: true, retryAfterSeconds: 3_600 });
		await clock.advance(hour - 1_000);
		expect(await failureOf(create())).toMatchObject({ kind: "flood", isGlobal: true, retryAfterSeconds: 1 });
		expect(fake.calls).toHaveLength(1);
		await clock.advance(1_000);
		await expect(create()).resolves.toBeDefined();
	});

	it("rests long before 10,000 refused requests end in a ban", async () => {
		fake.failNext({ times: 10_000, answer: { status: 403, body: { code: 50_013, message: "Missing Permissions" } } });

		// The one route that discord.js does not hold to 50 requests a second.
		const attempt = () => calls.send("POST", Routes.interactionCallback("1", "token"), { isInteraction: true });
		let last = "";
		for (let count = 0; count < 520; count++) last = (await failureOf(attempt())).kind;

		expect(last).toBe("flood");
		expect(fake.calls.length).toBeLessThanOrEqual(500);
	});
});
