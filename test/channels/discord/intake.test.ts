import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHurriedClock } from "../../fakes/clock.ts";
import { type Connected, connect, patience } from "./connected.ts";

let connected: Connected;
/** How often the store refuses before it takes a message. */
let refusals: number;

beforeEach(async () => {
	connected = await connect({ clock: createHurriedClock(20) });
	await connected.start((messages) => {
		if (refusals-- > 0) throw new Error("database or disk is full");
		connected.accepted.push(...messages);
	});
});
afterEach(() => connected.close());

describe("a store that cannot write for a while", () => {
	it("costs no message, although Discord delivers each only once", async () => {
		refusals = 3;
		const { fake } = connected;
		fake.directMessage(fake.addUser("anna"), "Hallo");

		const received = await connected.received();

		expect(received.map(({ text }) => text)).toEqual(["Hallo"]);
		expect(connected.lines.filter((line) => line.includes("could not be written down yet"))).toHaveLength(3);
	});

	it("does not keep the channel from stopping", async () => {
		refusals = Number.POSITIVE_INFINITY;
		const { fake, channel } = connected;
		fake.directMessage(fake.addUser("anna"), "Hallo");
		await expect.poll(() => connected.lines.join(), patience).toContain("could not be written down yet");

		await channel.stop();

		expect(connected.accepted).toEqual([]);
	});
});
