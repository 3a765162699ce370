import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { createBreaker } from "../../src/router/breaker.ts";
import { createQuota } from "../../src/router/quota.ts";
import { createRouter } from "../../src/router/router.ts";
import { type Behaviour, createFakeLanguageModel } from "../fakes/language-model.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { compose, wish } from "./router-parts.ts";

/** Groq, which a greeting asks first, and DeepSeek behind it, both real clients on real sockets. */
async function given() {
	const servers = await Promise.all([createFakeLanguageModel(), createFakeLanguageModel()]);
	onTestFinished(async () => void (await Promise.all(servers.map((server) => server.close()))));
	const [groq, deepseek] = servers;
	const log = createLog("silent", []);
	const common = { apiKey: "key", models: ["test-model"], region: "eu" } as const;
	const providers = createProviders(
		[
			{ ...common, name: "groq", baseUrl: groq.baseUrl },
			{ ...common, name: "deepseek", baseUrl: deepseek.baseUrl },
		],
		{ clock: systemClock, log, eurPerUsd: 0.9, dataDirectory: "" },
	);
	const quota = createQuota({ database: openTemporaryDatabase(), clock: systemClock, providers });
	const breaker = createBreaker({ quota, clock: systemClock, log, random: () => 0 });
	const router = createRouter({ providers, quota, breaker, clock: systemClock, log });
	const shown: string[] = [];
	const ask = () => router.complete(wish, compose, { onText: (text) => shown.push(text) });
	return { ask, groq, deepseek, quota, shown };
}

describe("failover over real sockets", () => {
	it.each<[string, string, Behaviour]>([
		["401", "auth", { status: 401, body: { error: { message: "bad key", code: "invalid_api_key" } } }],
		["402", "money", { status: 402, body: { error: { message: "Insufficient Balance" } } }],
		["413", "too-large", { status: 413, body: { error: { message: "Request too large" } } }],
		[
			"429",
			"rate-limit",
			{ status: 429, body: { error: { message: "slow down" } }, headers: { "retry-after": "86400" } },
		],
		["500", "overload", { status: 500, body: { error: { message: "oops" } } }],
		[
			"an HTML page",
			"bad-answer",
			{ status: 200, body: "<html>login</html>", headers: { "content-type": "text/html" } },
		],
		["a reset in mid-stream", "network", { text: "Es war einmal", broken: { afterChunks: 2, how: "reset" } }],
		["a stream without a finish", "bad-answer", { text: "Es war einmal", finishReason: null }],
	])(
		"answers %s with the next provider, after one call each and without a noticeable wait",
		async (_, failure, behaviour) => {
			const { ask, groq, deepseek, shown } = await given();
			groq.next(behaviour);

			const { completion, decision } = await ask();

			expect(completion.text).toBe("Antwort auf: Hallo");
			expect(decision.attempts.map((attempt) => attempt.failure)).toEqual([failure, undefined]);
			expect([groq.requests.length, deepseek.requests.length]).toEqual([1, 1]);
			expect(shown.at(-1)).toBe("Antwort auf: Hallo");
			expect(decision.attempts[0]?.milliseconds).toBeLessThan(2_000);
		},
	);

	it("loses next to nothing over a server that is not there, and asks it no more", async () => {
		const { ask, groq } = await given();
		await groq.close();

		expect((await ask()).decision.attempts.map(({ failure }) => failure)).toEqual(["network", undefined]);
		expect((await ask()).decision.attempts.map(({ failure }) => failure)).toEqual([undefined]);
	});

	it("keeps to the headers that came with an answer", async () => {
		const { ask, groq, quota } = await given();
		const headers = {
			"x-ratelimit-limit-requests": "1000",
			"x-ratelimit-remaining-requests": "250",
			"x-ratelimit-reset-requests": "17h59m",
		};
		groq.next({ headers });

		await ask();

		const daily = quota
			.report()
			.providers[0]?.windows.find(({ unit, window }) => unit === "requests" && window === "day");
		expect(daily).toMatchObject({ used: 750, limit: 1_000, source: "header" });
	});
});
