import { describe, expect, it } from "vitest";
import { ConfigError, type Environment, readConfig } from "../src/config.ts";

const local = { LOCAL_BASE_URL: "http://127.0.0.1:1" };

function problemsOf(environment: Environment): readonly string[] {
	try {
		readConfig(environment);
		return [];
	} catch (error) {
		if (error instanceof ConfigError) return error.problems;
		throw error;
	}
}

describe("the configuration", () => {
	it("has the documented defaults when nothing is set", () => {
		expect(readConfig(local)).toMatchObject({
			channels: {},
			access: { mode: "pairing", allowedUsers: new Set(), adminUsers: new Set() },
			defaultRegions: ["local", "eu", "us"],
			dataDirectory: "./data",
		});
	});

	it("takes an empty variable for one that is not set, and trims the others", () => {
		const config = readConfig({ ...local, TELEGRAM_BOT_TOKEN: " 1:abc \n", DISCORD_BOT_TOKEN: "  ", ACCESS_MODE: "" });
		expect(config.channels).toEqual({ telegram: { token: "1:abc", usesDrafts: false } });
		expect(config.access.mode).toBe("pairing");
	});

	it("reads addresses without a final slash, lists with spaces, and switches", () => {
		const config = readConfig({
			...local,
			TELEGRAM_BOT_TOKEN: "1:abc",
			TELEGRAM_API_ROOT: "http://127.0.0.1:8081/",
			TELEGRAM_DRAFTS: "true",
			ALLOWED_USERS: "telegram:1, discord:2,",
			DEFAULT_REGIONS: "local, eu",
		});
		expect(config.channels.telegram).toMatchObject({ apiRoot: "http://127.0.0.1:8081", usesDrafts: true });
		expect(config.access.allowedUsers).toEqual(new Set(["telegram:1", "discord:2"]));
		expect(config.defaultRegions).toEqual(["local", "eu"]);
	});

	it("reports every problem at once, in German, by the variable's name and never with its value", () => {
		const environment = {
			TELEGRAM_BOT_TOKEN: "geheim mit Leerzeichen",
			TELEGRAM_API_ROOT: "ftp://geheim",
			TELEGRAM_DRAFTS: "ja",
			DISCORD_API_ROOT: "geheim",
			ACCESS_MODE: "geheim",
			ALLOWED_USERS: "telegram:@geheim",
			ADMIN_USERS: "geheim",
			DEFAULT_REGIONS: "local,geheim",
			LOG_LEVEL: "geheim",
			GROQ_API_KEY: "geheim1,geheim2",
			QWEN_API_KEY: "geheim",
			LOCAL_CONTEXT_TOKENS: "geheim",
		};
		const problems = problemsOf(environment);
		for (const name of Object.keys(environment).filter((name) => name !== "QWEN_API_KEY")) {
			expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1);
		}
		expect(problems.find((problem) => problem.startsWith("QWEN_REGION"))).toMatch(
			/frankfurt.*QWEN_WORKSPACE_ID.*singapore/,
		);
		expect(problems.join()).not.toContain("geheim");
	});

	it.each([{ GROQ_API_KEY_2: "b" }, { GROQ_API_KEY2: "b" }, { GROQ_API_KEY: "a b" }, { QWEN_OAUTH_APP_1: "x" }])(
		"refuses a second account: %o",
		(second) => {
			expect(problemsOf({ ...local, GROQ_API_KEY: "a", ...second })).toEqual([
				expect.stringMatching(/nur ein autorisiertes Konto/),
			]);
		},
	);

	it("leaves a provider out with a sentence where another one may work", () => {
		const mixed = { GROQ_API_KEY: "a", QWEN_API_KEY: "sk-sp-geheim", QWEN_REGION: "us", MISTRAL_API_KEY: "b" };
		const { providers, providerProblems } = readConfig({ ...local, ...mixed, MISTRAL_BASE_URL: "geheim" });
		expect(providers.map(({ name }) => name)).toEqual(["groq", "local"]);
		expect(providerProblems).toEqual([
			expect.stringMatching(/^QWEN_API_KEY gehört zu einem Coding Plan/),
			expect.stringMatching(/^MISTRAL_BASE_URL muss eine Adresse sein/),
		]);
		expect(readConfig(local).providerProblems).toEqual([]);
	});

	it("does not start with a provider that is wrong where no other one is left", () => {
		const plan = { QWEN_API_KEY: "sk-sp-geheim", QWEN_REGION: "us", LOCAL_BASE_URL: "off" };
		expect(problemsOf(plan)).toEqual([expect.stringMatching(/^QWEN_API_KEY/)]);
	});

	it("takes another model by its address and checksum, and refuses what is neither", () => {
		const sha256 = "AB".repeat(32);
		const { model } = readConfig({ ...local, MODEL_URL: "https://host/m.gguf?x=1", MODEL_SHA256: sha256 });
		expect(model).toEqual({ url: "https://host/m.gguf?x=1", sha256: sha256.toLowerCase() });
		expect(readConfig(local).model).toEqual({});
		const problems = problemsOf({ ...local, MODEL_URL: "hf:model", MODEL_SHA256: "abc" });
		expect(problems).toEqual([expect.stringMatching(/^MODEL_URL/), expect.stringMatching(/^MODEL_SHA256/)]);
	});

	it("knows every token and key as a secret", () => {
		const { secrets } = readConfig({ ...local, TELEGRAM_BOT_TOKEN: "1:abc", GROQ_API_KEY: "gsk", DATA_DIR: "x" });
		expect(secrets.toSorted()).toEqual(["1:abc", "gsk"]);
	});

	it("takes a number of tokens for no secret: the log would lose all such figures", () => {
		expect(readConfig({ ...local, LOCAL_CONTEXT_TOKENS: "8192" }).secrets).toEqual([]);
	});
});
