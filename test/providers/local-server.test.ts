import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders, findProviders } from "../../src/providers/index.ts";
import type { Provider } from "../../src/providers/provider.ts";
import type { ProviderSettings } from "../../src/providers/spec.ts";
import { createHurriedClock } from "../fakes/clock.ts";
import { createFakeLanguageModel } from "../fakes/language-model.ts";
import { createFakeOllama } from "../fakes/language-model-ollama.ts";

const parts = { clock: createHurriedClock(0.2), log: createLog("silent", []) };
const request = { messages: [{ role: "user", content: "Hallo" }], maxTokens: 10 } as const;
const open: { close(): unknown }[] = [];
const opened = <Peer extends { close(): unknown }>(peer: Peer): Peer => {
	open.push(peer);
	return peer;
};
const portOf = (origin: string): number => Number(new URL(origin).port);
const searched: ProviderSettings = { name: "local", baseUrl: "", contextTokens: 8_192 };

/** A server of another kind that happens to sit on a usual port. */
async function startOther(answer: string | undefined, type: string): Promise<number> {
	const server: Server = opened(
		createServer((_, response) => {
			if (answer !== undefined) response.writeHead(200, { "content-type": type }).end(answer);
		}),
	);
	open.push({ close: () => server.closeAllConnections() });
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return (server.address() as AddressInfo).port;
}

const onlyProvider = (settings: readonly ProviderSettings[]): Provider => {
	const [provider] = createProviders(settings, { ...parts, clock: systemClock, eurPerUsd: 0.87, dataDirectory: "" });
	if (!provider) throw new Error("no provider");
	return provider;
};
const answerOf = (provider: Provider): Promise<string> => {
	const [model] = provider.models;
	if (!model) throw new Error("no model");
	return provider.complete(model, request).then(({ text }) => text);
};

describe("looking for a local server", () => {
	afterEach(async () => {
		for (const peer of open.splice(0)) await peer.close();
	});

	it("finds Ollama among servers of other kinds and speaks its own language", async () => {
		const ollama = opened(
			await createFakeOllama({ models: ["nomic-embed-text", "llama3.1:8b", "gemma4:e4b", "big:120b-cloud"] }),
		);
		const ports = [
			await startOther("<html>", "text/html"),
			await startOther('{"data": "none"}', "application/json"),
			portOf(ollama.origin),
		];
		const settings = await findProviders([searched], { ...parts, ports });
		expect(settings).toEqual([{ ...searched, baseUrl: ollama.origin, protocol: "ollama", models: ["gemma4:e4b"] }]);
		expect(await answerOf(onlyProvider(settings))).toBe("Antwort auf: Hallo");
		expect(ollama.chats[0]?.body.options?.num_ctx).toBe(8_192);
		expect(ollama.chats[0]?.body.think).toBe(false);
	});

	it("prefers the model that is loaded already", async () => {
		const { origin } = opened(
			await createFakeOllama({ models: ["gemma4:e4b", "llama3.1:8b"], loaded: ["llama3.1:8b"] }),
		);
		const [settings] = await findProviders([searched], { ...parts, ports: [portOf(origin)] });
		expect(settings?.models).toEqual(["llama3.1:8b"]);
	});

	it("takes the model that is configured, in a list as an order of quality", async () => {
		const { origin } = opened(await createFakeOllama({ models: ["gemma4:e4b", "llama3.1:8b"] }));
		const wished = { ...searched, models: ["llama3.1:8b", "gemma4:e4b"] };
		const provider = onlyProvider(await findProviders([wished], { ...parts, ports: [portOf(origin)] }));
		const [first, second] = provider.models;
		expect([first?.id, second?.id]).toEqual(wished.models);
		expect(first?.quality.chat).toBeGreaterThan(second?.quality.chat ?? 1);
	});

	it("finds llama.cpp, LM Studio and vLLM by their list of models", async () => {
		const server = opened(await createFakeLanguageModel({ models: ["bge-m3", "gemma-4-12b-it"] }));
		const settings = await findProviders([searched], { ...parts, ports: [portOf(server.origin)] });
		expect(settings).toMatchObject([{ baseUrl: server.baseUrl, protocol: "openai", models: ["gemma-4-12b-it"] }]);
		expect(await answerOf(onlyProvider(settings))).toBe("Antwort auf: Hallo");
	});

	it("shows its key to the server that is named", async () => {
		const server = opened(await createFakeLanguageModel({ models: ["gemma-4-12b-it"], apiKey: "geheim" }));
		const named = { ...searched, baseUrl: server.origin, apiKey: "geheim" };
		const provider = onlyProvider(await findProviders([named], parts));
		expect(provider.models[0]?.id).toBe("gemma-4-12b-it");
		expect(await answerOf(provider)).toBe("Antwort auf: Hallo");
		const keyless = onlyProvider(await findProviders([{ ...searched, baseUrl: server.origin }], parts));
		await expect(answerOf(keyless)).rejects.toMatchObject({ kind: "auth" });
	});

	it.each([
		["llama.cpp", { data: [{ id: "m" }] }, { default_generation_settings: { n_ctx: 4_096 } }, 4_096],
		["vLLM", { data: [{ id: "m", max_model_len: 2_048 }] }, {}, 2_048],
		["a server with more than is wished", { data: [{ id: "m", max_model_len: 131_072 }] }, {}, 8_192],
		["a server that says nothing", { data: [{ id: "m" }] }, { n_ctx: "viel" }, 8_192],
	])("asks no more context of %s than it was started with", async (_, list, properties, contextTokens) => {
		const server = opened(
			createServer((incoming, response) => {
				const body = { "/v1/models": list, "/props": properties }[incoming.url ?? ""];
				response.writeHead(body ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
			}),
		);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		const settings = await findProviders([{ ...searched, baseUrl: `http://127.0.0.1:${port}` }], parts);
		expect(settings).toMatchObject([{ models: ["m"], contextTokens }]);
	});

	it("leaves the local provider out where nobody answers", async () => {
		const port = await startOther("{}", "application/json");
		expect(await findProviders([searched], { ...parts, ports: [port, 1] })).toEqual([]);
	});

	it("does not wait for a server that says nothing", async () => {
		const silent = await startOther(undefined, "");
		const start = performance.now();
		await findProviders([searched], { clock: systemClock, log: parts.log, ports: [silent] });
		expect(performance.now() - start).toBeLessThan(3_000);
	});

	it("keeps a configured server that is down and uses it once it is there", async () => {
		const before = opened(await createFakeOllama());
		await before.close();
		const configured = { ...searched, baseUrl: before.origin };
		const provider = onlyProvider(await findProviders([configured], parts));
		await expect(answerOf(provider)).rejects.toMatchObject({ kind: "network" });
		opened(await createFakeOllama({ port: portOf(before.origin), models: ["gemma4:12b"] }));
		expect(await answerOf(provider)).toBe("Antwort auf: Hallo");
		expect(await answerOf(provider)).toBe("Antwort auf: Hallo");
	});

	it("takes a configured server that knows no list of models for OpenAI-compatible, but never one that was only found", async () => {
		let asked = "";
		const server = opened(
			createServer((incoming, response) => {
				if (incoming.method !== "POST") return response.writeHead(404).end("no such path");
				asked = incoming.url ?? "";
				const choice = { index: 0, delta: { content: "Guten Tag" }, finish_reason: "stop" };
				response.writeHead(200, { "content-type": "text/event-stream" });
				return response.end(`data: ${JSON.stringify({ choices: [choice] })}\n\ndata: [DONE]\n\n`);
			}),
		);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;

		expect(await findProviders([searched], { ...parts, ports: [port] })).toEqual([]);
		const settings = await findProviders([{ ...searched, baseUrl: `http://127.0.0.1:${port}` }], parts);
		expect(await answerOf(onlyProvider(settings))).toBe("Guten Tag");
		expect(asked).toBe("/v1/chat/completions");
	});
});
