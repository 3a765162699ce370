import { type Line, leadOf, textOf } from "./document.ts";
import { momentOf } from "./moment.ts";
import { type Marks, nest } from "./nest.ts";
import { plainText, targetOf } from "./plain.ts";
import type { Sheet } from "./split.ts";

/** Between two characters that would be read as one mark, or as a mention; takes no room on the screen. */
const divider = "\u200b";

const marks: Marks = {
	open(style, run, before, after) {
		if (style === "bold") return ["**", "**"];
		if (style === "struck") return ["~~", "~~"];
		if (style === "italic") return isWord(before) || isWord(after) ? ["*", "*"] : ["_", "_"];
		if (style === "code" || style.startsWith("time:")) return ["", ""];
		const target = style.slice("link:".length);
		const label = textOf(run);
		// Discord shows a link whose label is an address as raw markup.
		if (label === target) return ["<", ">"];
		return isAddress(label) ? ["", ""] : ["[", `](<${target}>)`];
	},
	text(span, before) {
		if (span.styles.includes("code")) return (endsWithMark(before, "`") ? divider : "") + inlineCode(span.text);
		const moment = momentOf(span);
		if (moment) return `<t:${moment.seconds}:${moment.isClock ? "t" : "f"}>`;
		if (targetOf(span) !== null && isAddress(span.text)) return span.text;
		return escapeText(span.text, before === "");
	},
	between: (written, opening) => (opening !== "" && endsWithMark(written, opening.charAt(0)) ? divider : ""),
};

/** Discord's own markup. All of it counts. */
export const discordSheet = (longest: number): Sheet => ({
	limit: { units: longest, marks: Number.POSITIVE_INFINITY },
	size(line, previous) {
		const fences = isFenceStart(line, previous) ? openFence(line).length + closeFence(line).length : 0;
		return { units: gap(line, previous).length + fences + drawText(line).length, marks: 0 };
	},
	draw: (lines) => ({ markup: lines.map(drawLine).join(""), plain: neutral(plainText(lines, longest)) }),
});

function drawLine(line: Line, index: number, lines: readonly Line[]): string {
	const previous = lines[index - 1] ?? null;
	const opening = isFenceStart(line, previous) ? openFence(line) : "";
	const closing = line.code && lines[index + 1]?.code !== line.code ? closeFence(line) : "";
	return gap(line, previous) + opening + drawText(line) + closing;
}

function gap(line: Line, previous: Line | null): string {
	if (!previous) return "";
	if (!line.isApart) return "\n";
	return line.quoteDepth > 0 && previous.quoteDepth > 0 ? "\n> \n" : "\n\n";
}

function isFenceStart(line: Line, previous: Line | null): boolean {
	return line.code !== null && previous?.code !== line.code;
}

function openFence(line: Line): string {
	return `${quote(line)}\`\`\`${line.code?.language ?? ""}\n`;
}

function closeFence(line: Line): string {
	return `\n${quote(line)}\`\`\``;
}

function quote(line: Line): string {
	return line.quoteDepth > 0 ? "> " : "";
}

function drawText(line: Line): string {
	if (line.code) return quote(line) + fencedCode(textOf(line.spans));
	return quote(line) + discordLead(line) + nest(line.spans, marks);
}

function discordLead(line: Line): string {
	const lead = leadOf(line);
	if (/^[•◦▪]/.test(line.marker)) return `${lead.slice(0, -2)}- `;
	if (/^[☐☑]/.test(line.marker)) return `${lead.slice(0, -2)}- ${line.marker} `;
	return lead;
}

/** Three backticks would end the block: Discord knows no longer fences. */
function fencedCode(text: string): string {
	return text.replace(/`{3,}/g, (run) => [...run].join(divider));
}

function inlineCode(text: string): string {
	const runs = [...text.matchAll(/`+/g)].map((run) => run[0].length);
	const fence = "`".repeat(runs.includes(1) ? Math.max(...runs) + 1 : 1);
	const room = text.startsWith("`") || text.endsWith("`") ? " " : "";
	return fence + room + text + room + fence;
}

const addresses = /(https?:\/\/[^\s<]+)/;
const blockMarkAtStart = /^(\s*)(#{1,3}(?=\s)|-#(?=\s)|>|[-+](?=\s)|\d+(?=\.\s))/;

/**
 * Literal text. Addresses stay as they are: Discord links them by itself and reads a backslash inside or behind them as
 * a part, so that only an unescaped `<` ends one.
 */
function escapeText(text: string, isLineStart: boolean): string {
	const pieces = text.split(addresses).map((piece, index) => {
		if (index % 2 === 1) return piece;
		if (index > 0 && piece.startsWith("<")) return `<${escapeWords(neutral(piece).slice(1), false)}`;
		return escapeWords(neutral(piece), isLineStart && index === 0);
	});
	return pieces.join("");
}

function escapeWords(text: string, isLineStart: boolean): string {
	const escaped = text.replace(/[\\*_~`|<[\]]/g, "\\$&");
	if (!isLineStart) return escaped;
	return escaped.replace(blockMarkAtStart, (_, space: string, mark: string) =>
		/^\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
	);
}

/** Text that looks like a mention but reaches nobody, even where a call forgot `allowedMentions`. */
function neutral(text: string): string {
	return text.replace(/@(?=everyone|here)|<(?:@[!&]?|#)(?=\d)/g, `$&${divider}`);
}

function isAddress(text: string): boolean {
	return /^\s*https?:\/\//i.test(text);
}

function isWord(character: string): boolean {
	return /\w/.test(character);
}

/** The text ends with this character as a mark, not as an escaped letter. */
function endsWithMark(text: string, character: string): boolean {
	return text.endsWith(character) && !text.endsWith(`\\${character}`);
}
