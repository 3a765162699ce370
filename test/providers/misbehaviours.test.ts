import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { type Completion, ProviderError } from "../../src/providers/provider.ts";
import { createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";
import { oddPacking } from "./misbehaviours-packing.ts";
import { oddRefusals } from "./misbehaviours-refusals.ts";
import { oddStreams } from "./misbehaviours-streams.ts";

const misbehaviours = [...oddStreams, ...oddRefusals, ...oddPacking];

/** The fourteen, by number; 0 are further ones. Where the reaction is the router's, the kind tells it what to do. */
describe("a server that misbehaves", () => {
	let server: FakeLanguageModel;

	beforeEach(async () => {
		server = await createFakeLanguageModel({ models: ["first"] });
	});
	afterEach(() => server.close());

	async function ask(): Promise<Completion> {
		const parts = { clock: systemClock, log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "" };
		const settings = { name: "groq", apiKey: "sk-geheim", baseUrl: server.baseUrl, models: ["first"] };
		const [provider] = createProviders([settings], parts);
		const model = provider?.models[0];
		if (!provider || !model) throw new Error("no provider");
		return provider.complete(model, { messages: [{ role: "user", content: "Hallo" }], maxTokens: 10 });
	}

	it.each(misbehaviours)("$number $name", async ({ answers, outcome }) => {
		server.next(...answers);
		const seen = await ask().catch((error: unknown) => error);
		if (typeof outcome === "string") {
			expect(seen).toBeInstanceOf(ProviderError);
			expect(seen).toMatchObject({ kind: outcome });
		} else expect(seen).toMatchObject(outcome);
		expect(server.requests).toHaveLength(answers.length);
		expect(server.otherRequests).toEqual([]);
	});

	it("is tested in all fourteen ways", () => {
		const numbers = new Set(misbehaviours.map(({ number }) => number));
		expect([...numbers].toSorted((one, other) => one - other)).toEqual(Array.from({ length: 15 }, (_, index) => index));
	});
});
