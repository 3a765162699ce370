import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Voice } from "../locale.ts";
import { drawChart } from "./chart-drawing.ts";
import { readFont } from "./chart-font.ts";
import { chartDescription } from "./chart-texts.ts";
import type { ChartUsage } from "./chart-usage.ts";
import type { Picture } from "./message.ts";

export { type ChartUsage, type ProviderUse, usageOf } from "./chart-usage.ts";

/** Inter, see assets/fonts/README.md. */
const fontFile = new URL("../../assets/fonts/Inter-Medium.ttf", import.meta.url);
const fontFamily = "Inter";

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
