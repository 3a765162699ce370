import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { createBreaker } from "../../src/router/breaker.ts";
import { createQuota } from "../../src/router/quota.ts";
import { createRouter } from "../../src/router/router.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { wish } from "./router-parts.ts";

const german = "Der Fluss floss langsam durch die Wiesen, und niemand wusste, wohin er wollte.";
const text = { content: german };

/** A server that others wrote: what our own fakes get wrong, it does not get wrong in the same way. */
describe("beside a server of another make", () => {
	const mocks = [0, 1].map(() => new LLMock({ port: 0, host: "127.0.0.1", chunkSize: 4, logLevel: "silent" }));
	const [faulty, steady] = mocks as [LLMock, LLMock];
	beforeAll(async () => {
		await Promise.all(mocks.map((mock) => mock.start()));
		steady.onMessage(/./, text);
		faulty.onMessage("drop", text, { chaos: { dropRate: 1 } });
		faulty.onMessage("malformed", text, { chaos: { malformedRate: 1 } });
		faulty.onMessage("ratelimit", text, { chaos: { rateLimitRate: 1 } });
		faulty.onMessage("disconnect", text, { chaos: { disconnectRate: 1 } });
		faulty.onMessage("truncated", text, { truncateAfterChunks: 5 });
		faulty.onMessage("cut", text, { streamingProfile: { ttft: 0, tps: 50 }, disconnectAfterMs: 200 });
		faulty.onMessage("refused", { error: { message: "Invalid key", type: "invalid_request_error" }, status: 401 });
		faulty.onMessage("steady", text);
	});
	afterAll(async () => void (await Promise.all(mocks.map((mock) => mock.stop()))));

	async function ask(question: string) {
		const log = createLog("silent", []);
		const common = { apiKey: "key", models: ["test-model"], region: "eu" } as const;
		const providers = createProviders(
			[
				{ ...common, name: "groq", baseUrl: `${faulty.url}/v1` },
				{ ...common, name: "deepseek", baseUrl: `${steady.url}/v1` },
			],
			{ clock: systemClock, log, eurPerUsd: 0.87, dataDirectory: "" },
		);
		const quota = createQuota({ database: openTemporaryDatabase(), clock: systemClock, providers });
		const breaker = createBreaker({ quota, clock: systemClock, log, random: () => 0 });
		const router = createRouter({ providers, quota, breaker, clock: systemClock, log });
		const calls = [faulty, steady].map((mock) => mock.getRequests().length);
		const shown: string[] = [];
		const answer = await router.complete({ ...wish, text: "Hallo" }, () => [{ role: "user", content: question }], {
			onText: (textSoFar) => void shown.push(textSoFar),
		});
		return {
			text: answer.completion.text,
			failures: answer.decision.attempts.map(({ failure }) => failure),
			calls: [faulty, steady].map((mock, index) => mock.getRequests().length - (calls[index] ?? 0)),
			shown,
			report: quota.report().providers[0],
		};
	}

	it("an answer is an answer", async () => {
		expect(await ask("steady")).toMatchObject({ text: german, failures: [undefined], calls: [1, 0] });
	});

	it.each([
		["drop", "overload"],
		["malformed", "bad-answer"],
		["ratelimit", "rate-limit"],
		["disconnect", "network"],
		["refused", "auth"],
	] as const)("%s is %s, and the answer comes from elsewhere", async (question, kind) => {
		const { report, shown, ...rest } = await ask(question);
		expect(rest).toEqual({ text: german, failures: [kind, undefined], calls: [1, 1] });
		expect(report?.state).not.toBe("ready");
		expect(shown.at(-1)).toBe(german);
	});

	it.each(["truncated", "cut"])("a stream that is %s starts again elsewhere", async (question) => {
		const { text, failures, calls, shown } = await ask(question);
		expect({ text, calls, shown: shown.at(-1) }).toEqual({ text: german, calls: [1, 1], shown: german });
		expect(["network", "bad-answer"]).toContain(failures[0]);
	});
});
