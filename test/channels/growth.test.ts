import { describe, expect, it } from "vitest";
import { ChannelError } from "../../src/channels/channel.ts";
import { createLiveReply } from "../../src/channels/live-reply.ts";
import { createPace, telegramGroupPace } from "../../src/channels/pace.ts";
import { createLog } from "../../src/log.ts";
import { createRecord } from "../contracts/channel.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { createFakeSurface } from "../fakes/surface.ts";

function setUp(options: Partial<Parameters<typeof createFakeSurface>[1]> = {}) {
	const clock = createVirtualClock();
	const lines: string[] = [];
	const log = createLog("info", [], (line) => lines.push(line));
	const pace = createPace(clock);
	const record = createRecord();
	const surface = createFakeSurface(clock, { record, ...options });
	const reply = createLiveReply(surface, record, { pace, clock, log });
	const called = (): string[] => surface.calls.map((call) => call.what);
	return { clock, pace, record, surface, reply, called, lines };
}

describe("typing", () => {
	it("is shown at once and again before the platform would hide it, until text is there", async () => {
		const { clock, reply, surface, called } = setUp();

		reply.show("");
		await clock.advance(9_000);
		reply.show("Hallo");
		await clock.advance(20_000);

		expect(surface.calls.slice(0, 3).map((call) => call.at)).toEqual([0, 4_000, 8_000]);
		expect(called()).toEqual(["typing", "typing", "typing", "create 0", "edit 1 Hallo"]);
	});

	it("gives way when the chat's budget runs low", async () => {
		const { clock, pace, reply, surface, called } = setUp();
		for (let call = 0; call < 3; call++) pace.take(surface.chat, surface.pace, "final");
		await clock.advance(500);

		reply.show("");
		await clock.advance(500);
		reply.show("Hallo");
		await clock.advance(600);

		expect(called()).toEqual(["create 0"]);
	});

	it("that is refused does not keep the text away", async () => {
		const { clock, reply, surface } = setUp();
		surface.fail("typing", new ChannelError("rejected", "no such action"));

		reply.show("");
		await clock.advance(10_000);
		reply.show("Hallo");
		await clock.advance(100);

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(surface.calls).toHaveLength(3);
	});
});

describe("a growing text", () => {
	it("is visible within 1.2 seconds, its placeholder recorded before", async () => {
		const { clock, reply, surface, record } = setUp({ latencyMilliseconds: 200 });

		reply.show("");
		await clock.advance(3_000);
		reply.show("Hal");
		reply.show("Hallo");
		await clock.advance(1_200);

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(record.parts).toEqual(["1"]);
		expect(surface.violations).toEqual([]);
	});

	it("changes at the chat's gaps, newest text only, never two calls at once", async () => {
		const { clock, reply, surface } = setUp({ latencyMilliseconds: 300 });

		for (let letter = 0; letter < 120; letter++) {
			reply.show("abcdefghij".slice(0, 1 + Math.floor(letter / 12)));
			await clock.advance(100);
		}

		const edits = surface.calls.filter((call) => call.what.startsWith("edit")).map((call) => call.at);
		const gaps = edits.slice(1).map((at, index) => at - (edits[index] ?? 0));
		expect(gaps.slice(0, 3)).toEqual([1_300, 1_300, 1_800]);
		expect(Math.min(...gaps.slice(3))).toBeGreaterThanOrEqual(2_000);
		expect(surface.texts()).toEqual(["abcdefghi"]);
		expect(surface.violations).toEqual([]);
	});

	it("in a group appears at once and then changes every four seconds at most", async () => {
		const { clock, reply, surface } = setUp({ pace: telegramGroupPace });

		for (let tenth = 0; tenth < 200; tenth++) {
			reply.show(String(tenth));
			await clock.advance(100);
		}

		const edits = surface.calls.filter((call) => call.what.startsWith("edit")).map((call) => call.at);
		expect(edits).toEqual([0, 4_000, 8_000, 12_000, 16_000, 20_000]);
		expect(surface.calls.at(-1)?.what).toBe("edit 1 199");
	});

	it("is not sent again when nothing visible changed", async () => {
		const { clock, reply, called } = setUp();

		for (let second = 0; second < 10; second++) {
			reply.show("Hallo");
			await clock.advance(1_000);
		}

		expect(called()).toEqual(["create 0", "edit 1 Hallo"]);
	});

	it("brings a full part to its final look before the next one begins", async () => {
		const { clock, reply, surface, record, called } = setUp();

		reply.show("abcdefgh");
		await clock.advance(900);
		reply.show("abcdefghijkl");
		await clock.advance(5_000);

		expect(called()).toEqual(["create 0", "edit 1 abcdefgh", "edit 1 abcdefghij", "create 1", "edit 2 kl"]);
		expect(record.parts).toEqual(["1", "2"]);
		expect(surface.texts()).toEqual(["abcdefghij", "kl"]);
	});

	it("starts again after a failover and takes back what stood there", async () => {
		const { clock, reply, surface } = setUp();
		reply.show("abcdefghijkl");
		await clock.advance(3_000);

		reply.show("");
		reply.show("neu");
		await clock.advance(6_000);

		expect(surface.texts()).toEqual(["neu"]);
	});

	it("goes on in the recorded message of an earlier process", async () => {
		const { clock, pace, record, surface } = setUp();
		record.save(["1"], 0);
		await surface.create(0);
		const reply = createLiveReply(surface, record, { pace, clock, log: createLog("silent", []) });

		reply.show("Hallo");
		await clock.advance(100);

		expect(surface.texts()).toEqual(["Hallo"]);
	});
});

describe("a growing text that the platform refuses", () => {
	it("rests for the whole retry_after and then shows the newest text, none of those between", async () => {
		const { clock, reply, surface, called } = setUp();
		surface.fail("edit", surface.flood(7));

		for (let second = 0; second < 9; second++) {
			reply.show(`Satz ${second}`);
			await clock.advance(1_000);
		}

		expect(surface.violations).toEqual([]);
		expect(called()).toEqual(["create 0", "edit 1 Satz 0", "edit 1 Satz 7", "edit 1 Satz 8"]);
	});

	it("tries again after network trouble, more and more slowly", async () => {
		const { clock, reply, surface } = setUp();
		for (let again = 0; again < 3; again++) surface.fail("edit", new ChannelError("network", "reset"));

		reply.show("Hallo");
		await clock.advance(10_000);

		const edits = surface.calls.filter((call) => call.what.startsWith("edit")).map((call) => call.at);
		expect(edits).toEqual([0, 500, 1_500, 3_500]);
		expect(surface.texts()).toEqual(["Hallo"]);
	});

	it("is shown plain when its markup cannot be read", async () => {
		const { clock, reply, surface } = setUp();
		surface.fail("edit", new ChannelError("markup", "can't parse entities"));

		reply.show("*Hallo*");
		await clock.advance(3_000);

		expect(surface.texts()).toEqual(["Hallo"]);
	});

	it("gets a second message when the person deletes the first, but no third", async () => {
		const { clock, reply, surface, record } = setUp();
		reply.show("a");
		await clock.advance(2_000);
		surface.lose("1");
		reply.show("ab");
		await clock.advance(3_000);
		expect(surface.texts()).toEqual(["ab"]);

		surface.lose("2");
		for (const text of ["abc", "abcd", "abcde"]) {
			reply.show(text);
			await clock.advance(5_000);
		}

		expect(surface.texts()).toEqual([]);
		expect(record.parts).toEqual([]);
	});

	it("is no longer tried when the bot may not write", async () => {
		const { clock, reply, surface, lines } = setUp();
		surface.fail("create", new ChannelError("forbidden", "bot was blocked"));

		reply.show("Hallo");
		await clock.advance(60_000);
		reply.show("Hallo du");
		await clock.advance(60_000);

		expect(surface.calls).toHaveLength(1);
		expect(lines).toEqual([]);
	});
});

describe("a preview", () => {
	it("takes the place of a message and is repeated before it fades", async () => {
		const { clock, reply, surface, called } = setUp({ hasPreview: true });

		reply.show("Hallo");
		await clock.advance(45_000);

		expect(called()).toEqual(["preview Hallo", "preview Hallo", "preview Hallo"]);
		expect(surface.texts()).toEqual([]);
	});

	it("is given up for messages at the first refusal", async () => {
		const { clock, reply, surface, called } = setUp({ hasPreview: true });
		surface.fail("preview", new ChannelError("rejected", "drafts are not available"));

		reply.show("Hallo");
		await clock.advance(2_000);
		reply.show("Hallo du");
		await clock.advance(2_000);

		expect(called()).toEqual(["preview Hallo", "create 0", "edit 1 Hallo", "edit 1 Hallo du"]);
		expect(surface.texts()).toEqual(["Hallo du"]);
	});

	it("shows only the part that is being written, the full ones are messages", async () => {
		const { clock, reply, surface } = setUp({ hasPreview: true });

		reply.show("abcdefghijkl");
		await clock.advance(5_000);

		expect(surface.texts()).toEqual(["abcdefghij"]);
		expect(surface.draft()).toBe("kl");
	});
});

describe("an abandoned reply", () => {
	it("makes no further call and leaves no timer", async () => {
		const { clock, reply, surface } = setUp();
		reply.show("Hallo");
		await clock.advance(100);

		reply.show("Hallo du");
		reply.abandon();
		await clock.advance(60_000);

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(clock.pendingTimers()).toBe(0);
	});
});
