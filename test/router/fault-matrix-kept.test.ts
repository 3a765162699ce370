import { setTimeout as wait } from "node:timers/promises";
import { Keyv } from "keyv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCompose, createConversations } from "../../src/assistant/conversation.ts";
import { failureText } from "../../src/assistant/failure.ts";
import { createPeople } from "../../src/assistant/person.ts";
import { answerQuestion } from "../../src/assistant/question.ts";
import { createLog, type Log } from "../../src/log.ts";
import type { Completion } from "../../src/providers/provider.ts";
import { RouterError } from "../../src/router/route.ts";
import { estimateTokens } from "../../src/router/tokens.ts";
import { messageFrom } from "../assistant/setting.ts";
import type { Behaviour } from "../fakes/language-model.ts";
import { chain, createFaultChain, type FaultRun, positions, wish } from "./fault-chain.ts";

let links: Awaited<ReturnType<typeof createFaultChain>>;
beforeAll(async () => {
	links = await createFaultChain();
});
afterAll(async () => void (await links.close()));

const german = "Der Fluss floss langsam durch die Wiesen, und niemand wusste, wohin er wollte.";
const kept: readonly (readonly [string, Behaviour, Partial<Completion>])[] = [
	["F72 split UTF-8", { text: "Grüße 👩‍👩‍👧 aus Köln", writeBytes: 1 }, { text: "Grüße 👩‍👩‍👧 aus Köln" }],
	["F72 comments between the events", { text: german, keepAlive: ": ping\n\n" }, { text: german }],
	["F75 repetition for ever", { text: "ja ".repeat(60_000), chunkCharacters: 3_000 }, { finishReason: "repetition" }],
	["F77 cut by a filter", { text: german, finishReason: "content_filter" }, { finishReason: "content-filter" }],
	["F79 a refusal in words", { text: "Als KI kann ich das nicht." }, { text: "Als KI kann ich das nicht." }],
	["F86 no usage", { text: german, usage: "none" }, { usage: expect.objectContaining({ isEstimated: true }) }],
];
const countsOf = (run: FaultRun): number[] => run.seen().map((requests) => requests.length);
const callsAt = (position: number, count: number): number[] =>
	positions.map((index) => (index < position ? 1 : index === position ? count : 0));

describe.each(positions)("at position %d", (position) => {
	it.each(kept)("%s: the answer is kept after one call", async (_, answer, expected) => {
		const run = links.begin(position, [answer]);

		const result = await run.ask();

		expect(result).toMatchObject({ completion: expected, decision: { provider: chain[position] } });
		expect(countsOf(run)).toEqual(callsAt(position, 1));
		const report = run.reports()[position];
		expect(report).toMatchObject({ state: "ready", pauseReason: undefined, today: { answers: 1, failures: 0 } });
		expect(report?.today.tokens).toBeGreaterThan(0);
	});

	it.each([400, 413])("F76 status %d: a conversation is shortened once on the same route", async (status) => {
		const turns = [1, 2, 3, 4].map((id) => ({ id: String(id), question: german, answer: german }));
		const message = status === 413 ? "Request too large" : "maximum context length is 8192 tokens";
		const run = links.begin(position, [{ status, body: { error: { message } } }]);

		const result = await run.ask({ compose: createCompose("System", turns, "Hallo", estimateTokens) });

		expect(result).toMatchObject({ decision: { provider: chain[position] } });
		expect(countsOf(run)).toEqual(callsAt(position, 2));
		const lengths = run.seen()[position]?.map(({ body }) => body.messages?.length);
		expect(lengths).toEqual([10, 4]);
		expect(run.reports()[position]).toMatchObject({ state: "ready", today: { answers: 1 } });
	});

	it("F77: a refused question goes to no other filter", async () => {
		const run = links.begin(position, [{ status: 400, body: { error: { code: "data_inspection_failed" } } }]);

		expect(await run.ask()).toMatchObject({ name: "RouterError", kind: "content" });
		expect(countsOf(run)).toEqual(callsAt(position, 1));
		expect(run.reports()[position]).toMatchObject({ state: "ready" });
	});

	it("F78: an answer in another language is asked for once more, of the same provider", async () => {
		const chinese = "法国的首都是巴黎。这座城市位于塞纳河畔，几百年来一直是法国的政治、经济和文化中心。";
		const run = links.begin(position, [{ text: chinese }, { text: german }]);
		const store = new Keyv();
		const conversations = createConversations(store);
		const person = await createPeople(store).get("telegram:1");
		const log = createLog("silent", []) as Log;
		const never = new AbortController().signal;
		const asker = { person, regions: wish.regions, stopped: never, ending: never };
		const message = messageFrom("telegram:1", "Hallo");

		const parts = { router: run.router, conversations, estimateTokens, clock: run.clock, log };
		expect(await answerQuestion(parts, message, { show: () => undefined }, asker)).toBe(german);

		expect(countsOf(run)).toEqual(callsAt(position, 2));
	});

	it("F85: a model that is gone is replaced by the next one of its provider", async () => {
		const gone: Behaviour = { status: 404, body: { error: { message: "The model does not exist" } } };
		const run = links.begin(position, [gone], ["test-model", "second-model"]);

		const result = await run.ask();

		expect(result).toMatchObject({ decision: { provider: chain[position], model: "second-model" } });
		expect(countsOf(run)).toEqual(callsAt(position, 2));
		expect(run.reports()[position]).toMatchObject({ state: "ready", today: { answers: 1 } });
	});

	it("F87: /stopp reaches the server within a second, and what came is booked", async () => {
		const run = links.begin(position, [{ text: german.repeat(20), tokenMilliseconds: 5 }]);
		const end = new AbortController();
		const answer = run.ask({ signal: end.signal });
		while (run.shown.length < 5) await wait(2);

		end.abort();
		const endedAt = performance.now();
		expect(await answer).toMatchObject({ name: "RouterError", kind: "aborted" });
		while (run.seen()[position]?.[0]?.isAborted !== true) await wait(2);

		expect(performance.now() - endedAt).toBeLessThan(1_000);
		expect(countsOf(run)).toEqual(callsAt(position, 1));
		const report = run.reports()[position];
		expect(report).toMatchObject({ state: "ready", today: { answers: 0, failures: 1 } });
		expect(report?.today.tokens).toBe(run.quota.usedToday(wish.author).tokens);
		expect(report?.today.tokens).toBeGreaterThan(estimateTokens(run.shown.at(-1) ?? "") - 4);
		expect(report?.today.tokens).toBeLessThan(estimateTokens(german.repeat(20)));
	});
});

describe("F80: when all providers are down", () => {
	it("one sentence names the next try, at once", async () => {
		const run = links.begin(0, []);
		for (const server of links.servers) server.behave(() => ({ status: 503, body: "" }));
		const begunAt = performance.now();

		const error = await run.ask();

		expect(performance.now() - begunAt).toBeLessThan(3_000);
		expect(countsOf(run)).toEqual([1, 1, 1, 1]);
		if (!(error instanceof RouterError)) throw new Error("somebody answered");
		expect(error).toMatchObject({ kind: "busy", nextTryAt: run.clock.now() + 30_000 });
		expect(failureText({ language: "de", form: "du" }, error, run.clock.now())).toBe(
			"Gerade antwortet keiner der Anbieter. Der nächste Versuch ist um 13:01 möglich.",
		);
		for (const report of run.reports()) expect(report).toMatchObject({ state: "paused", pauseReason: "overload" });
	});
});

describe("F81: a provider that fails every second call", () => {
	it("costs at most 5 % of 500 questions a failover", async () => {
		const run = links.begin(0, []);
		let calls = 0;
		links.servers[0]?.behave(() => (++calls % 2 === 1 ? { status: 500, body: "" } : {}));
		let paid = 0;
		for (let question = 0; question < 500; question++) {
			const result = await run.router.complete(wish, () => [{ role: "user", content: "Hallo" }]);
			if (result.decision.attempts.length > 1) paid++;
			await run.clock.advance(10_000);
		}
		expect(paid).toBeGreaterThan(1);
		expect(paid).toBeLessThanOrEqual(25);
	});
});
