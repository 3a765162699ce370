import { describe, expect, it } from "vitest";
import { ChannelError } from "../../src/channels/channel.ts";
import { createReplyUnderTest, type FakeSurfaceOptions } from "../fakes/surface.ts";

function setUp(options: FakeSurfaceOptions = {}) {
	const parts = createReplyUnderTest(options);
	return { ...parts, reply: parts.open() };
}

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

	it("is used again after a pause that the platform asked for", async () => {
		const { clock, reply, surface, called } = setUp({ hasPreview: true });
		surface.fail("preview", surface.flood(3));

		reply.show("Hallo");
		await clock.advance(10_000);

		expect(called()).toEqual(["preview Hallo", "preview Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("shows only the part that is being written, the full ones are messages", async () => {
		const { clock, reply, surface } = setUp({ hasPreview: true });

		reply.show("abcdefghijkl");
		await clock.advance(5_000);

		expect(surface.texts()).toEqual(["abcdefghij"]);
		expect(surface.draft()).toBe("kl");
	});
});
