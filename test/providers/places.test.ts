import { describe, expect, it } from "vitest";
import { operatorVoice, say } from "../../src/locale.ts";
import { readProviderSettings } from "../../src/providers/settings.ts";

const read = (environment: Record<string, string>): ReturnType<typeof readProviderSettings> =>
	readProviderSettings({ LOCAL_BASE_URL: "off", ...environment });
const complaintsOf = (environment: Record<string, string>): readonly string[] =>
	read(environment).problems.map(({ key, values }) => `${key} ${values.variable}`);
const addressOf = (environment: Record<string, string>): string | undefined => {
	const { problems, settings } = read(environment);
	expect(problems).toEqual([]);
	return settings[0]?.baseUrl;
};
const account = "0123456789abcdef0123456789abcdef";

describe("the address of a provider", () => {
	it.each([
		["GROQ", "https://api.groq.com", "https://api.groq.com/openai/v1"],
		["GROQ", "https://api.groq.com/v1/", "https://api.groq.com/openai/v1"],
		["GROQ", "https://api.groq.com/openai/", "https://api.groq.com/openai/v1"],
		["GROQ", "https://api.groq.com/openai/v1/models", "https://api.groq.com/openai/v1"],
		["OPENROUTER", "https://openrouter.ai", "https://openrouter.ai/api/v1"],
		["OPENROUTER", "https://openrouter.ai/api", "https://openrouter.ai/api/v1"],
		["OPENROUTER", "https://openrouter.ai/api/v1/chat/completions/", "https://openrouter.ai/api/v1"],
		["DEEPSEEK", "https://api.deepseek.com/v1/", "https://api.deepseek.com"],
		["DEEPSEEK", "https://api.deepseek.com/beta", "https://api.deepseek.com/beta"],
		["MISTRAL", "https://api.mistral.ai/", "https://api.mistral.ai/v1"],
		["MISTRAL", "http://127.0.0.1:4000/api/v1/", "http://127.0.0.1:4000/api/v1"],
		["IONOS", "http://127.0.0.1:4000", "http://127.0.0.1:4000/v1"],
		["QWEN", "https://dashscope-us.aliyuncs.com/api/v1/", "https://dashscope-us.aliyuncs.com/compatible-mode/v1"],
		[
			"QWEN",
			"https://dashscope-intl.aliyuncs.com/compatible-mode",
			"https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
		],
	])("of %s, given as %s, is %s", (prefix, address, baseUrl) => {
		expect(addressOf({ [`${prefix}_API_KEY`]: "k", [`${prefix}_BASE_URL`]: address })).toBe(baseUrl);
	});
});

describe("the settings of Cloudflare", () => {
	const key = { CLOUDFLARE_API_KEY: "k" };

	it("make the address from the account's id", () => {
		const baseUrl = `https://api.cloudflare.com/client/v4/accounts/${account}/ai/v1`;
		expect(addressOf({ ...key, CLOUDFLARE_ACCOUNT_ID: account })).toBe(baseUrl);
		expect(
			addressOf({ ...key, CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_BASE_URL: "https://api.cloudflare.com" }),
		).toBe(baseUrl);
		expect(addressOf({ ...key, CLOUDFLARE_BASE_URL: baseUrl.replace("/v1", "") })).toBe(baseUrl);
		expect(addressOf({ ...key, CLOUDFLARE_BASE_URL: "http://127.0.0.1:4000" })).toBe("http://127.0.0.1:4000/v1");
	});

	it.each([
		[{}, "config.cloudflareAccountMissing CLOUDFLARE_ACCOUNT_ID"],
		[{ CLOUDFLARE_ACCOUNT_ID: "meins" }, "config.cloudflareAccount CLOUDFLARE_ACCOUNT_ID"],
		[{ CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_API_KEY_2: "x" }, "config.secondAccount CLOUDFLARE_API_KEY_2"],
		[
			{ CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_ACCOUNT_ID_2: account },
			"config.secondAccount CLOUDFLARE_ACCOUNT_ID_2",
		],
		[{ CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_ACCOUNT_IDS: "x" }, "config.secondAccount CLOUDFLARE_ACCOUNT_IDS"],
		[{ CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_2_ACCOUNT_ID: "x" }, "config.secondAccount CLOUDFLARE_2_ACCOUNT_ID"],
	])("with %j are refused: %s", (more, complaint) => {
		expect(complaintsOf({ ...key, ...more })).toEqual([complaint]);
	});

	it("take a list of accounts for more than one", () => {
		const list = `${account},${account}`;
		expect(complaintsOf({ ...key, CLOUDFLARE_ACCOUNT_ID: list })).toEqual([
			"config.secondAccount CLOUDFLARE_ACCOUNT_ID",
		]);
	});

	it.each(["MISTRAL", "OPENROUTER", "IONOS", "OVHCLOUD", "SCALEWAY"])("and of %s allow one account", (prefix) => {
		for (const name of ["API_KEY_2", "API_KEYS", "2_API_KEY", "KEY_2", "TOKEN_2", "ACCOUNT_2"]) {
			const variable = `${prefix}_${name}`;
			expect(complaintsOf({ [`${prefix}_API_KEY`]: "k", [variable]: "x" })).toEqual([
				`config.secondAccount ${variable}`,
			]);
		}
		expect(complaintsOf({ [`${prefix}_API_KEY`]: "a,b" })).toEqual([`config.secondAccount ${prefix}_API_KEY`]);
	});
});

describe("the settings of Qwen elsewhere", () => {
	it.each([
		[{ QWEN_REGION: "hongkong" }, "https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1", "china"],
		[
			{ QWEN_REGION: "tokyo", QWEN_WORKSPACE_ID: "w" },
			"https://w.ap-northeast-1.maas.aliyuncs.com/compatible-mode/v1",
			"asia",
		],
	])("with %j mean %s in %s", (environment, baseUrl, region) => {
		expect(read({ QWEN_API_KEY: "k", ...environment })).toMatchObject({
			settings: [{ baseUrl, region }],
			problems: [],
		});
	});

	it("need the workspace in Tokyo", () => {
		expect(complaintsOf({ QWEN_API_KEY: "k", QWEN_REGION: "tokyo" })).toEqual([
			"config.qwenWorkspaceMissing QWEN_WORKSPACE_ID",
		]);
	});
});

describe("the settings of a model in this process", () => {
	const file = "/modelle/gemma-4-E4B-it-Q4_K_M.gguf";
	const embedded = {
		name: "local",
		baseUrl: "",
		region: "local",
		protocol: "embedded",
		modelFile: file,
		contextTokens: 8_192,
	};

	it("need the file alone, even where no server is looked for", () => {
		const expected = { ...embedded, models: ["gemma-4-E4B-it-Q4_K_M"] };
		expect(readProviderSettings({ LOCAL_MODEL_FILE: file })).toMatchObject({ settings: [expected], problems: [] });
		expect(read({ LOCAL_MODEL_FILE: file }).settings).toEqual([expected]);
		expect(read({ LOCAL_MODEL_FILE: "C:\\modelle\\klein.GGUF" }).settings[0]?.models).toEqual(["klein"]);
	});

	it("contradict a server, in one sentence", () => {
		const { problems } = read({ LOCAL_MODEL_FILE: file, LOCAL_BASE_URL: "http://127.0.0.1:11434" });
		expect(problems.map(({ key, values }) => say(operatorVoice, key, values))).toEqual([
			expect.stringMatching(/LOCAL_MODEL_FILE.*LOCAL_BASE_URL/),
		]);
	});

	it("give a key only to a server that is named", () => {
		const environment = { LOCAL_BASE_URL: "http://127.0.0.1:1234", LOCAL_API_KEY: "geheim" };
		expect(read(environment).settings).toMatchObject([{ apiKey: "geheim" }]);
		expect(readProviderSettings({ LOCAL_API_KEY: "geheim" }).problems).toEqual([
			{ key: "config.keyMissing", values: { variable: "LOCAL_BASE_URL", other: "LOCAL_API_KEY" } },
		]);
	});
});
