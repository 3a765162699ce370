import type { Voice } from "../locale.ts";
import type { Font } from "./chart-font.ts";
import { budgetFigures, budgetUse, chartTexts, figuresOf, limitLabel } from "./chart-texts.ts";
import type { ChartUsage, ProviderUse } from "./chart-usage.ts";

/** Read on a telephone, where the picture is about a third as wide. */
const width = 1_000;
const margin = 48;
const inner = width - 2 * margin;
const gap = 32;
const headHeight = 186;
const rowHeight = 172;
const barHeight = 30;
const sizes = { title: 54, label: 40, small: 32 } as const;

/** Light on dark, at least 4.5 : 1; the fills differ in brightness too, for people who see few colours. */
const colours = {
	ground: "#17212b",
	text: "#ffffff",
	quiet: "#b8c4d0",
	track: "#33424f",
	usual: "#56b4e9",
	nearEnd: "#f0c33c",
	usedUp: "#ff7a4d",
} as const;
const nearEnd = 0.8;

/** The chart as SVG, opaque, without anything that would have to be fetched. */
export function drawChart(usage: ChartUsage, voice: Voice, font: Font): string {
	const texts = chartTexts(voice, usage.at);
	const write = writer(font);
	const rows = rowsOf(usage, voice, texts.budget);
	const drawn: string[] = [];
	let y = headHeight;
	for (const row of rows) {
		drawn.push(drawRow(row, y, write, font));
		y += heightOf(row);
	}
	if (rows.length === 0) {
		drawn.push(write(texts.nothing, { x: margin, y: y + 20, size: "label", colour: "text" }));
		y += 72;
	}
	if (rows.some(({ share }) => share !== undefined)) {
		drawn.push(write(texts.legend, { x: margin, y: y + 30, size: "small", colour: "quiet" }));
		y += 78;
	}
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}">`,
		`<rect width="${width}" height="${y}" fill="${colours.ground}"/>`,
		write(texts.title, { x: margin, y: 84, size: "title", colour: "text" }),
		write(texts.moment, { x: margin, y: 138, size: "small", colour: "quiet" }),
		...drawn,
		"</svg>",
	].join("\n");
}

interface Row {
	readonly label: string;
	/** At the right end of the label's line. */
	readonly note: string;
	/** Undefined: nothing to measure by, and so no bar. */
	readonly share: number | undefined;
	readonly figures: string;
}

function rowsOf({ providers, budget }: ChartUsage, voice: Voice, budgetLabel: string): readonly Row[] {
	const row = (label: string, limit: ProviderUse["limit"], figures: string): Row => ({
		label,
		note: limitLabel(voice, limit),
		share: typeof limit === "string" ? undefined : limit.share,
		figures,
	});
	return [
		...providers.map((provider) => row(provider.label, provider.limit, figuresOf(voice, provider))),
		...(budget ? [row(budgetLabel, budgetUse(budget), budgetFigures(voice, budget))] : []),
	];
}

const heightOf = ({ share }: Row): number => (share === undefined ? rowHeight - barHeight - 12 : rowHeight);

function drawRow(row: Row, top: number, write: Write, font: Font): string {
	const room = inner - font.width(row.note, sizes.small) - gap;
	return [
		write(row.label, { x: margin, y: top + 40, size: "label", colour: "text", room }),
		write(row.note, { x: width - margin, y: top + 40, size: "small", colour: "text", isAtEnd: true }),
		...(row.share === undefined ? [] : [drawBar(row.share, top + 60)]),
		write(row.figures, { x: margin, y: top + heightOf(row) - 42, size: "small", colour: "quiet" }),
	].join("\n");
}

function drawBar(share: number, y: number): string {
	const filled = Math.min(share, 1) * inner;
	const colour = share >= 1 ? colours.usedUp : share >= nearEnd ? colours.nearEnd : colours.usual;
	const bar = (length: number, fill: string): string =>
		`<rect x="${margin}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="6" fill="${fill}"/>`;
	// The least that was used is seen as a thin line.
	return bar(inner, colours.track) + (filled > 0 ? bar(Math.max(filled, 6), colour) : "");
}

interface Place {
	readonly x: number;
	readonly y: number;
	readonly size: keyof typeof sizes;
	readonly colour: "text" | "quiet";
	/** Ends at `x` instead of beginning there. */
	readonly isAtEnd?: boolean;
	/** Longer texts are cut. */
	readonly room?: number;
}
type Write = (text: string, place: Place) => string;

function writer(font: Font): Write {
	return (text, { x, y, size, colour, isAtEnd, room = inner }) => {
		const anchor = isAtEnd ? ' text-anchor="end"' : "";
		const shown = escapeXml(fitting(drawable(text, font), sizes[size], room, font));
		return `<text x="${x}" y="${y}" font-size="${sizes[size]}" fill="${colours[colour]}"${anchor}>${shown}</text>`;
	};
}

/** Without characters that would become boxes. */
function drawable(text: string, font: Font): string {
	return [...text.toWellFormed()].filter((character) => font.has(character)).join("");
}

function fitting(text: string, size: number, room: number, font: Font): string {
	if (font.width(text, size) <= room) return text;
	const characters = [...text];
	while (characters.length > 0 && font.width(`${characters.join("")}…`, size) > room) characters.pop();
	return `${characters.join("").trimEnd()}…`;
}

function escapeXml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
