import { describe, expect, it } from "vitest";
import { admin, anna, createSetting, decision, readyProvider } from "../setting.ts";

describe("/anrede and /sprache", () => {
	it("change every text from the next word on", async () => {
		const { say, asked } = createSetting();
		expect(await say("/anrede sie")).toContain("ab jetzt sieze ich Sie");
		expect(await say("/anrede")).toContain("Wir sind beim Sie");
		await say("Hallo");
		expect(asked[0]?.messages[0]?.content).toContain("mit „Sie“ an");
		expect(await say("/sprache Englisch")).toContain("From now on I answer you in English");
		expect(await say("/anrede")).toContain("The form of address");
		expect(await say("/sprache de")).toContain("Ab jetzt antworte ich Ihnen auf Deutsch");
	});
});

describe("/modus", () => {
	it("goes along with every wish, however it is spelt", async () => {
		const { say, asked } = createSetting();
		expect(await say("/modus Qualität")).toContain("`qualitaet`");
		await say("Hallo");
		expect(asked[0]?.wish.mode).toBe("quality");
		expect(await say("/modus")).toMatch(/Eingestellt ist `qualitaet`[\s\S]*`tempo`[\s\S]*`sparsam`[\s\S]*`ausgewogen`/);
	});
});

describe("/datenraum", () => {
	it.each([
		["lokal", ["local"]],
		["eu", ["local", "eu"]],
		["eu-us", ["local", "eu", "us"]],
	])("%s permits exactly that", async (argument, regions) => {
		const { say, asked } = createSetting();
		await say(`/datenraum ${argument}`);
		await say("Hallo");
		expect(asked[0]?.wish.regions).toEqual(regions);
	});

	it("alle needs the consent of someone who was shown what it means", async () => {
		const { say, asked } = createSetting();
		expect(await say("/datenraum alle ja")).toContain("Wenn du einverstanden bist");
		await say("Hallo");
		expect(asked[0]?.wish.regions).toEqual(["local", "eu", "us"]);
		expect(await say("/datenraum alle")).toMatch(/China[\s\S]*`\/datenraum alle ja`/);
		await say("Hallo");
		expect(asked[1]?.wish.regions).toEqual(["local", "eu", "us"]);
		expect(await say("/datenraum  ALLE  ja")).toContain("China");
		await say("Hallo");
		expect(asked[2]?.wish.regions).toContain("china");
		await say("/datenraum eu");
		await say("Hallo");
		expect(asked[3]?.wish.regions).toEqual(["local", "eu"]);
	});

	it("says so when nobody is set up there", async () => {
		const { say } = createSetting({ report: [readyProvider] });
		expect(await say("/datenraum lokal")).toContain("noch kein Anbieter eingerichtet");
		expect(await say("/datenraum eu-us")).not.toContain("noch kein Anbieter");
	});

	it("is everything for admins, until they choose otherwise", async () => {
		const { say, asked } = createSetting();
		await say("Hallo", { author: admin });
		await say("/datenraum lokal", { author: admin });
		await say("Hallo", { author: admin });
		expect(asked[0]?.wish.regions).toContain("china");
		expect(asked[1]?.wish.regions).toEqual(["local"]);
	});
});

describe("/warum", () => {
	it("names provider, model, place and reason of the last answer, and who failed before", async () => {
		const failing = { provider: "qwen", model: "qwen-max", milliseconds: 5, failure: "rate-limit" } as const;
		const answered = { ...decision, attempts: [failing, failing, ...decision.attempts] };
		const usage = { inputTokens: 1, outputTokens: 1, isEstimated: true };
		const completion = { text: "Gern.", finishReason: "stop", usage, observed: [] } as const;
		const router = { complete: async () => ({ completion, decision: answered }) };
		const { say } = createSetting({ parts: { router }, report: [{ ...readyProvider, name: "qwen", label: "Qwen" }] });

		expect(await say("/warum")).toContain("noch keine Frage beantwortet");
		await say("Hallo");
		const reason = await say("/why");
		expect(reason).toContain("**Groq** (USA), Modell `gpt-oss-120b`");
		expect(reason).toContain("einfache Frage");
		expect(reason).toContain("Vorher ohne Erfolg: Qwen (Kontingent ausgeschöpft).");
		expect(await say("/warum", { conversation: "telegram:2", author: anna })).toContain("noch keine Frage");
	});

	it("names the mode as the reason where the mode decided", async () => {
		const usage = { inputTokens: 1, outputTokens: 1, isEstimated: true };
		const completion = { text: "Gern.", finishReason: "stop", usage, observed: [] } as const;
		const router = { complete: async () => ({ completion, decision: { ...decision, mode: "speed" as const } }) };
		const { say } = createSetting({ parts: { router } });
		await say("Hallo");
		const reason = await say("/warum");
		expect(reason).toContain("nach der Einstellung `tempo` aus /modus: die schnellste Antwort.");
		expect(reason).not.toContain("einfache Frage");
	});
});
