import { readFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-wasm";
import { describe, expect, it } from "vitest";
import { type ChartUsage, drawUsage, type ProviderUse, usageOf } from "../../src/assistant/chart.ts";
import { drawChart } from "../../src/assistant/chart-drawing.ts";
import { readFont } from "../../src/assistant/chart-font.ts";
import type { Voice } from "../../src/locale.ts";
import type { ProviderReport, WindowReport } from "../../src/router/route.ts";

const german: Voice = { language: "de", form: "du" };
const english: Voice = { language: "en", form: "du" };
const fontFile = readFileSync(new URL("../../assets/fonts/Inter-Medium.ttf", import.meta.url));
const font = readFont(fontFile);
const at = Date.UTC(2026, 10, 23, 13, 5);

const use = (label: string, limit: ProviderUse["limit"], more: Partial<ProviderUse> = {}): ProviderUse => ({
	label,
	answers: 12,
	tokens: 3_400,
	cost: 0,
	limit,
	...more,
});
const half = { share: 0.5, window: "day" } as const;
const full: ChartUsage = {
	at,
	providers: [
		use("Groq", half),
		use("Qwen", { share: 0.999, window: "month" }, { answers: 1, tokens: 1_000_000, cost: 0.12 }),
		use("DeepSeek", "unknown", { cost: 0.001 }),
		use("Ollama", "unlimited", { answers: 0, tokens: 0 }),
		use("Überlänge & Söhne <Maß> 🤖 ".repeat(5), { share: 1.2, window: "day" }),
	],
	budget: { used: 0.42, limit: 2 },
};

/** The texts of a drawing in order. */
function textsOf(usage: ChartUsage, voice = german): readonly string[] {
	const svg = drawChart(usage, voice, font);
	return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) =>
		text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
	);
}
/** Lengths of the bars that are filled, by colour. */
const barsOf = (usage: ChartUsage): readonly string[] =>
	[...drawChart(usage, german, font).matchAll(/width="([\d.]+)" height="30" rx="6" fill="(#\w+)"/g)].map(
		([, length, colour]) => `${length} ${colour}`,
	);

describe("the chart of the day", () => {
	it("names every provider with its figures in German", () => {
		expect(textsOf(full)).toEqual([
			"Verbrauch heute",
			"Montag, 23. November 2026, 14:05 Uhr",
			"Groq",
			"50\u202f%",
			"12 Antworten · 3.400 Token",
			"Qwen",
			"99\u202f% im Monat",
			"1 Antwort · 1.000.000 Token · 0,12\u00a0€",
			"DeepSeek",
			"Grenze unbekannt",
			"12 Antworten · 3.400 Token · unter 0,01\u00a0€",
			"Ollama",
			"ohne Grenze",
			"0 Antworten · 0 Token",
			expect.stringMatching(/^Überlänge & Söhne <Maß> {2}Überlänge.*…$/),
			"120\u202f%",
			"12 Antworten · 3.400 Token",
			"Budget heute",
			"21\u202f%",
			"0,42\u00a0€ von 2,00\u00a0€",
			"Balken: verbrauchter Anteil der Grenze",
		]);
	});

	it("is English for people who read English", () => {
		expect(textsOf({ at, providers: [use("Groq", half)] }, english)).toEqual([
			"Used today",
			"Monday, 23 November 2026, 14:05",
			"Groq",
			"50%",
			"12 answers · 3,400 tokens",
			"Bars: used part of the limit",
		]);
	});

	it("draws a bar only where a limit is known, never longer than the whole", () => {
		const bars = barsOf(full);

		expect(bars).toHaveLength(8);
		expect(bars.slice(0, 2)).toEqual(["904.0 #33424f", "452.0 #56b4e9"]);
		expect(bars).toContain("904.0 #ff7a4d");
		expect(barsOf({ at, providers: [use("Groq", { share: 0, window: "day" })] })).toEqual(["904.0 #33424f"]);
		expect(barsOf({ at, providers: [use("Groq", "unknown")], budget: { used: 1, limit: undefined } })).toEqual([]);
	});

	it("uses no letter that its font does not have", () => {
		const letters = [...textsOf(full), ...textsOf(full, english), ...textsOf({ at, providers: [] })].join("");
		expect([...letters].filter((letter) => !font.has(letter))).toEqual([]);
		expect(font.has("🤖")).toBe(false);
	});

	it("says so where there is no provider", () => {
		expect(textsOf({ at, providers: [] }).at(-1)).toBe("Es ist kein Anbieter eingerichtet.");
	});

	it("measures words as wide as they are drawn", async () => {
		await drawUsage(full, german);
		for (const words of ["Überlänge", "1.000.000 Token", "WWWWWW…"]) {
			const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="99"><text y="50" font-size="40">${words}</text></svg>`;
			const drawing = new Resvg(svg, { font: { fontBuffers: [fontFile], defaultFontFamily: "Inter" } });
			const box = drawing.getBBox();
			expect(Math.abs(font.width(words, 40) - ((box?.x ?? 0) + (box?.width ?? 0)))).toBeLessThan(12);
		}
	});

	it("is an opaque PNG with words and bars in it, also when two are drawn at once", async () => {
		const [picture] = await Promise.all([drawUsage(full, german), drawUsage(full, english)]);
		const png = Buffer.from(picture.png, "base64");

		expect(png.subarray(1, 4).toString()).toBe("PNG");
		expect(png.readUInt32BE(16)).toBe(1_000);
		expect(png.length).toBeLessThan(200_000);
		const { colours, isOpaque } = pixelsOf(drawChart(full, german, font));
		expect(isOpaque).toBe(true);
		for (const colour of ["17212b", "ffffff", "56b4e9", "f0c33c", "ff7a4d"]) expect(colours).toContain(colour);
	});

	it("is described for people who cannot see it, within the platforms' limits", async () => {
		const { description } = await drawUsage({ at, providers: [use("Groq", half), use("Ollama", "unlimited")] }, german);
		const many = Array.from({ length: 60 }, (_, index) => use(`Anbieter ${index}`, half));

		expect(description).toBe(
			"Balkendiagramm des Verbrauchs heute. Groq: 12 Antworten · 3.400 Token (50\u202f%); " +
				"Ollama: 12 Antworten · 3.400 Token (ohne Grenze)",
		);
		expect((await drawUsage({ at, providers: many }, german)).description.length).toBeLessThanOrEqual(1_000);
	});
});

/** Colours as six digits. */
function pixelsOf(svg: string) {
	const drawing = new Resvg(svg, { font: { fontBuffers: [fontFile], defaultFontFamily: "Inter" } });
	const { pixels } = drawing.render();
	const colours = new Set<string>();
	let isOpaque = true;
	for (let start = 0; start < pixels.length; start += 4) {
		isOpaque &&= pixels[start + 3] === 255;
		colours.add(Buffer.from(pixels.subarray(start, start + 3)).toString("hex"));
	}
	return { colours, isOpaque };
}

describe("what a chart takes from the report", () => {
	const window = (more: Partial<WindowReport>): WindowReport => ({
		model: undefined,
		unit: "requests",
		window: "day",
		used: 10,
		limit: 100,
		resetAt: undefined,
		source: "own-count",
		seenAt: undefined,
		...more,
	});
	const provider = (more: Partial<ProviderReport>): ProviderReport => ({
		name: "groq",
		label: "Groq",
		region: "us",
		isPaid: false,
		state: "ready",
		pausedUntil: undefined,
		pauseReason: undefined,
		windows: [],
		isUnlimited: false,
		today: { answers: 3, failures: 1, tokens: 900, cost: 0 },
		balance: undefined,
		freeAnswersLeft: undefined,
		...more,
	});
	const limitOf = (more: Partial<ProviderReport>) =>
		usageOf({ providers: [provider(more)], budget: [] }, at).providers[0]?.limit;

	it("is the window of a day or longer that is used up most", () => {
		const windows = [
			window({}),
			window({ used: 300, limit: 1_000, window: "month" }),
			window({ used: 9, limit: 9, window: "minute" }),
		];

		expect(limitOf({ windows })).toEqual({ share: 0.3, window: "month" });
	});

	it("is unknown where nobody knows a limit, and nothing where nothing runs out", () => {
		expect(limitOf({ windows: [window({ limit: undefined })] })).toBe("unknown");
		expect(limitOf({ windows: [window({ window: "minute" })] })).toBe("unknown");
		expect(limitOf({ windows: [] })).toBe("unknown");
		expect(limitOf({ isUnlimited: true })).toBe("unlimited");
	});

	it("is the budget of the day, where one counts", () => {
		const month = { window: "month", used: 9, limit: 20, resetAt: 0 } as const;
		const day = { window: "day", used: 0.5, limit: undefined, resetAt: 0 } as const;

		expect(usageOf({ providers: [], budget: [month, day] }, at).budget).toEqual({ used: 0.5, limit: undefined });
		expect(usageOf({ providers: [], budget: [] }, at)).toEqual({ at, providers: [] });
	});
});
