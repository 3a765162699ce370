import { describe, expect, it } from "vitest";
import { ChannelError } from "../../src/channels/channel.ts";
import { telegramGroupPace } from "../../src/channels/pace.ts";
import { createReplyUnderTest, type FakeSurfaceOptions } from "../fakes/surface.ts";

function setUp(options: FakeSurfaceOptions = {}) {
	const parts = createReplyUnderTest(options);
	return { ...parts, reply: parts.open() };
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
		for (let call = 0; call < 3; call++) pace.take(surface.chat, surface.limits, "final");
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
		const { clock, reply, surface } = setUp({ limits: telegramGroupPace });

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
		const { clock, record, surface, open } = setUp();
		record.save(["1"], 0);
		await surface.create(0);

		open().show("Hallo");
		await clock.advance(100);

		expect(surface.texts()).toEqual(["Hallo"]);
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
