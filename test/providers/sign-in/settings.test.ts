import { describe, expect, it } from "vitest";
import { readProviderSettings } from "../../../src/providers/settings.ts";

const issuer = { QWEN_OAUTH_CLIENT_ID: "own-client", QWEN_OAUTH_ISSUER: "https://id.example/" };
const place = { QWEN_REGION: "singapore" };

describe("the settings of a sign-in", () => {
	it("stand in place of the key", () => {
		const { settings, problems } = readProviderSettings({ ...issuer, ...place, QWEN_OAUTH_SCOPES: "openid model" });
		expect(problems).toEqual([]);
		expect(settings.find(({ name }) => name === "qwen")).toMatchObject({
			region: "asia",
			signIn: { clientId: "own-client", scopes: "openid model", issuer: "https://id.example/" },
		});
	});

	it("may name both addresses in place of the issuer", () => {
		const { settings } = readProviderSettings({
			...place,
			QWEN_OAUTH_CLIENT_ID: "own-client",
			QWEN_OAUTH_DEVICE_URL: "https://id.example/device",
			QWEN_OAUTH_TOKEN_URL: "http://127.0.0.1:9/token",
		});
		expect(settings.find(({ name }) => name === "qwen")?.signIn).toEqual({
			clientId: "own-client",
			scopes: "",
			deviceUrl: "https://id.example/device",
			tokenUrl: "http://127.0.0.1:9/token",
		});
	});

	it.each([
		["a client without addresses", { QWEN_OAUTH_CLIENT_ID: "own-client" }, "login.incomplete"],
		["addresses without a client", { QWEN_OAUTH_ISSUER: "https://id.example/" }, "login.incomplete"],
		[
			"one address of two",
			{ QWEN_OAUTH_CLIENT_ID: "own-client", QWEN_OAUTH_TOKEN_URL: "https://id.example/token" },
			"login.incomplete",
		],
		["scopes alone", { QWEN_OAUTH_SCOPES: "openid" }, "login.incomplete"],
		["http to elsewhere", { ...issuer, QWEN_OAUTH_ISSUER: "http://id.example/" }, "login.address"],
		["something that is no address", { ...issuer, QWEN_OAUTH_ISSUER: "id.example" }, "login.address"],
		["a key as well", { ...issuer, QWEN_API_KEY: "sk-1234567890" }, "login.keyToo"],
	])("are wrong with %s, in one line", (_, environment, key) => {
		const { settings, problems } = readProviderSettings({ ...place, ...environment });
		expect(problems.map((problem) => problem.key)).toEqual([key]);
		expect(settings.filter(({ name }) => name === "qwen")).toEqual([]);
	});
});
