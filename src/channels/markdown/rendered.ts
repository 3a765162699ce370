/** One message of an answer, short enough for the platform. */
export interface RenderedPart {
	/** In the platform's own markup. */
	readonly markup: string;
	/** The same without any formatting, for a platform that could not read the markup. */
	readonly plain: string;
}
