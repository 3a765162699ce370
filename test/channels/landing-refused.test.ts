import { describe, expect, it } from "vitest";
import { ChannelError, type ChannelErrorKind } from "../../src/channels/channel.ts";
import { createReplyUnderTest } from "../fakes/surface.ts";

const error = (kind: ChannelErrorKind) => new ChannelError(kind, "it happens");

describe("the final text, refused", () => {
	it("waits for a retry_after of up to 30 seconds in full", async () => {
		const { clock, surface, finish } = createReplyUnderTest();
		surface.fail("edit", surface.flood(30));
		const reply = await finish("Hallo", 29.9);
		expect(reply).toBe("waits");

		await clock.advance(200);

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("hands a longer pause back and lands when it is asked again afterwards", async () => {
		const { clock, surface, open, called, finish } = createReplyUnderTest();
		const reply = open();
		surface.fail("edit", surface.flood(3_600));

		expect(await finish("Hallo", 0, reply)).toBe("flood 3600");
		await clock.advance(600_000);
		expect(await finish("Hallo", 0, reply)).toBe("flood 3000");
		await clock.advance(3_000_000);
		expect(await finish("Hallo", 0, reply)).toBe("stands");

		expect(called()).toEqual(["create 0", "edit 1 Hallo", "edit 1 Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("is written once more without markup when that cannot be read, and then no more", async () => {
		const { surface, finish, called } = createReplyUnderTest();
		surface.fail("edit", error("markup"));
		expect(await finish("*Hallo*", 5)).toBe("stands");
		expect(called()).toEqual(["create 0", "edit 1 *Hallo*", "edit 1 Hallo"]);

		const again = createReplyUnderTest();
		again.surface.fail("edit", error("markup"));
		again.surface.fail("edit", error("markup"));
		expect(await again.finish("*Hallo*", 60)).toBe("markup 0");
		expect(again.called()).toHaveLength(3);
	});

	it("gets one new message when the old one was deleted", async () => {
		const { clock, surface, record, open, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("Hal");
		await clock.advance(0);
		surface.lose("1");

		expect(await finish("Hallo", 10, reply)).toBe("stands");

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(record.parts).toEqual(["2"]);
	});

	it("is written again when the network may have let something else through", async () => {
		const { clock, surface, open, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("Hallo");
		await clock.advance(1_500);
		surface.fail("edit", error("network"), true);
		reply.show("Hallo du");
		await clock.advance(0);

		expect(await finish("Hallo", 10, reply)).toBe("stands");

		expect(surface.texts()).toEqual(["Hallo"]);
	});

	it("keeps the order of the parts when the first of them was deleted", async () => {
		const { surface, record, finish } = createReplyUnderTest();
		await surface.create(0);
		await surface.create(1);
		record.save(["1", "2"], 0);
		surface.lose("1");

		expect(await finish("abcdefghijklm", 20)).toBe("stands");

		expect(surface.texts()).toEqual(["abcdefghij", "klm"]);
		expect(record.parts).toEqual(["2", "3"]);
	});

	it("gives up when every new message disappears as well", async () => {
		const { surface, finish } = createReplyUnderTest();
		for (let again = 0; again < 5; again++) surface.fail("edit", error("missing"));

		expect(await finish("Hallo", 60)).toBe("rejected 0");
		expect(surface.calls.filter((call) => call.what.startsWith("create"))).toHaveLength(2);
	});

	it("repeats what the network may have swallowed, and comes back to the caller when it stays away", async () => {
		const { surface, finish } = createReplyUnderTest();
		surface.fail("create", error("network"));
		surface.fail("edit", error("network"), true);
		expect(await finish("Hallo", 10)).toBe("stands");
		expect(surface.texts()).toEqual(["Hallo"]);

		const shaky = createReplyUnderTest();
		for (let again = 0; again < 5; again++) shaky.surface.fail("create", error("network"));
		for (let again = 0; again < 5; again++) shaky.surface.fail("edit", error("network"));
		expect(await shaky.finish("Hallo", 120)).toBe("stands");

		const dead = createReplyUnderTest();
		for (let again = 0; again < 50; again++) dead.surface.fail("create", error("network"));
		expect(await dead.finish("Hallo", 120)).toBe("network 0");
		expect(dead.surface.calls.map((call) => call.at / 1_000)).toEqual([0, 1, 3, 7, 15, 31]);
	});

	it.each<ChannelErrorKind>(["forbidden", "expired", "rejected", "unauthorised"])(
		"hands %s back at once",
		async (kind) => {
			const { surface, finish } = createReplyUnderTest();
			surface.fail("create", error(kind));

			expect(await finish("Hallo", 0)).toBe(`${kind} 0`);
			expect(surface.calls).toHaveLength(1);
		},
	);

	it("stops waiting when the reply is abandoned", async () => {
		const { clock, surface, open, called } = createReplyUnderTest();
		surface.fail("create", surface.flood(20));
		const reply = open();
		const finished = reply.finish({ text: "Hallo" }).catch((reason: ChannelError) => reason.kind);
		await clock.advance(1_000);

		reply.abandon();

		expect(await finished).toBe("network");
		expect(called()).toEqual(["create 0"]);
		expect(clock.pendingTimers()).toBe(0);
	});
});
