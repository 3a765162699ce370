import {
	type APIComponentInContainer,
	ComponentType,
	MessageFlags,
	type RawFile,
	type RESTPatchAPIChannelMessageJSONBody,
} from "discord.js";
import type { Picture } from "../../assistant/message.ts";
import type { RenderedPart } from "../markdown/rendered.ts";

const placeholder = "…";
const pictureName = "picture.png";
const longestDescription = 1_024;
/** Of one message, the container included. */
const maximumComponents = 40;

/** Nobody is pinged by what a model writes, and Discord fetches none of its links. */
const guarded = { flags: MessageFlags.SuppressEmbeds as number, allowed_mentions: { parse: [] } };

export const placeholderBody = () => ({ ...guarded, content: placeholder });

interface MessageBody {
	readonly body: RESTPatchAPIChannelMessageJSONBody;
	readonly files?: RawFile[];
}

/** What makes a message look like the part, whatever it was before; only a card can never become a plain message again. */
export function bodyOf(part: RenderedPart, asPlain: boolean): MessageBody {
	const text = asPlain ? part.plain : part.markup;
	const shown = part.isCard ? cardOf(text, part.picture) : { content: text };
	if (!part.picture) return { body: { ...guarded, ...shown } };
	const description = descriptionOf(part.picture);
	return {
		body: { ...guarded, ...shown, attachments: [{ id: 0, filename: pictureName, description }] },
		files: [{ name: pictureName, data: Buffer.from(part.picture.png, "base64"), contentType: "image/png" }],
	};
}

/** A card's text stands in its components; the text of the placeholder has to go. */
function cardOf(text: string, picture: Picture | undefined): RESTPatchAPIChannelMessageJSONBody {
	const gallery: readonly APIComponentInContainer[] = picture
		? [
				{
					type: ComponentType.MediaGallery,
					items: [{ media: { url: `attachment://${pictureName}` }, description: descriptionOf(picture) }],
				},
			]
		: [];
	const components = [...gallery, ...paragraphsOf(text, maximumComponents - 1 - gallery.length)];
	return {
		content: null,
		flags: guarded.flags | MessageFlags.IsComponentsV2,
		components: [{ type: ComponentType.Container, components }],
	};
}

/** Paragraphs with lines between them, or one text where that would be too many or tear a block of code. */
function paragraphsOf(text: string, maximum: number): readonly APIComponentInContainer[] {
	if (text === "") return [];
	const paragraphs = text.split("\n\n");
	const isWhole = paragraphs.length * 2 - 1 > maximum || text.includes("```");
	const texts = isWhole ? [text] : paragraphs.filter((paragraph) => paragraph.trim() !== "");
	return texts.flatMap((content, index): readonly APIComponentInContainer[] => {
		const display: APIComponentInContainer = { type: ComponentType.TextDisplay, content };
		return index === 0 ? [display] : [{ type: ComponentType.Separator }, display];
	});
}

function descriptionOf({ description }: Picture): string {
	return description.slice(0, longestDescription).toWellFormed();
}
