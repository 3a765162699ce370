import type { Answer } from "../../assistant/message.ts";
import { renderDiscord, renderDiscordCard } from "../markdown/markdown.ts";
import type { RenderedPart } from "../markdown/rendered.ts";

/** An answer as messages of Discord; its picture stands in the first one. */
export function renderAnswer({ text, isCard, picture }: Answer, isUnfinished: boolean): readonly RenderedPart[] {
	const parts = isCard ? renderDiscordCard(text) : renderDiscord(text, isUnfinished);
	if (!picture) return parts;
	const [first = { markup: "", plain: "", ...(isCard ? { isCard } : {}) }, ...others] = parts;
	return [{ ...first, picture }, ...others];
}
