import { describe, expect, it } from "vitest";
import { renderDiscordCard, renderTelegram } from "../../../src/channels/markdown/markdown.ts";
import type { ProviderReport, WindowReport } from "../../../src/router/route.ts";
import { createVirtualClock } from "../../fakes/clock.ts";
import { admin, anna, createSetting, readyProvider } from "../setting.ts";

const now = Date.UTC(2026, 10, 23, 12, 30);
const minute = 60_000;

const window = (changes: Partial<WindowReport> = {}): WindowReport => ({
	model: undefined,
	unit: "requests",
	window: "day",
	used: 12,
	limit: 1_000,
	resetAt: undefined,
	source: "own-count",
	seenAt: undefined,
	...changes,
});
const provider = (changes: Partial<ProviderReport> = {}): ProviderReport => ({
	...readyProvider,
	windows: [window()],
	...changes,
});

async function statusOf(report: readonly ProviderReport[], command = "/status", author = anna): Promise<string> {
	const channelStates = () => [
		{ label: "Telegram", isHealthy: true },
		{ label: "Discord", isHealthy: false },
	];
	const { say, people } = createSetting({ report, clock: createVirtualClock(now), parts: { channelStates } });
	await people.change(author, { wasToldAboutAi: true });
	return String(await say(command, { author })).replaceAll("\u00a0", " ");
}

describe("/status", () => {
	it("tells used and limit, reset in Berlin, source and age", async () => {
		const seen = window({
			model: "gpt-oss-120b",
			used: 412,
			resetAt: Date.UTC(2026, 10, 24, 0),
			source: "header",
			seenAt: now - 3 * minute,
		});
		const text = await statusOf([provider({ windows: [seen] })]);
		expect(text).toContain("**Stand 13:30 Uhr**");
		expect(text).toContain("**Groq** (USA): ✅ bereit");
		expect(text).toContain(
			"Anfragen je Tag: 412 / 1.000, noch 588, neu ab [morgen 01:00](time:1795478400) (`gpt-oss-120b`; Kopfzeile, vor 3 Min.)",
		);
	});

	it("says unbekannt where nobody knows the limit", async () => {
		const text = await statusOf([provider({ windows: [window({ limit: undefined })] })]);
		expect(text).toContain("Anfragen je Tag: 12 / unbekannt (eigene Zählung)");
		expect(await statusOf([provider({ windows: [] })])).toContain("Grenzen unbekannt");
	});

	it("announces no new start that is past", async () => {
		const text = await statusOf([provider({ windows: [window({ resetAt: now - minute })] })]);
		expect(text).toContain("Anfragen je Tag: 12 / 1.000, noch 988 (eigene Zählung)");
	});

	it("forecasts when a limit is reached, in both languages and for both forms", async () => {
		const windows = [window({ resetAt: now + 12 * 60 * minute, exhaustedAt: now + 490 * minute })];
		expect(await statusOf([provider({ windows })])).toContain(
			"Anfragen je Tag: 12 / 1.000, noch 988, neu ab [morgen 01:30](time:1795480200), " +
				"reicht beim jetzigen Tempo bis etwa [21:40](time:1795466400) (eigene Zählung)",
		);
		const { say, people } = createSetting({ report: [provider({ windows })], clock: createVirtualClock(now) });
		await people.change(anna, { language: "en" });
		expect(await say("/status")).toContain("lasts until about [21:40](time:1795466400) at the current pace");
	});

	it.each([
		[{ state: "paused", pausedUntil: now + 35 * minute }, "⏳ Pause bis [14:05](time:1795439100)"],
		[
			{ state: "paused", pausedUntil: now + 35 * minute, pauseReason: "overload" },
			"⏳ Pause bis [14:05](time:1795439100) (überlastet)",
		],
		[{ state: "paused", pausedUntil: undefined }, "⏳ Pause"],
		[{ state: "used-up", pausedUntil: now + 35 * minute }, "⏳ Kontingent ausgeschöpft, weiter ab [14:05]"],
		[{ state: "refused-key" }, "⛔ gesperrt (Schlüssel abgelehnt)"],
		[{ state: "no-credit" }, "ohne Guthaben"],
		[{ label: "DeepSeek", region: "china" }, "nur nach Einwilligung"],
	] as const)("shows the state %j as %s", async (changes, text) => {
		expect(await statusOf([provider(changes)])).toContain(text);
	});

	it("names providers outside the default regions in one sentence, for admins as ready", async () => {
		const report = [provider(), provider({ label: "DeepSeek", region: "china" })];
		const sentence = "Nur mit Einwilligung über /datenraum und für alle, die den Bot verwalten: DeepSeek (China).";
		expect(await statusOf(report)).toContain(sentence);
		expect(await statusOf(report, "/status", admin)).toContain("**DeepSeek** (China): ✅ bereit");
		expect(await statusOf(report, "/status", admin)).toContain(sentence);
	});

	it("tells apart what a person excluded and what needs consent", async () => {
		const report = [provider(), provider({ label: "DeepSeek", region: "china" })];
		const { say } = createSetting({ report, clock: createVirtualClock(now) });
		await say("/datenraum eu");
		const text = await say("/status");
		expect(text).toContain("**Groq** (USA): außerhalb des gewählten Datenraums");
		expect(text).toContain("**DeepSeek** (China): nur nach Einwilligung");
	});

	it("shows of models without known limits the one that was used first", async () => {
		const windows = [
			window({ model: "large", limit: undefined, used: 0 }),
			window({ model: "small", limit: undefined, used: 7 }),
		];
		const text = await statusOf([provider({ windows })]);
		expect(text.indexOf("7 / unbekannt")).toBeLessThan(text.indexOf("0 / unbekannt"));
	});

	it("tells the own use, and to admins how the channels are", async () => {
		expect(await statusOf([])).toContain("Für dich heute: 3 Antworten, 12.345 Token");
		expect(await statusOf([])).toContain("Es ist kein Anbieter eingerichtet.");
		expect(await statusOf([])).not.toContain("Telegram");
		expect(await statusOf([], "/status", admin)).toContain("Kanäle: Telegram ✅, Discord ⛔");
	});

	it("shows the two windows that end first, and all of them on request", async () => {
		const windows = [
			window({ window: "minute", used: 1, limit: 30 }),
			window({ unit: "tokens", used: 190_000, limit: 200_000 }),
			window({ used: 500 }),
			window({ unit: "tokens", window: "minute", limit: undefined }),
		];
		const short = await statusOf([provider({ windows })]);
		expect(short.split("\n").filter((line) => line.includes(" / "))).toEqual([
			"Token je Tag: 190.000 / 200.000, noch 10.000 (eigene Zählung)",
			"Anfragen je Tag: 500 / 1.000, noch 500 (eigene Zählung)",
		]);
		const full = await statusOf([provider({ windows })], "/status alles");
		expect(full.split("\n").filter((line) => line.includes(" / "))).toHaveLength(4);
	});

	it("shows the window first that will be used up, and one that is before it", async () => {
		const ending = window({ used: 41, limit: 50, resetAt: now + 600 * minute, exhaustedAt: now + 90 * minute });
		const ended = window({ unit: "tokens", window: "minute", used: 8_000, limit: 8_000 });
		const wide = window({ window: "minute", used: 19, limit: 20 });
		const text = await statusOf([provider({ windows: [wide, ending, ended] })]);
		expect(text.split("\n").flatMap((line) => line.match(/\d+ \/ \d+|8\.000 \/ 8\.000/) ?? [])).toEqual([
			"8.000 / 8.000",
			"41 / 50",
		]);
	});

	it("fits into one message with every provider there is", async () => {
		const windows = ["minute", "day"].flatMap((span) =>
			["requests", "tokens"].map((unit) =>
				window({
					window: span as WindowReport["window"],
					unit: unit as WindowReport["unit"],
					model: "openai/gpt-oss-120b-with-a-long-name",
					used: 123_456,
					limit: 200_000,
					resetAt: now + 30 * 3_600_000,
					source: "built-in",
				}),
			),
		);
		const report = Array.from({ length: 12 }, (_, index) => provider({ label: `Anbieter ${index}`, windows }));
		const text = await statusOf(report, "/status", admin);
		expect(renderDiscordCard(text)).toHaveLength(1);
		expect(renderTelegram(text, false)).toHaveLength(1);
		expect(text.match(/123\.456 \/ 200\.000, noch 76\.544, neu ab/g)).toHaveLength(report.length);
		for (const { label } of report) expect(text).toContain(label);
	});

	it("tells of a machine without limits what it did, and of a paid one what it cost and what is left", async () => {
		const today = { answers: 12, failures: 1, tokens: 34_567, cost: 0.1234 };
		const local = provider({ label: "Lokal", region: "local", isUnlimited: true, windows: [], today });
		const balance = { amount: 4.2, currency: "USD", seenAt: now - 2 * minute };
		const paid = provider({ label: "Qwen", region: "eu", isPaid: true, balance, today });
		const short = await statusOf([local, paid]);
		expect(short).toContain(
			"**Lokal** (dieser Rechner): ✅ bereit\nheute 12 Antworten, 34.567 Token, 1 Fehlversuch, ohne Grenze",
		);
		expect(short).toContain("Guthaben: 4,20 USD (Guthaben-Abfrage, vor 2 Min.)");
		expect(short).not.toContain("0,12 €");
		expect(await statusOf([paid], "/status alles")).toContain(
			"heute 12 Antworten, 34.567 Token, 0,12 €, 1 Fehlversuch",
		);
	});

	it("adds up the free answers of those who may answer this person", async () => {
		const groq = provider({ freeAnswersLeft: 480 });
		const cloudflare = provider({ label: "Cloudflare", region: "eu", freeAnswersLeft: 40 });
		const china = provider({ label: "Fern", region: "china", freeAnswersLeft: 1_000 });
		const locked = provider({ label: "Zu", state: "refused-key", freeAnswersLeft: 1_000 });
		const broke = provider({ label: "Leer", state: "no-credit", freeAnswersLeft: 1_000 });
		expect(await statusOf([groq, cloudflare, china, locked, broke])).toContain(
			"Bis Mitternacht sind noch etwa 520 kostenlose Antworten möglich (Groq 480, Cloudflare 40).",
		);
		const local = provider({ label: "Lokal", region: "local", isUnlimited: true, windows: [] });
		expect(await statusOf([groq, local])).toContain("(Groq 480), auf dem eigenen Rechner beliebig viele.");
		expect(await statusOf([local])).toContain("Kostenlose Antworten: auf dem eigenen Rechner beliebig viele.");
		const stopped = { ...local, state: "paused", freeAnswersLeft: 0 } as const;
		expect(await statusOf([stopped])).toContain("noch etwa 0 kostenlose Antworten möglich (Lokal 0).");
		expect(await statusOf([provider()])).toContain("Kostenlose Antworten bis Mitternacht: unbekannt.");
		expect(await statusOf([provider({ isPaid: true })])).not.toMatch(/kostenlose/i);
	});

	it("tells what the paid ones cost against the ceilings", async () => {
		const budget = [
			{ window: "day", used: 0.123, limit: 2, resetAt: now },
			{ window: "month", used: 0.004, limit: undefined, resetAt: now },
		] as const;
		const { say } = createSetting({ report: [provider()], budget, clock: createVirtualClock(now) });
		const text = String(await say("/status")).replaceAll("\u00a0", " ");
		expect(text).toContain("Ausgaben: heute 0,12 € / 2,00 €, in diesem Monat unter 0,01 € / ohne Obergrenze");
	});

	it("is a card, and a picture on request", async () => {
		const { ask } = createSetting({ report: [provider()], clock: createVirtualClock(now) });
		expect(await ask("/status")).toMatchObject({ isCard: true });
		expect(await ask("/status alles")).toMatchObject({ isCard: true });
		const answer = await ask("/status bild");
		expect(
			Buffer.from(answer?.picture?.png ?? "", "base64")
				.subarray(1, 4)
				.toString(),
		).toBe("PNG");
		expect(answer?.picture?.description).toContain("Groq");
		expect(answer?.text.length).toBeLessThanOrEqual(1_000);
	});

	it("asks the providers first what is left", async () => {
		const asked: string[] = [];
		const parts = { refreshAccounts: async () => void asked.push("now") };
		const { say } = createSetting({ parts });
		await say("/status");
		expect(asked).toEqual(["now"]);
	});
});
