import { ComponentType, MessageFlags } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeDiscord, type FakeDiscord } from "./discord.ts";
import type { FakeMessage } from "./discord-state.ts";
import { createPicture } from "./picture.ts";

const text = (content: string) => ({ type: ComponentType.TextDisplay, content });
const container = (...components: readonly object[]) => ({ type: ComponentType.Container, components });
const gallery = (url: string) => ({ type: ComponentType.MediaGallery, items: [{ media: { url } }] });
const card = (...components: readonly object[]) => ({
	content: null,
	flags: MessageFlags.IsComponentsV2 | MessageFlags.SuppressEmbeds,
	components,
	allowed_mentions: { parse: [] },
});
const plain = { content: "Hallo", flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } };

describe("the fake of Discord's cards", () => {
	let fake: FakeDiscord;
	let message: FakeMessage;

	beforeEach(async () => {
		fake = await createFakeDiscord();
		message = fake.state.store(fake.addChannel(fake.addGuild()), fake.bot, "…");
	});
	afterEach(() => fake.close());

	/** Edits the message; the status and what Discord names as the fault. */
	async function edit(body: object, file?: Uint8Array): Promise<string> {
		const url = `${fake.apiRoot}/v10/channels/${message.data.channel_id}/messages/${message.data.id}`;
		const form = new FormData();
		form.append("payload_json", JSON.stringify(body));
		if (file) form.append("files[0]", new Blob([file as Uint8Array<ArrayBuffer>], { type: "image/png" }), "a.png");
		const response = await fetch(url, {
			method: "PATCH",
			headers: {
				authorization: `Bot ${fake.token}`,
				...(file ? {} : { "content-type": "application/json" }),
			},
			body: file ? form : JSON.stringify(body),
		});
		const answer = (await response.json()) as { errors?: Record<string, { _errors: { code: string }[] }> };
		return [response.status, ...Object.values(answer.errors ?? {}).map(({ _errors }) => _errors[0]?.code)].join(" ");
	}

	it("takes a card in the place of a text, and the same once more", async () => {
		expect(await edit(card(container(text("a"), { type: ComponentType.Separator }, text("b"))))).toBe("200");
		expect(await edit(card(container(text("a"))))).toBe("200");
		expect(message.data.content).toBe("");
	});

	it("never takes a card back", async () => {
		await edit(card(text("a")));

		expect(await edit(plain)).toBe("400 MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2");
		expect(message.data.flags).toBe(MessageFlags.IsComponentsV2 | MessageFlags.SuppressEmbeds);
	});

	it.each([
		["text that is still there", { ...card(text("a")), content: undefined }, "LEGACY_FIELDS"],
		["text besides", { ...card(text("a")), content: "Hallo" }, "LEGACY_FIELDS"],
		["embeds of null", { ...card(text("a")), embeds: null }, "LEGACY_FIELDS"],
		["cards without the flag", { ...plain, components: [container(text("a"))] }, "UNION_TYPE_CHOICES"],
		["4,001 characters", card(text("a".repeat(2_000)), text("a".repeat(2_001))), "TEXT_SIZE_EXCEEDED"],
		["41 components", card(container(...Array.from({ length: 40 }, () => text("a")))), "MAX_TOTAL_EXCEEDED"],
		["an empty text", card(container(text(" "))), "BASE_TYPE_BAD"],
		["an empty container", card(container()), "BASE_TYPE_BAD"],
		["a container in a container", card(container(container(text("a")))), "UNION_TYPE_CHOICES"],
		["an unknown component", card({ type: 99 }), "UNION_TYPE_CHOICES"],
		["an unknown field", card({ ...text("a"), colour: 1 }), "BASE_TYPE_BAD"],
		["a picture that did not come", card(gallery("attachment://b.png")), "BASE_TYPE_BAD"],
	])("refuses %s", async (_what, body, code) => {
		expect(await edit(body, Buffer.from(createPicture().png, "base64"))).toContain(code);
		expect(message.edits).toBe(0);
	});

	it("keeps the files that an edit names, and no others", async () => {
		const file = Buffer.from(createPicture().png, "base64");
		const attachments = [{ id: 0, filename: "a.png", description: "Bild" }];

		expect(await edit({ ...card(gallery("attachment://a.png")), attachments }, file)).toBe("200");
		expect(await edit({ ...card(gallery("attachment://a.png")), attachments }, file)).toBe("200");
		expect(message.data.attachments).toMatchObject([{ filename: "a.png", description: "Bild" }]);
		expect(await edit({ ...card(gallery("attachment://a.png")), attachments })).toBe("400 ATTACHMENT_NOT_FOUND");
	});
});
