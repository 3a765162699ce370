/** How a piece of text looks. A link carries its target, a moment its seconds since 1970. */
export type Style = "bold" | "italic" | "struck" | "code" | `link:${string}` | `time:${number}`;

/** Text in one look. Never contains a line break. `styles` run from the outermost to the innermost. */
export interface Span {
	readonly text: string;
	readonly styles: readonly Style[];
}

/** One per code block: lines with the same object belong together. */
export interface CodeBlock {
	/** One plain word, or empty. */
	readonly language: string;
}

/** A document is flat: every block is a run of lines, ready to be cut anywhere. */
export interface Line {
	/** A blank line stands before it. */
	readonly isApart: boolean;
	/** The next line must not be torn away from it. */
	readonly isHeading: boolean;
	readonly quoteDepth: number;
	/** Columns before the marker. */
	readonly indent: number;
	/** "•", "◦", "▪", "3.", "☐", "☑", "3. ☑", or empty. */
	readonly marker: string;
	readonly code: CodeBlock | null;
	readonly spans: readonly Span[];
}

export const textLine: Line = {
	isApart: false,
	isHeading: false,
	quoteDepth: 0,
	indent: 0,
	marker: "",
	code: null,
	spans: [],
};

export function textOf(spans: readonly Span[]): string {
	return spans.map((span) => span.text).join("");
}

/** What stands before the text of a line: indent and marker. Lines of code have nothing before them. */
export function leadOf(line: Line): string {
	if (line.code) return "";
	const nested = "> ".repeat(Math.max(line.quoteDepth - 1, 0));
	return nested + " ".repeat(line.indent) + (line.marker && `${line.marker} `);
}

/** Line breaks between two lines of one message. */
export function gapBetween(previous: Line | null, line: Line): string {
	if (!previous) return "";
	return line.isApart ? "\n\n" : "\n";
}

const visible = /[^\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Platforms refuse messages without any visible character. */
export function isVisible(text: string): boolean {
	return visible.test(text);
}
