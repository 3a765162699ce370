import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { createProviders } from "../../../src/providers/index.ts";
import { type Provider, ProviderError } from "../../../src/providers/provider.ts";
import { createFakeLanguageModel } from "../../fakes/language-model.ts";
import { startSignedIn } from "./signed-in.ts";

/** Qwen behind a sign-in: its API takes only what the identity provider holds for valid. */
async function start(isTaken?: (token: string) => boolean) {
	const signedIn = await startSignedIn(systemClock);
	const model = await createFakeLanguageModel({ models: ["qwen3.8-max"] });
	onTestFinished(() => model.close());
	const tokens: string[] = [];
	const settings = { name: "qwen", baseUrl: model.baseUrl, signIn: signedIn.settings };
	const [provider] = createProviders([settings], {
		clock: systemClock,
		log: createLog("silent", []),
		eurPerUsd: 1,
		dataDirectory: signedIn.dataDirectory,
		async fetch(url, init) {
			if (!String(url).startsWith(model.baseUrl)) return fetch(url, init);
			const token = new Headers(init?.headers).get("authorization")?.replace("Bearer ", "") ?? "";
			tokens.push(token);
			const isValid = isTaken ? isTaken(token) : await signedIn.peer.isValid(token);
			return isValid ? fetch(url, init) : Response.json({ error: { code: "invalid_api_key" } }, { status: 401 });
		},
	});
	if (!provider) throw new Error("no provider");
	return { ...signedIn, provider, tokens };
}

function ask(provider: Provider): Promise<string> {
	const [model] = provider.models;
	if (!model) throw new Error("no model");
	return provider.complete(model, { messages: [{ role: "user", content: "Hallo" }], maxTokens: 50 }).then(
		({ finishReason }) => finishReason,
		(error: unknown) => (error instanceof ProviderError ? `${error.kind} ${error.code}` : String(error)),
	);
}

describe("a provider behind a sign-in", () => {
	it("calls with the stored token", async () => {
		const { provider, tokens, store } = await start();
		expect(await ask(provider)).toBe("stop");
		expect(tokens).toEqual([store.read()?.accessToken]);
	});

	it("refreshes once when the API refuses the token, and the person notices nothing", async () => {
		const { provider, tokens, store, peer } = await start();
		store.write({ ...store.read(), accessToken: "revoked-meanwhile" });
		expect(await ask(provider)).toBe("stop");
		expect(tokens).toEqual(["revoked-meanwhile", store.read()?.accessToken]);
		expect(peer.refreshes()).toEqual(["ok"]);
	});

	it("gives up after one refresh when the API refuses every token", async () => {
		const { provider, tokens, peer } = await start(() => false);
		expect(await ask(provider)).toBe("auth SIGN_IN_NOT_TAKEN");
		expect(new Set(tokens).size).toBe(2);
		expect(tokens).toHaveLength(2);
		expect(peer.refreshes()).toEqual(["ok"]);
	});

	it("calls nobody once a new sign-in is needed", async () => {
		const { provider, tokens, store } = await start();
		store.write({ accessToken: "over", isRefused: true });
		expect(await ask(provider)).toBe("auth SIGN_IN_OVER");
		expect(tokens).toEqual([]);
	});
});
