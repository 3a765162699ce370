import { expect } from "vitest";
import { describeChannel } from "../../contracts/channel.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { connect } from "./connected.ts";

describeChannel("discord", { redelivers: false, grows: true }, async () => {
	const { channel, fake } = await connect({ clock: createHurriedClock(20) });
	const anna = fake.addUser("anna");
	return {
		channel,
		sendFromPerson: (text) => void fake.directMessage(anna, text),
		visibleTexts: () =>
			fake
				.messages(fake.directChannel(anna))
				.filter((text) => text !== "…")
				.map((text) => text.replace(/\\(.)/g, "$1")),
		async close() {
			await fake.close();
			expect(fake.violations).toEqual([]);
		},
	};
});
