import type { Picture } from "../../assistant/message.ts";

/** One message of an answer, short enough for the platform. */
export interface RenderedPart {
	/** In the platform's own markup. */
	readonly markup: string;
	/** The same without any formatting, for a platform that could not read the markup. */
	readonly plain: string;
	/** Drawn as a card of the platform instead of a plain message. */
	readonly isCard?: true;
	/** Above the text. */
	readonly picture?: Picture;
}
