import { describe, expect, it } from "vitest";
import { ChannelError, type ChannelErrorKind } from "../../src/channels/channel.ts";
import { createReplyUnderTest, type FakeSurfaceOptions } from "../fakes/surface.ts";

function setUp(options: FakeSurfaceOptions = {}) {
	const parts = createReplyUnderTest(options);
	const { clock, open } = parts;

	/** Finishes and lets the time go on; tells how it ended, or that it still waits. */
	async function finish(text: string | null, seconds = 0, reply = open()): Promise<string> {
		let end = "waits";
		reply.finish(text === null ? null : { text }).then(
			() => {
				end = "stands";
			},
			(error: unknown) => {
				end = error instanceof ChannelError ? `${error.kind} ${error.retryAfterSeconds}` : String(error);
			},
		);
		await clock.advance(seconds * 1_000);
		return end;
	}
	return { ...parts, finish };
}

const error = (kind: ChannelErrorKind) => new ChannelError(kind, "it happens");

describe("the final text", () => {
	it("replaces what grew and takes the call that was kept for it", async () => {
		const { clock, surface, open, finish } = setUp();
		const reply = open();
		reply.show("Hal");
		await clock.advance(0);
		reply.show("Hall");

		expect(await finish("Hallo", 0, reply)).toBe("stands");
		expect(surface.texts()).toEqual(["Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("costs no call when it stands there already", async () => {
		const { clock, record, open, called, finish } = setUp();
		const reply = open();
		reply.show("Hallo");
		await clock.advance(0);

		expect(await finish("Hallo", 0, reply)).toBe("stands");
		expect(called()).toEqual(["create 0", "edit 1 Hallo"]);
		expect(record.deliveredParts).toBe(1);
	});

	it("lands part by part, each recorded before and after", async () => {
		const { surface, record, finish } = setUp();
		const saved: string[] = [];
		const save = record.save;
		record.save = (parts, delivered) => {
			saved.push(`${parts.join("+")} ${delivered}`);
			save(parts, delivered);
		};

		expect(await finish("abcdefghijklm", 10)).toBe("stands");

		expect(surface.texts()).toEqual(["abcdefghij", "klm"]);
		expect(saved).toEqual(["1 0", "1 1", "1+2 1", "1+2 2"]);
	});

	it("takes away messages that it does not need", async () => {
		const { clock, surface, record, open, finish } = setUp();
		const reply = open();
		reply.show("abcdefghijklmnopqrstuvwxyz");
		await clock.advance(10_000);

		expect(await finish("kurz", 10, reply)).toBe("stands");

		expect(surface.texts()).toEqual(["kurz"]);
		expect(record.parts).toEqual(["1"]);
	});

	it("goes on after a crash where it was, without sending a part again", async () => {
		const { surface, record, called, finish } = setUp();
		await surface.create(0);
		await surface.create(1);
		record.save(["1", "2"], 1);

		expect(await finish("abcdefghijklm", 10)).toBe("stands");

		expect(called().slice(2)).toEqual(["edit 2 klm"]);
		expect(record.deliveredParts).toBe(2);
	});

	it("that another process already wrote is a success, not a second message", async () => {
		const { surface, record, called, finish } = setUp();
		await surface.create(0);
		record.save(["1"], 0);
		await surface.edit("1", { markup: "Hallo", plain: "Hallo" }, false);

		expect(await finish("Hallo", 10)).toBe("stands");

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(called()).toHaveLength(3);
	});

	it("waits for the call of the growing text that is on its way", async () => {
		const { surface, open, called, finish } = setUp({ latencyMilliseconds: 5_000 });
		const reply = open();
		reply.show("Hal");

		expect(await finish("Hallo", 20, reply)).toBe("stands");

		expect(called()).toEqual(["create 0", "edit 1 Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("removes the placeholder when there is nothing to say", async () => {
		const { clock, surface, record, open, finish } = setUp();
		const reply = open();
		reply.show("Moment");
		await clock.advance(0);

		expect(await finish(null, 5, reply)).toBe("stands");

		expect(surface.texts()).toEqual([]);
		expect(record.parts).toEqual([]);
		expect(clock.pendingTimers()).toBe(0);
	});
});

describe("the final text, refused", () => {
	it("waits for a retry_after of up to 30 seconds in full", async () => {
		const { clock, surface, finish } = setUp();
		surface.fail("edit", surface.flood(30));
		const reply = await finish("Hallo", 29.9);
		expect(reply).toBe("waits");

		await clock.advance(200);

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("hands a longer pause back and lands when it is asked again afterwards", async () => {
		const { clock, surface, open, called, finish } = setUp();
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
		const { surface, finish, called } = setUp();
		surface.fail("edit", error("markup"));
		expect(await finish("*Hallo*", 5)).toBe("stands");
		expect(called()).toEqual(["create 0", "edit 1 *Hallo*", "edit 1 Hallo"]);

		const again = setUp();
		again.surface.fail("edit", error("markup"));
		again.surface.fail("edit", error("markup"));
		expect(await again.finish("*Hallo*", 60)).toBe("markup 0");
		expect(again.called()).toHaveLength(3);
	});

	it("gets one new message when the old one was deleted", async () => {
		const { clock, surface, record, open, finish } = setUp();
		const reply = open();
		reply.show("Hal");
		await clock.advance(0);
		surface.lose("1");

		expect(await finish("Hallo", 10, reply)).toBe("stands");

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(record.parts).toEqual(["2"]);
	});

	it("keeps the order of the parts when the first of them was deleted", async () => {
		const { surface, record, finish } = setUp();
		await surface.create(0);
		await surface.create(1);
		record.save(["1", "2"], 0);
		surface.lose("1");

		expect(await finish("abcdefghijklm", 20)).toBe("stands");

		expect(surface.texts()).toEqual(["abcdefghij", "klm"]);
		expect(record.parts).toEqual(["2", "3"]);
	});

	it("gives up when every new message disappears as well", async () => {
		const { surface, finish } = setUp();
		for (let again = 0; again < 5; again++) surface.fail("edit", error("missing"));

		expect(await finish("Hallo", 60)).toBe("rejected 0");
		expect(surface.calls.filter((call) => call.what.startsWith("create"))).toHaveLength(2);
	});

	it("repeats what the network may have swallowed, and comes back to the caller when it stays away", async () => {
		const { surface, finish } = setUp();
		surface.fail("create", error("network"));
		surface.fail("edit", error("network"), true);
		expect(await finish("Hallo", 10)).toBe("stands");
		expect(surface.texts()).toEqual(["Hallo"]);

		const dead = setUp();
		for (let again = 0; again < 50; again++) dead.surface.fail("create", error("network"));
		expect(await dead.finish("Hallo", 120)).toBe("network 0");
		expect(dead.surface.calls.map((call) => call.at / 1_000)).toEqual([0, 1, 3, 7, 15, 31]);
	});

	it.each<ChannelErrorKind>(["forbidden", "expired", "rejected", "unauthorised"])(
		"hands %s back at once",
		async (kind) => {
			const { surface, finish } = setUp();
			surface.fail("create", error(kind));

			expect(await finish("Hallo", 0)).toBe(`${kind} 0`);
			expect(surface.calls).toHaveLength(1);
		},
	);

	it("stops waiting when the reply is abandoned", async () => {
		const { clock, surface, open, called } = setUp();
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
