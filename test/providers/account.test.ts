import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import type { AccountReading, Provider } from "../../src/providers/provider.ts";
import type { ProviderSettings } from "../../src/providers/spec.ts";
import { createHurriedClock } from "../fakes/clock.ts";

interface Reply {
	readonly status?: number;
	readonly body?: unknown;
	readonly headers?: Record<string, string>;
}

const apiKey = "sk-geheim-0123456789";
const servers: Server[] = [];
let seen: { url: string; authorization: string | undefined }[] = [];

/** A server that answers every GET so; undefined: never. */
async function serve(reply: (url: string) => Reply | undefined): Promise<string> {
	const server = createServer((request, response) => {
		seen.push({ url: request.url ?? "", authorization: request.headers.authorization });
		const told = reply(request.url ?? "");
		if (!told) return;
		const body = typeof told.body === "string" ? told.body : JSON.stringify(told.body ?? {});
		response.writeHead(told.status ?? 200, { "content-type": "application/json", ...told.headers }).end(body);
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function create(settings: ProviderSettings, clock: Clock = systemClock, fetch = globalThis.fetch): Provider {
	const parts = { clock, log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "", fetch };
	const [provider] = createProviders([{ apiKey, ...settings }], parts);
	if (!provider) throw new Error("no provider");
	return provider;
}

const read = (provider: Provider, signal?: AbortSignal): Promise<AccountReading> => {
	if (!provider.readAccount) throw new Error("no read-out");
	return provider.readAccount(signal);
};

describe("the read-out of an account", () => {
	afterEach(() => {
		seen = [];
		for (const server of servers.splice(0)) {
			server.closeAllConnections();
			server.close();
		}
	});

	it("reads the balance at DeepSeek, whose amounts are texts", async () => {
		const body = {
			is_available: true,
			balance_infos: [
				{ currency: "CNY", total_balance: "0.00", granted_balance: "0.00", topped_up_balance: "0.00" },
				{ currency: "USD", total_balance: "12.50", granted_balance: "0.00", topped_up_balance: "12.50" },
			],
		};
		const baseUrl = await serve(() => ({ body }));
		const reading = await read(create({ name: "deepseek", baseUrl: `${baseUrl}/v1` }));
		expect(reading).toEqual({ limits: [], balance: { amount: 12.5, currency: "USD" }, hasCredit: true });
		expect(seen).toEqual([{ url: "/user/balance", authorization: `Bearer ${apiKey}` }]);
	});

	it("notices that DeepSeek has to be topped up", async () => {
		const balance = { currency: "USD", total_balance: "-0.01", granted_balance: "0", topped_up_balance: "-0.01" };
		const baseUrl = await serve(() => ({ body: { is_available: false, balance_infos: [balance] } }));
		expect(await read(create({ name: "deepseek", baseUrl }))).toMatchObject({
			balance: { amount: -0.01 },
			hasCredit: false,
		});
	});

	it.each([
		[{ is_free_tier: true, limit: null, limit_remaining: null, usage: 0 }, 50, undefined, true],
		[{ is_free_tier: false, limit: 100, limit_remaining: 74.5, usage: 25.5 }, undefined, 74.5, true],
		[{ is_free_tier: false, limit: 5, limit_remaining: -0.2, usage: 5.2 }, undefined, -0.2, false],
	])("reads what the key at OpenRouter may do: %j", async (data, perDay, amount, hasCredit) => {
		const baseUrl = `${await serve(() => ({ body: { data } }))}/api/v1`;
		const reading = await read(create({ name: "openrouter", baseUrl }));
		expect(seen.map(({ url }) => url)).toEqual(["/api/v1/key"]);
		expect(reading.limits[0]?.maximum).toBe(perDay);
		expect(reading.balance?.amount).toBe(amount);
		expect(reading.hasCredit).toBe(hasCredit);
	});

	it("asks Qwen for each model, takes the lower of two figures and counts by the minute", async () => {
		const rate = { request_limit: 600, request_limit_period: 60, usage_limit: 1_000_000, usage_limit_period: 60 };
		const slow = { request_limit: 2, request_limit_period: 1, usage_limit: null, usage_limit_field: null };
		const origin = await serve((url) => {
			const model = new URL(url, "http://x").searchParams.get("model") ?? "";
			const workspace_limit = model.endsWith("max") ? slow : null;
			return { body: { output: { quotas: [{ model, workspace_id: "w", model_limit: rate, workspace_limit }] } } };
		});
		const hosts: string[] = [];
		const redirected: typeof globalThis.fetch = (url, init) => {
			const { hostname, pathname, search } = new URL(String(url));
			hosts.push(hostname);
			return globalThis.fetch(`${origin}${pathname}${search}`, init);
		};
		const baseUrl = "https://w.eu-central-1.maas.aliyuncs.com/compatible-mode/v1";
		const reading = await read(create({ name: "qwen", baseUrl }, systemClock, redirected));
		expect(new Set(hosts)).toEqual(new Set(["w.eu-central-1.maas.aliyuncs.com"]));
		expect(seen.map(({ url }) => url).sort()).toEqual([
			"/api/v1/quotas?model=qwen3.8-flash",
			"/api/v1/quotas?model=qwen3.8-max",
		]);
		expect(reading.limits).toEqual([
			{ unit: "requests", window: "minute", maximum: 120, modelId: "qwen3.8-max" },
			{ unit: "tokens", window: "minute", maximum: 1_000_000, modelId: "qwen3.8-max" },
			{ unit: "requests", window: "minute", maximum: 600, modelId: "qwen3.8-flash" },
			{ unit: "tokens", window: "minute", maximum: 1_000_000, modelId: "qwen3.8-flash" },
		]);
	});

	it("is not offered where there is none", () => {
		const shared = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
		expect(create({ name: "qwen", baseUrl: shared }).readAccount).toBeUndefined();
		expect(create({ name: "groq", baseUrl: "https://api.groq.com/openai/v1" }).readAccount).toBeUndefined();
	});

	it.each([
		[{ status: 401, body: { error: { message: `wrong ${apiKey}` } } }, "auth", undefined],
		[{ status: 402, body: { error: "Insufficient Balance" } }, "money", undefined],
		[{ status: 503, body: "" }, "overload", undefined],
		[{ status: 302, headers: { location: "https://login.example/" } }, "bad-answer", "HTML_PAGE"],
		[{ body: "<!doctype html><title>Anmeldung</title>" }, "bad-answer", "HTML_PAGE"],
		[{ body: "{" }, "bad-answer", undefined],
		[{ body: { balance: "viel" } }, "bad-answer", undefined],
	] as const)("takes %j for what it is and tells no secret", async (reply, kind, code) => {
		const baseUrl = await serve(() => reply);
		const failure = await read(create({ name: "deepseek", baseUrl })).catch((error: unknown) => error);
		expect(failure).toMatchObject({ name: "ProviderError", kind, code });
		expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(apiKey);
	});

	it("gives up after five seconds, or when nobody waits any more", async () => {
		const baseUrl = await serve(() => undefined);
		const hurried = create({ name: "deepseek", baseUrl }, createHurriedClock(50));
		await expect(read(hurried)).rejects.toMatchObject({ kind: "timeout" });
		const controller = new AbortController();
		const reading = read(create({ name: "deepseek", baseUrl }), controller.signal);
		controller.abort();
		await expect(reading).rejects.toMatchObject({ kind: "aborted" });
	});

	it("says that nobody is there", async () => {
		await expect(read(create({ name: "deepseek", baseUrl: "http://127.0.0.1:1" }))).rejects.toMatchObject({
			kind: "network",
		});
	});
});
