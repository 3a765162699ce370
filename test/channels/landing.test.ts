import { describe, expect, it } from "vitest";
import { createReplyUnderTest } from "../fakes/surface.ts";

describe("the final text", () => {
	it("replaces what grew and takes the call that was kept for it", async () => {
		const { clock, surface, open, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("Hal");
		await clock.advance(0);
		reply.show("Hall");

		expect(await finish("Hallo", 0, reply)).toBe("stands");
		expect(surface.texts()).toEqual(["Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("costs no call when it stands there already", async () => {
		const { clock, record, open, called, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("Hallo");
		await clock.advance(0);

		expect(await finish("Hallo", 0, reply)).toBe("stands");
		expect(called()).toEqual(["create 0", "edit 1 Hallo"]);
		expect(record.deliveredParts).toBe(1);
	});

	it("lands part by part, each recorded before and after", async () => {
		const { surface, record, finish } = createReplyUnderTest();
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
		const { clock, surface, record, open, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("abcdefghijklmnopqrstuvwxyz");
		await clock.advance(10_000);

		expect(await finish("kurz", 10, reply)).toBe("stands");

		expect(surface.texts()).toEqual(["kurz"]);
		expect(record.parts).toEqual(["1"]);
	});

	it("goes on after a crash where it was, without sending a part again", async () => {
		const { surface, record, called, finish } = createReplyUnderTest();
		await surface.create(0);
		await surface.create(1);
		record.save(["1", "2"], 1);

		expect(await finish("abcdefghijklm", 10)).toBe("stands");

		expect(called().slice(2)).toEqual(["edit 2 klm"]);
		expect(record.deliveredParts).toBe(2);
	});

	it("that another process already wrote is a success, not a second message", async () => {
		const { surface, record, called, finish } = createReplyUnderTest();
		await surface.create(0);
		record.save(["1"], 0);
		await surface.edit("1", { markup: "Hallo", plain: "Hallo" }, false);

		expect(await finish("Hallo", 10)).toBe("stands");

		expect(surface.texts()).toEqual(["Hallo"]);
		expect(called()).toHaveLength(3);
	});

	it("waits for the call of the growing text that is on its way", async () => {
		const { surface, open, called, finish } = createReplyUnderTest({ latencyMilliseconds: 5_000 });
		const reply = open();
		reply.show("Hal");

		expect(await finish("Hallo", 20, reply)).toBe("stands");

		expect(called()).toEqual(["create 0", "edit 1 Hallo"]);
		expect(surface.violations).toEqual([]);
	});

	it("removes the placeholder when there is nothing to say", async () => {
		const { clock, surface, record, open, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("Moment");
		await clock.advance(0);

		expect(await finish(null, 5, reply)).toBe("stands");

		expect(surface.texts()).toEqual([]);
		expect(record.parts).toEqual([]);
		expect(clock.pendingTimers()).toBe(0);
	});
});
