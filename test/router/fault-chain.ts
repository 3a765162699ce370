import { setTimeout as wait } from "node:timers/promises";
import { createLog } from "../../src/log.ts";
import { createProviders } from "../../src/providers/index.ts";
import { type ProviderErrorKind, regions } from "../../src/providers/provider.ts";
import { createBreaker } from "../../src/router/breaker.ts";
import { createQuota } from "../../src/router/quota.ts";
import { rank } from "../../src/router/rank.ts";
import type { Compose, ProviderReport, Quota, RoutedAnswer, Router, Wish } from "../../src/router/route.ts";
import { RouterError } from "../../src/router/route.ts";
import { createRouter } from "../../src/router/router.ts";
import { taskOf } from "../../src/router/task.ts";
import { createVirtualClock, type VirtualClock } from "../fakes/clock.ts";
import { type Behaviour, createFakeLanguageModel, type SeenRequest } from "../fakes/language-model.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { compose as hello, wish as usualWish } from "./router-parts.ts";

const names = ["groq", "local", "qwen", "deepseek"] as const;
export type Link = (typeof names)[number];
export const wish: Wish = { ...usualWish, regions };
const parts = { log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "" };
/** In the order in which a greeting asks them. */
export const chain = orderOf(names);
export const positions = [0, 1, 2, 3] as const;
/** What those before the faulty one say, so that the question really reaches it. */
const comeBackSeconds = 2;
const comeBack: Behaviour = { status: 503, body: "", headers: { "retry-after": String(comeBackSeconds) } };

export interface FaultRun {
	readonly router: Router;
	readonly quota: Quota;
	readonly clock: VirtualClock;
	/** The question's way, with all that takes time hurried on. */
	readonly ask: (options?: AskOptions) => Promise<RoutedAnswer | RouterError>;
	/** What each server of the chain has seen since the run began. */
	readonly seen: () => readonly (readonly SeenRequest[])[];
	/** Of the chain, in its order. */
	readonly reports: () => readonly ProviderReport[];
	readonly shown: readonly string[];
	/** When the faulty one failed, in milliseconds since 1970. */
	readonly failedAt: () => number;
}

interface AskOptions {
	readonly compose?: Compose;
	readonly signal?: AbortSignal;
	/** How long the faulty one keeps everybody waiting. */
	readonly hangsMilliseconds?: number;
}

/** Four servers for all tests of a file. Every run has clients, ledger and router of its own. */
export async function createFaultChain() {
	const models = ["test-model", "second-model"];
	const servers = await Promise.all(chain.map(() => createFakeLanguageModel({ models })));

	/** The server at this position gives these answers first; those before it refuse once. Afterwards all behave well. */
	function begin(
		position: number,
		answers: readonly Behaviour[],
		ofFaulty: readonly string[] = ["test-model"],
	): FaultRun {
		const begunAt = servers.map(({ requests }) => requests.length);
		for (const [index, server] of servers.entries()) {
			const queue = index < position ? [comeBack] : index === position ? [...answers] : [];
			server.behave(() => queue.shift() ?? {});
		}
		const clock = createVirtualClock();
		const settings = chain.map((name, index) => ({
			...settingsOf(name),
			baseUrl: servers[index]?.baseUrl ?? "",
			models: index === position ? ofFaulty : ["test-model"],
			contextTokens: 8_000 * (index + 1),
		}));
		const providers = createProviders(settings, { ...parts, clock });
		const quota = createQuota({ database: openTemporaryDatabase(), clock, providers });
		const breaker = createBreaker({ quota, clock, log: parts.log, random: () => 0 });
		const router = createRouter({ providers, quota, breaker, clock, log: parts.log });
		const shown: string[] = [];
		const start = clock.now();
		let hungMilliseconds = 0;
		const seen = () => servers.map(({ requests }, index) => requests.slice(begunAt[index]));

		async function ask({ compose = hello, signal, hangsMilliseconds }: AskOptions = {}) {
			const answer = router
				.complete(wish, compose, { onText: (text) => void shown.push(text), ...(signal && { signal }) })
				.catch((error: unknown) => {
					if (error instanceof RouterError) return error;
					throw error;
				});
			hungMilliseconds = hangsMilliseconds ?? 0;
			const isCalled = () => seen().some((requests) => requests.some((one) => !one.isAnswered && !one.isAborted));
			await hurry(answer, clock, isCalled, hangsMilliseconds);
			return answer;
		}
		const reports = () =>
			chain.map((name) => quota.report().providers.find((report) => report.name === name) as ProviderReport);
		const failedAt = () => start + hungMilliseconds;
		return { router, quota, clock, ask, seen, reports, shown, failedAt };
	}
	return { servers, begin, close: () => Promise.all(servers.map((server) => server.close())) };
}

function settingsOf(name: Link) {
	return { name, apiKey: "key", baseUrl: "http://127.0.0.1:9", models: ["test-model"], protocol: "openai" } as const;
}

function orderOf(links: readonly Link[]): readonly [Link, Link, Link, Link] {
	const providers = createProviders(links.map(settingsOf), { ...parts, clock: createVirtualClock() });
	const routes = providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })));
	return rank(routes, wish, taskOf(wish.text, []), () => 1).map(({ provider }) => provider.name) as [
		Link,
		Link,
		Link,
		Link,
	];
}

/**
 * Time stands still, so that no busy machine lets a deadline pass, and moves on only where somebody waits for it: once
 * while a call hangs, if that is its fault, and when the router waits for the first to come back.
 */
async function hurry(
	answer: Promise<unknown>,
	clock: VirtualClock,
	isCalled: () => boolean,
	hangsMilliseconds = 0,
): Promise<void> {
	let isDone = false;
	let hangsFor = hangsMilliseconds;
	let quietRounds = 0;
	const done = (): void => {
		isDone = true;
	};
	answer.then(done, done);
	while (!isDone) {
		await wait(2);
		const next = clock.nextTimer() ?? Number.POSITIVE_INFINITY;
		const isWaiting = !isCalled() && next <= comeBackSeconds * 1_000;
		const isHanging = isCalled() && hangsFor > 0;
		quietRounds = isWaiting || isHanging ? quietRounds + 1 : 0;
		if (quietRounds < 10) continue;
		quietRounds = 0;
		await clock.advance(isHanging ? hangsFor : next);
		if (isHanging) hangsFor = 0;
	}
}

/** What the ledger says of a provider after each kind of failure, and for how many seconds. */
export const afterwards: Readonly<
	Record<ProviderErrorKind, { readonly state: ProviderReport["state"]; readonly seconds?: number }>
> = {
	auth: { state: "refused-key", seconds: 3_650 * 86_400 },
	money: { state: "no-credit", seconds: 1_800 },
	"rate-limit": { state: "paused", seconds: 10 },
	burst: { state: "paused", seconds: 2 },
	"no-allowance": { state: "paused", seconds: 86_400 },
	"model-gone": { state: "paused", seconds: 86_400 },
	"too-large": { state: "ready" },
	context: { state: "ready" },
	overload: { state: "paused", seconds: 30 },
	network: { state: "paused", seconds: 30 },
	timeout: { state: "paused", seconds: 30 },
	"bad-answer": { state: "paused", seconds: 30 },
	content: { state: "ready" },
	"bad-request": { state: "ready" },
	aborted: { state: "ready" },
};
