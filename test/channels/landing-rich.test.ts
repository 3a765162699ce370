import { describe, expect, it } from "vitest";
import { ChannelError, type ChannelErrorKind } from "../../src/channels/channel.ts";
import { createPicture } from "../fakes/picture.ts";
import { createReplyUnderTest } from "../fakes/surface.ts";

const error = (kind: ChannelErrorKind) => new ChannelError(kind, "it happens");
const picture = createPicture(40, 20, "Bild");
const text = "abcdefghijklm";

describe("an answer with a card or a picture", () => {
	it("lands in the messages that were recorded, and a second time changes nothing", async () => {
		const { surface, record, called, finish } = createReplyUnderTest();
		const answer = { text, isCard: true, picture } as const;

		expect(await finish(answer, 10)).toBe("stands");
		expect(await finish(answer, 10)).toBe("stands");

		expect(surface.texts()).toEqual(["[Bild]#abcdefghij", "#klm"]);
		expect(called()).toEqual(["create 0", "edit 1 [Bild]#abcdefghij", "create 1", "edit 2 #klm"]);
		expect(record.deliveredParts).toBe(2);
	});

	it("comes where the text alone has grown: the card and the picture are part of the look", async () => {
		const { clock, surface, open, finish } = createReplyUnderTest();
		const reply = open();
		reply.show("Hallo");
		await clock.advance(0);

		expect(await finish({ text: "Hallo", isCard: true }, 10, reply)).toBe("stands");
		expect(surface.texts()).toEqual(["#Hallo"]);

		const pictured = createReplyUnderTest();
		const growing = pictured.open();
		growing.show("Hallo");
		await pictured.clock.advance(0);

		expect(await pictured.finish({ text: "Hallo", picture }, 10, growing)).toBe("stands");
		expect(pictured.surface.texts()).toEqual(["[Bild]Hallo"]);
	});

	it("stands there after a crash between the placeholder and its text", async () => {
		const { surface, record, called, finish } = createReplyUnderTest();
		record.save([await surface.create(0)], 0);

		expect(await finish({ text: "Hallo", picture }, 10)).toBe("stands");

		expect(called()).toEqual(["create 0", "edit 1 [Bild]Hallo"]);
		expect(surface.texts()).toEqual(["[Bild]Hallo"]);
	});

	it.each<ChannelErrorKind>(["rejected", "forbidden"])("is text alone where the platform says %s", async (kind) => {
		const { surface, record, called, finish } = createReplyUnderTest();
		surface.fail("edit", error(kind));

		expect(await finish({ text: "Hallo", isCard: true, picture }, 10)).toBe("stands");

		expect(called()).toEqual(["create 0", "edit 1 [Bild]#Hallo", "edit 1 Hallo"]);
		expect(surface.texts()).toEqual(["Hallo"]);
		expect(record.deliveredParts).toBe(1);
	});

	it("keeps the cards that stand when a later one is refused", async () => {
		const { surface, record, finish, called } = createReplyUnderTest();
		const { save } = record;
		record.save = (parts, delivered) => {
			save(parts, delivered);
			if (parts.length === 2 && delivered === 1) surface.fail("edit", error("rejected"));
		};

		expect(await finish({ text, isCard: true }, 10)).toBe("stands");

		expect(called().slice(-2)).toEqual(["edit 2 #klm", "edit 2 klm"]);
		expect(surface.texts()).toEqual(["#abcdefghij", "klm"]);
	});

	it("loses its formatting before its picture when the markup cannot be read", async () => {
		const { surface, finish } = createReplyUnderTest();
		surface.fail("edit", error("markup"));

		expect(await finish({ text: "*Hallo*", picture }, 10)).toBe("stands");

		expect(surface.texts()).toEqual(["[Bild]Hallo"]);
	});

	it("is refused for good when the text alone is refused as well", async () => {
		const { surface, finish, called } = createReplyUnderTest();
		surface.fail("edit", error("forbidden"));
		surface.fail("edit", error("forbidden"));

		expect(await finish({ text: "Hallo", picture }, 10)).toBe("forbidden 0");
		expect(called()).toEqual(["create 0", "edit 1 [Bild]Hallo", "edit 1 Hallo"]);
	});

	it("is sent again as it is when the network swallowed the answer", async () => {
		const { surface, finish } = createReplyUnderTest();
		surface.fail("edit", error("network"), true);

		expect(await finish({ text: "Hallo", picture }, 10)).toBe("stands");

		expect(surface.texts()).toEqual(["[Bild]Hallo"]);
	});

	it("gives up when every message disappears", async () => {
		const { surface, finish } = createReplyUnderTest();
		for (let again = 0; again < 9; again++) surface.fail("edit", error("missing"));

		expect(await finish({ text: "Hallo", isCard: true }, 60)).toBe("rejected 0");
	});
});
