import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { type Completion, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { type ByteAnswer, type ByteServer, createByteServer } from "../fakes/byte-server.ts";
import { type Cut, cutOf, streams } from "./cut-streams.ts";

const cuts = 10_000;
/** Another one: CUT_SEED=… npx vitest run test/providers/cut-streams.test.ts */
const seed = Number(process.env.CUT_SEED ?? 20_261_123);
const atOnce = 24;

describe(`${cuts} streams that are cut`, () => {
	let server: ByteServer;
	const plans = new Map<number, ByteAnswer>();
	const clients = new Map<string, Provider>();
	const outcomes = { failed: 0, whole: 0 };

	beforeAll(async () => {
		server = await createByteServer((request) => {
			const plan = plans.get(Number(/cut (\d+)/.exec(request)?.[1]));
			if (!plan) throw new Error("no plan for this request");
			return plan;
		});
		for (const protocol of ["openai", "ollama"] as const) {
			const baseUrl = protocol === "openai" ? `${server.origin}/v1` : server.origin;
			const parts = { clock: systemClock, log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "" };
			const [provider] = createProviders([{ name: "local", baseUrl, protocol, models: ["test"] }], parts);
			if (provider) clients.set(protocol, provider);
		}
	});
	afterAll(() => server.close());

	async function ask(number: number, protocol: string): Promise<Completion | ProviderError> {
		const provider = clients.get(protocol);
		const model = provider?.models[0];
		if (!provider || !model) throw new Error(`no client for ${protocol}`);
		const messages = [{ role: "user", content: `cut ${number}` }] as const;
		return provider.complete(model, { messages, maxTokens: 500 }).catch((error: unknown) => {
			if (error instanceof ProviderError) return error;
			throw error;
		});
	}

	/** What is wrong with the outcome of this cut, if anything. */
	async function faultOf(number: number): Promise<string | undefined> {
		const { cut, plan } = cutOf(seed, number);
		plans.set(number, plan);
		const outcome = await ask(number, cut.stream.protocol);
		plans.delete(number);
		outcomes[outcome instanceof ProviderError ? "failed" : "whole"] += 1;
		const fault = judge(cut, outcome);
		if (fault === undefined) return undefined;
		const { stream, framing, end, bodyBytes } = cut;
		return `seed ${seed}, cut ${number} (${stream.name}, ${framing}, ${end}, byte ${bodyBytes}): ${fault}`;
	}

	it("never pass for a whole answer, and always do behind the finish reason", { timeout: 240_000 }, async () => {
		const faults: string[] = [];
		let next = 0;
		async function work(): Promise<void> {
			while (next < cuts && faults.length < 5) {
				const number = next++;
				const fault = await faultOf(number);
				if (fault !== undefined) faults.push(fault);
			}
		}
		await Promise.all(Array.from({ length: atOnce * Math.min(2, availableParallelism()) }, work));
		expect(faults).toEqual([]);
		expect(outcomes.failed + outcomes.whole).toBe(cuts);
		expect(outcomes.whole).toBeGreaterThan(cuts / 20);
	});
});

function judge({ stream, bodyBytes, isClean }: Cut, outcome: Completion | ProviderError): string | undefined {
	if (outcome instanceof ProviderError) {
		if (!["network", "bad-answer"].includes(outcome.kind)) return `failed as ${outcome.kind}`;
		return isClean && bodyBytes >= stream.finishedAt ? `was whole, but failed: ${outcome.message}` : undefined;
	}
	if (bodyBytes < stream.finishedAt) return `half an answer: ${JSON.stringify(outcome.text)}`;
	return outcome.text === stream.text ? undefined : `another text: ${JSON.stringify(outcome.text)}`;
}

describe("the streams", () => {
	it.each(streams)("of $name have a finish reason in the middle of them", ({ body, finishedAt }) => {
		expect(finishedAt).toBeGreaterThan(body.length / 2);
		expect(finishedAt).toBeLessThan(body.length);
	});
});
