import { describe, expect, it } from "vitest";
import { renderDiscord, renderTelegram, renderTerminal } from "../../../src/channels/markdown/markdown.ts";
import { createParseText } from "../../fakes/telegram-text.ts";

let missing: string | null = null;
const parse = createParseText((reason) => {
	missing = reason;
});
if (missing) console.warn(`skipped: ${missing}`);

const seconds = 1_795_438_800;
const discord = (markdown: string): string =>
	renderDiscord(markdown, false)
		.map(({ markup }) => markup)
		.join("¶");
const telegram = (markdown: string) => {
	const read = parse(renderTelegram(markdown, false)[0]?.markup ?? "", "HTML");
	if (typeof read === "string") throw new Error(read);
	return read;
};

describe("a moment in a text", () => {
	const sentence = `Pause bis [14:05](time:${seconds}), neu ab **[morgen 01:00](time:${seconds + 60})**.`;

	it("is a mark on Discord: the time alone, or the day as well where the text names one", () => {
		expect(discord(sentence)).toBe(`Pause bis <t:${seconds}:t>, neu ab **<t:${seconds + 60}:f>**.`);
	});

	it.skipIf(missing !== null)("is a mark for Telegram's own parser, with the time as its text", () => {
		const { text, entities } = telegram(sentence);

		expect(text).toBe("Pause bis 14:05, neu ab morgen 01:00.");
		expect(entities).toEqual([
			{ type: "date_time", offset: 10, length: 5, unix_time: seconds, date_time_format: "t" },
			{ type: "date_time", offset: 24, length: 12, unix_time: seconds + 60, date_time_format: "dt" },
			{ type: "bold", offset: 24, length: 12 },
		]);
	});

	it("is its text on a terminal and wherever formatting is not read", () => {
		const text = "Pause bis 14:05, neu ab morgen 01:00.";

		expect(renderTelegram(sentence, false)[0]?.plain).toBe(text);
		expect(renderDiscord(sentence, false)[0]?.plain).toBe(text);
		expect(renderTerminal(sentence, { columns: 80, hasColours: false })).toBe(text);
		expect(renderTerminal(`[14:05](time:${seconds})`, { columns: 80, hasColours: true })).toBe("14:05");
	});

	it.each(["14:05", "0:07", "morgen 01:00", "25.11., 07:30", "25/11, 07:30", "1. Dezember 2026, 00:00"])(
		"may be called %s",
		(label) => expect(discord(`[${label}](time:${seconds})`)).toMatch(/^<t:\d+:[tf]>$/),
	);

	it.each([
		["Treffen wir uns doch am besten alle zusammen um 14:05", seconds],
		["Hier klicken", seconds],
		["14:05", "99999999999"],
		["14:05", "5000000000"],
		["14:05", "-1795438800"],
		["14:05", "0"],
		["14:05", "1e9"],
		["14:05", "abc"],
		["14:05", ""],
	])("is no mark where a model makes it of %j and %j: its text stays", (label, time) => {
		expect(discord(`[${label}](time:${time})`)).toBe(label);
		expect(renderTelegram(`[${label}](time:${time})`, false)[0]?.markup).toBe(label);
	});

	it.skipIf(missing !== null)("never breaks what Telegram reads, wherever a model puts it", () => {
		for (const markdown of [
			`[![14:05](time:${seconds})](https://a.de)`,
			`[14:**05**](time:${seconds}) ![14:05](time:${seconds})`,
			`| a |\n|---|\n| [14:05](time:${seconds}) |`,
			`> # [14:05](time:${seconds})\n\n\`[14:05](time:${seconds})\``,
			`[14:05\n](time:${seconds} "x")`,
		])
			expect(telegram(markdown).text).toContain("14:05");
	});

	it("counts on Discord with the length of its mark", () => {
		const moments = Array.from({ length: 200 }, () => `[14:05](time:${seconds})`).join(" ");

		const parts = renderDiscord(moments, false);

		expect(parts.length).toBeGreaterThan(1);
		for (const { markup } of parts) expect(markup.length).toBeLessThanOrEqual(2_000);
		expect(parts.flatMap(({ markup }) => markup.trim().split(" "))).toEqual(
			Array.from({ length: 200 }, () => `<t:${seconds}:t>`),
		);
	});
});
