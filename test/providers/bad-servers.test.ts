import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { ProviderError } from "../../src/providers/provider.ts";

const servers: Server[] = [];
const pem = (name: string): Buffer => readFileSync(join(import.meta.dirname, `../fixtures/tls/${name}.pem`));

async function listen(server: Server): Promise<string> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => {
	return (request, response) => {
		request.resume();
		response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
	};
};

async function failureAt(name: string, baseUrl: string): Promise<ProviderError> {
	const parts = { clock: systemClock, log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "" };
	const [provider] = createProviders([{ name, apiKey: "sk-geheim", baseUrl }], parts);
	const [model] = provider?.models ?? [];
	if (!provider || !model) throw new Error("no provider");
	const request = { messages: [{ role: "user", content: "Hallo" }], maxTokens: 1 } as const;
	const outcome = await provider.complete(model, request).catch((error: unknown) => error);
	expect(outcome).toBeInstanceOf(ProviderError);
	return outcome as ProviderError;
}

describe("what the operator can mend is told apart", () => {
	afterEach(() => {
		for (const server of servers.splice(0)) {
			server.closeAllConnections();
			server.close();
		}
	});

	/** Not one of these bodies has a field `error`. */
	it.each([
		["cloudflare", 429, '{"errors":[{"code":3036,"message":"daily free allocation"}],"success":false}', "rate-limit"],
		["cloudflare", 429, '{"errors":[{"code":3040,"message":"No more data centers"}]}', "overload"],
		["cloudflare", 404, '{"errors":[{"code":7003,"message":"Could not route"}]}', "auth"],
		["mistral", 429, '{"message":"Rate limit exceeded","code":"1300","limit-req-minute":0}', "no-allowance"],
		["mistral", 400, '{"message":"Invalid model: x","type":"invalid_model","code":"1500"}', "model-gone"],
		["qwen", 400, '{"code":"Arrearage","message":"Access denied"}', "money"],
		["local", 400, '{"detail":"This model\'s maximum context length is 4096 tokens."}', "context"],
		["groq", 500, "", "overload"],
	])("%s says %i %s: %s", async (name, status, body, kind) => {
		const host = await listen(createServer(answering(status, body)));
		const local = name === "local" ? "" : "/v1";
		expect((await failureAt(name, `http://${host}${local}`)).kind).toBe(kind);
	});

	it("learns from a refusal that the pot of the day is empty", async () => {
		const body = '{"errors":[{"code":3036,"message":"You have used up your daily free allocation"}]}';
		const host = await listen(createServer(answering(429, body)));
		const { observed } = await failureAt("cloudflare", `http://${host}/v1`);
		expect(observed).toEqual([{ unit: "credits", window: "day", scope: "provider", remaining: 0 }]);
	});

	it.each([
		[200, "<!doctype html><title>Anmeldung</title>", { "content-type": "text/html" }],
		[302, "", { location: "https://anmeldung.example/" }],
		[307, "", { location: "https://anmeldung.example/" }],
		[401, "<html><body>Bitte anmelden</body></html>", { "content-type": "text/html" }],
		[403, "\n<!DOCTYPE html><title>Proxy</title>", { "content-type": "text/html" }],
		[404, "<html><h1>404 Not Found</h1></html>", { "content-type": "text/html" }],
		[511, "<html>Network Authentication Required</html>", { "content-type": "text/html" }],
	])("a login page in between (%i)", async (status, body, headers) => {
		const host = await listen(createServer(answering(status, body, headers)));
		expect(await failureAt("groq", `http://${host}/v1`)).toMatchObject({ kind: "bad-answer", code: "HTML_PAGE" });
	});

	it("a certificate that nobody vouches for", async () => {
		const secure = createSecureServer({ key: pem("key"), cert: pem("certificate") }, answering(200, "{}"));
		const failure = await failureAt("groq", `https://${await listen(secure)}/v1`);
		expect(failure).toMatchObject({ kind: "network", code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
	});

	it("nobody at the address", async () => {
		const host = await listen(createServer());
		await new Promise((resolve) => servers.pop()?.close(resolve));
		const failure = await failureAt("groq", `http://${host}/v1`);
		expect(failure).toMatchObject({ kind: "network", code: "ECONNREFUSED" });
	});

	it("a host that nobody knows", async () => {
		const failure = await failureAt("groq", "http://nirgendwo.invalid/v1");
		expect(failure.kind).toBe("network");
		expect(failure.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
	});
});
