import { describe, expect, it } from "vitest";
import { operatorVoice, say } from "../../src/locale.ts";
import { readProviderSettings } from "../../src/providers/settings.ts";

const noLocal = { LOCAL_BASE_URL: "off" };
const read = (environment: Record<string, string>): ReturnType<typeof readProviderSettings> =>
	readProviderSettings({ ...noLocal, ...environment });
const complaintsOf = (environment: Record<string, string>): readonly string[] =>
	read(environment).problems.map(({ key, values }) => `${key} ${values.variable}`);
const qwenKey = { QWEN_API_KEY: "sk-0123456789" };

describe("the settings of the providers", () => {
	it("need no more than a key", () => {
		const { settings, problems } = read({ GROQ_API_KEY: " gsk_x \n", DEEPSEEK_API_KEY: "sk-y", DEEPSEEK_MODEL: "" });
		expect(problems).toEqual([]);
		expect(settings).toEqual([
			{ name: "groq", apiKey: "gsk_x", baseUrl: "https://api.groq.com/openai/v1", region: "us" },
			{ name: "deepseek", apiKey: "sk-y", baseUrl: "https://api.deepseek.com", region: "china" },
		]);
	});

	it("are empty when nothing is set but the local search is off", () => {
		expect(read({ QWEN_REGION: "frankfurt" })).toEqual({ settings: [], problems: [], secondAccounts: [] });
	});

	it("let models be replaced by a list", () => {
		const { settings } = read({ GROQ_API_KEY: "k", GROQ_MODEL: " b , a,, b" });
		expect(settings[0]?.models).toEqual(["b", "a"]);
	});

	it.each([
		["http://127.0.0.1:4000", "http://127.0.0.1:4000/v1"],
		["http://127.0.0.1:4000/", "http://127.0.0.1:4000/v1"],
		["http://127.0.0.1:4000/v1/", "http://127.0.0.1:4000/v1"],
		["https://proxy.example/groq/openai", "https://proxy.example/groq/openai/v1"],
		["https://gateway.example/v1/account/groq", "https://gateway.example/v1/account/groq"],
		["https://api.groq.com/openai/v1/chat/completions", "https://api.groq.com/openai/v1"],
	])("take the address %s for %s", (address, baseUrl) => {
		expect(read({ GROQ_API_KEY: "k", GROQ_BASE_URL: address }).settings[0]?.baseUrl).toBe(baseUrl);
	});

	it.each(["groq", "ftp://x", "https://", "https://user:secret@host/v1", "https://host/v1?key=1"])(
		"refuse the address %s",
		(address) => {
			const environment = { GROQ_API_KEY: "k", GROQ_BASE_URL: address };
			expect(complaintsOf(environment)).toEqual(["config.address GROQ_BASE_URL"]);
		},
	);

	it("notice a model or an address without its key", () => {
		expect(complaintsOf({ GROQ_MODEL: "x" })).toEqual(["config.keyMissing GROQ_API_KEY"]);
		expect(complaintsOf({ DEEPSEEK_BASE_URL: "http://x" })).toEqual(["config.keyMissing DEEPSEEK_API_KEY"]);
	});

	it("notice a key with characters that no key has", () => {
		expect(complaintsOf({ GROQ_API_KEY: "gsk_…" })).toEqual(["config.keyCharacters GROQ_API_KEY"]);
	});

	it.each([
		[{ GROQ_API_KEY_2: "b" }, "GROQ_API_KEY_2"],
		[{ GROQ_API_KEY2: "b" }, "GROQ_API_KEY2"],
		[{ GROQ_API_KEYS: "b" }, "GROQ_API_KEYS"],
		[{ GROQ_2_API_KEY: "b" }, "GROQ_2_API_KEY"],
		[{ GROQ_API_KEY_B: "b" }, "GROQ_API_KEY_B"],
		[{ GROQ_API_KEY_ZWEI: "b" }, "GROQ_API_KEY_ZWEI"],
		[{ GROQ_APIKEY2: "b" }, "GROQ_APIKEY2"],
		[{ GROQ_SECOND_API_KEY: "b" }, "GROQ_SECOND_API_KEY"],
		[{ GROQ_KEY_2: "b" }, "GROQ_KEY_2"],
		[{ GROQ_ACCOUNT_2: "b" }, "GROQ_ACCOUNT_2"],
		[{ groq_api_key_2: "b" }, "groq_api_key_2"],
		[{ QWEN_OAUTH_APP_1: "b" }, "QWEN_OAUTH_APP_1"],
		[{ GROQ_API_KEY: "a,b" }, "GROQ_API_KEY"],
		[{ GROQ_API_KEY: "a b" }, "GROQ_API_KEY"],
		[{ GROQ_API_KEY: "a;b" }, "GROQ_API_KEY"],
	])("allow one account per provider, not %j", (more, variable) => {
		expect(complaintsOf({ GROQ_API_KEY: "a", ...more })).toEqual([`config.secondAccount ${variable}`]);
	});

	it("take nothing else for a second account", () => {
		const others = {
			GROQ_API_KEY_2: " ",
			GROQX: "1",
			GROQ_MODEL: "a,b",
			QWEN_WORKSPACE_ID: "2",
			CLOUDFLARE_ACCOUNT_ID: "2",
		};
		expect(complaintsOf({ GROQ_API_KEY: "a", ...others })).toEqual([]);
	});

	it("say what is wrong without telling a value", () => {
		const { problems } = read({
			...qwenKey,
			GROQ_API_KEY: "geheim1,geheim2",
			DEEPSEEK_API_KEY: "geheim…",
			QWEN_REGION: "geheim",
		});
		const sentences = problems.map(({ key, values }) => say(operatorVoice, key, values)).join("\n");
		expect(sentences).toMatch(/QWEN_REGION.*\n.*GROQ_API_KEY.*autorisiertes Konto.*\n.*DEEPSEEK_API_KEY/);
		expect(sentences).not.toContain("geheim");
	});
});

describe("the settings of Qwen", () => {
	it.each([
		[
			{ QWEN_REGION: "frankfurt", QWEN_WORKSPACE_ID: "ws-1" },
			"https://ws-1.eu-central-1.maas.aliyuncs.com/compatible-mode/v1",
			"eu",
		],
		[{ QWEN_REGION: "Singapore" }, "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "asia"],
		[
			{ QWEN_REGION: "singapore", QWEN_WORKSPACE_ID: "w" },
			"https://w.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1",
			"asia",
		],
		[{ QWEN_REGION: "us" }, "https://dashscope-us.aliyuncs.com/compatible-mode/v1", "us"],
		[{ QWEN_REGION: "beijing" }, "https://dashscope.aliyuncs.com/compatible-mode/v1", "china"],
		[
			{ QWEN_BASE_URL: "https://dashscope.aliyuncs.com/compatible-mode/v1" },
			"https://dashscope.aliyuncs.com/compatible-mode/v1",
			"china",
		],
		[
			{ QWEN_BASE_URL: "https://dashscope-intl.aliyuncs.com", QWEN_REGION: "frankfurt" },
			"https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
			"asia",
		],
		[
			{ QWEN_BASE_URL: "https://w.eu-central-1.maas.aliyuncs.com/" },
			"https://w.eu-central-1.maas.aliyuncs.com/compatible-mode/v1",
			"eu",
		],
		[
			{ QWEN_BASE_URL: "https://w.ap-northeast-1.maas.aliyuncs.com", QWEN_REGION: "frankfurt" },
			"https://w.ap-northeast-1.maas.aliyuncs.com/compatible-mode/v1",
			"asia",
		],
		[{ QWEN_BASE_URL: "http://127.0.0.1:4000" }, "http://127.0.0.1:4000/v1", "asia"],
		[{ QWEN_BASE_URL: "http://127.0.0.1:4000/v1", QWEN_REGION: "frankfurt" }, "http://127.0.0.1:4000/v1", "eu"],
	])("with %j mean %s in %s", (environment, baseUrl, region) => {
		expect(read({ ...qwenKey, ...environment })).toMatchObject({ settings: [{ baseUrl, region }], problems: [] });
	});

	it.each([
		[{}, "config.qwenRegionMissing QWEN_REGION"],
		[{ QWEN_REGION: "mars" }, "config.qwenRegion QWEN_REGION"],
		[{ QWEN_REGION: "constructor" }, "config.qwenRegion QWEN_REGION"],
		[{ QWEN_REGION: "frankfurt" }, "config.qwenWorkspaceMissing QWEN_WORKSPACE_ID"],
		[{ QWEN_REGION: "frankfurt", QWEN_WORKSPACE_ID: "a.b/" }, "config.qwenWorkspace QWEN_WORKSPACE_ID"],
		[{ QWEN_REGION: "singapore", QWEN_API_KEY: "sk-sp-1" }, "config.qwenPlan QWEN_API_KEY"],
		[{ QWEN_BASE_URL: "https://coding-intl.dashscope.aliyuncs.com/v1" }, "config.qwenPlan QWEN_BASE_URL"],
		[{ QWEN_BASE_URL: "https://token-plan.ap-southeast-1.maas.aliyuncs.com/v1" }, "config.qwenPlan QWEN_BASE_URL"],
		[{ QWEN_REGION: "singapore", QWEN_WORKSPACE_ID: "token-plan" }, "config.qwenPlan QWEN_WORKSPACE_ID"],
		[{ QWEN_BASE_URL: "qwen" }, "config.address QWEN_BASE_URL"],
	])("with %j are refused: %s", (environment, complaint) => {
		expect(complaintsOf({ ...qwenKey, ...environment })).toEqual([complaint]);
	});

	it("weigh the regions against each other", () => {
		const { problems } = read(qwenKey);
		const [sentence] = problems.map(({ key, values }) => say(operatorVoice, key, values));
		expect(sentence).toMatch(/frankfurt.*EU.*QWEN_WORKSPACE_ID.*kein Gratiskontingent.*singapore/);
	});
});

describe("the settings of the local server", () => {
	it("are there unless switched off", () => {
		const searched = { name: "local", baseUrl: "", region: "local", contextTokens: 8_192 };
		expect(readProviderSettings({}).settings).toEqual([searched]);
		expect(readProviderSettings({ LOCAL_BASE_URL: "off" }).settings).toEqual([]);
	});

	it.each([
		"http://127.0.0.1:11434",
		"http://127.0.0.1:11434/v1/",
		"http://127.0.0.1:11434//v1//",
		"http://127.0.0.1:11434/api",
	])("know the server at %s", (address) => {
		const { settings } = readProviderSettings({ LOCAL_BASE_URL: address, LOCAL_CONTEXT_TOKENS: "4096" });
		expect(settings).toMatchObject([{ baseUrl: "http://127.0.0.1:11434", contextTokens: 4_096 }]);
	});

	it("refuse a context that is no number and a model that runs elsewhere", () => {
		for (const wrong of ["0", "-1", "8k", "1.5"]) {
			expect(complaintsOf({ LOCAL_BASE_URL: "", LOCAL_CONTEXT_TOKENS: wrong })).toEqual([
				"config.wholeNumber LOCAL_CONTEXT_TOKENS",
			]);
		}
		const cloud = { LOCAL_BASE_URL: "", LOCAL_MODEL: "gemma4:e4b, gpt-oss:120b-cloud" };
		expect(complaintsOf(cloud)).toEqual(["config.localCloudModel LOCAL_MODEL"]);
	});
});
