import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Voice } from "../locale.ts";
import type { ProviderReport, QuotaReport } from "../router/route.ts";
import { drawChart } from "./chart-drawing.ts";
import { readFont } from "./chart-font.ts";
import { chartDescription } from "./chart-texts.ts";
import type { Picture } from "./message.ts";

/** Inter, see assets/fonts/README.md. */
const fontFile = new URL("../../assets/fonts/Inter-Medium.ttf", import.meta.url);
const fontFamily = "Inter";

/** What a chart of the day shows. */
export interface ChartUsage {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly providers: readonly ProviderUse[];
	/** EUR today; missing where no provider is paid. `limit` undefined: no ceiling. */
	readonly budget?: { readonly used: number; readonly limit: number | undefined };
}

/** One provider since midnight. */
export interface ProviderUse {
	readonly label: string;
	readonly answers: number;
	readonly tokens: number;
	/** EUR. */
	readonly cost: number;
	/** The window of a day or longer that is used up most; `unknown` where nobody knows one. */
	readonly limit: LimitUse | "unknown" | "unlimited";
}

export interface LimitUse {
	/** 0 to 1, more when more was used than is allowed. */
	readonly share: number;
	readonly window: "day" | "month";
}

/** The part of the report that a chart shows. */
export function usageOf({ providers, budget }: QuotaReport, at: number): ChartUsage {
	const day = budget.find(({ window }) => window === "day");
	return {
		at,
		providers: providers.map((provider) => ({
			label: provider.label,
			answers: provider.today.answers,
			tokens: provider.today.tokens,
			cost: provider.today.cost,
			limit: limitOf(provider),
		})),
		...(day === undefined ? {} : { budget: { used: day.used, limit: day.limit } }),
	};
}

function limitOf({ isUnlimited, windows }: ProviderReport): ProviderUse["limit"] {
	if (isUnlimited) return "unlimited";
	const known = windows.flatMap(({ window, used, limit }): readonly LimitUse[] =>
		limit === undefined || window === "minute" ? [] : [{ share: used / Math.max(limit, 1), window }],
	);
	const [binding] = known.toSorted((first, second) => second.share - first.share);
	return binding ?? "unknown";
}

/**
 * The chart as a PNG, 1,000 pixels wide. The library and the font are loaded at the first one. Rejects when a file of the
 * installation is missing.
 */
export async function drawUsage(usage: ChartUsage, voice: Voice): Promise<Picture> {
	const font = await readFile(fontFile);
	const svg = drawChart(usage, voice, readFont(font));
	const png = await rasterise(svg, font);
	return { png: Buffer.from(png).toString("base64"), description: chartDescription(voice, usage) };
}

async function rasterise(svg: string, font: Uint8Array): Promise<Uint8Array> {
	const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
	const library = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
	await initWasm(readFile(library)).catch(unlessDone);
	const drawing = new Resvg(svg, { font: { fontBuffers: [font], defaultFontFamily: fontFamily } });
	const image = drawing.render();
	const png = image.asPng();
	image.free();
	drawing.free();
	return png;
}

/** The library takes its program once in a process and does not tell whether it has it. */
function unlessDone(error: unknown): void {
	if (!(error instanceof Error && error.message.startsWith("Already initialized"))) throw error;
}
