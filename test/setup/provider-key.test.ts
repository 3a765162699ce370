import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { operatorVoice } from "../../src/locale.ts";
import { createLog } from "../../src/log.ts";
import { providerSpecs } from "../../src/providers/index.ts";
import { readProviderSettings } from "../../src/providers/settings.ts";
import { askForKey } from "../../src/setup/provider-key.ts";
import type { Questions } from "../../src/setup/questions.ts";
import type { Setup } from "../../src/setup/setup.ts";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";

const specs = providerSpecs.filter(({ needsKey }) => needsKey);
/** Answers to the question that a provider asks beside the one for the key. */
const supplements: Readonly<Record<string, string>> = { qwen: "singapore", cloudflare: "0123456789abcdef".repeat(2) };
let model: FakeLanguageModel;
let told: string[];

beforeEach(async () => {
	told = [];
	model = await createFakeLanguageModel({ models: specs.flatMap(({ models }) => models.map(({ id }) => id)) });
});
afterEach(() => model.close());

/** A person who has these answers ready. */
function person(answers: readonly string[]): Questions {
	const left = [...answers];
	return {
		tell: (text) => void told.push(text),
		async ask(question, read) {
			for (;;) {
				const answer = left.shift();
				if (answer === undefined) throw new Error(`no answer is left for ${question}, told: ${told.join("\n")}`);
				const understood = read(answer);
				if ("value" in understood) return understood.value;
				told.push(understood.hint);
			}
		},
	};
}

/** Every provider's own address leads to the fake. */
function setupWith(answers: readonly string[]): Setup {
	const { signal } = new AbortController();
	return {
		settings: { environment: {}, environmentFile: "", dataDirectory: "", model: {}, eurPerUsd: 1, defaultRegions: [] },
		questions: person(answers),
		isTerminal: true,
		write: () => undefined,
		voice: operatorVoice,
		memory: { totalBytes: 0, availableBytes: 0 },
		platform: "linux",
		arch: "x64",
		clock: systemClock,
		log: createLog("silent", []),
		fetch: (input, options) => {
			const path = new URL(String(input)).pathname.endsWith("/chat/completions") ? "/v1/chat/completions" : "/other";
			return fetch(model.origin + path, options);
		},
		signal,
	};
}

describe.each(specs)("the key of $label", (spec) => {
	const needed = supplements[spec.name];

	it("is asked for with the page where it is made, and works with what else is asked for", async () => {
		const values = await askForKey(setupWith(["abc", ...(needed ? [needed] : [])]), spec);
		expect(told[0]).toContain(spec.keyPage);
		expect(spec.keyPage).toMatch(/^https:\/\//);
		const { settings, problems } = readProviderSettings({ ...values });
		expect(problems).toEqual([]);
		expect(settings.find(({ name }) => name === spec.name)?.apiKey).toBe("abc");
		expect(model.requests[0]?.headers.authorization).toBe("Bearer abc");
	});

	it("is asked for again after a refusal, and an empty answer leads back", async () => {
		model.next({ status: 401, body: { error: { message: "invalid api key" } } });
		const answers = ["abc", ...(needed ? [needed] : []), ""];
		expect(await askForKey(setupWith(answers), spec)).toBeUndefined();
		expect(told.join("\n")).toMatch(/nimmt diesen Schlüssel nicht an/);
	});
});

describe("a key", () => {
	it.each(specs.filter(({ name }) => supplements[name]))(
		"of $label may be given up at the third question",
		async (spec) => {
			expect(await askForKey(setupWith(["abc", ""]), spec)).toBeUndefined();
			expect(model.requests).toEqual([]);
		},
	);

	it("may be pasted with quotation marks around it", async () => {
		const [spec] = specs.filter(({ name }) => name === "groq");
		if (!spec) throw new Error("no Groq");
		expect(await askForKey(setupWith(['"gsk_1"']), spec)).toEqual({ GROQ_API_KEY: "gsk_1" });
	});

	it("of a plan that forbids bots is refused before anything is called", async () => {
		const [spec] = specs.filter(({ name }) => name === "qwen");
		if (!spec) throw new Error("no Qwen");
		expect(await askForKey(setupWith(["sk-sp-1", ""]), spec)).toBeUndefined();
		expect(told.at(-1)).toMatch(/Coding Plan/);
		expect(model.requests).toHaveLength(0);
	});
});
