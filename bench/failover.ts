import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { createLog } from "../src/log.ts";
import { createProviders } from "../src/providers/index.ts";
import { providerErrorKinds } from "../src/providers/provider.ts";
import { createBreaker } from "../src/router/breaker.ts";
import { createQuota } from "../src/router/quota.ts";
import type { Router, Wish } from "../src/router/route.ts";
import { createRouter } from "../src/router/router.ts";
import { type Database, openDatabase } from "../src/stores/database.ts";
import { type Behaviour, createFakeLanguageModel, type FakeLanguageModel } from "../test/fakes/language-model.ts";
import type { Bench } from "./bench.ts";
import { quantile } from "./quantile.ts";

const questions = 120;
const aimMilliseconds = 300;
const text = "Der Fluss floss langsam durch die Wiesen, und niemand wusste, wohin er wollte.";
const refusal = (status: number, message: string): Behaviour => ({ status, body: { error: { message } } });

/** What the preferred provider does. `nobody`: nothing listens at its address. */
const faults: Readonly<Record<string, Behaviour | "nobody">> = {
	"401 key refused": refusal(401, "bad key"),
	"402 no credit": refusal(402, "Insufficient Balance"),
	"404 model gone": refusal(404, "The model does not exist"),
	"413 too large": refusal(413, "Request too large"),
	"429 for an hour": { ...refusal(429, "slow down"), headers: { "retry-after": "3600" } },
	"500 defect": refusal(500, "oops"),
	"connection refused": "nobody",
	"reset before a byte": { broken: { afterChunks: 0, how: "reset" } },
	"cut in mid-stream": { text, broken: { afterChunks: 10, how: "reset" } },
};

/** One question: milliseconds to the first visible text and to the whole answer. */
interface Times {
	readonly first: number;
	readonly whole: number;
}

/** What a failing provider adds to an answer, and what is left of it once it pauses. */
export const failoverBench: Bench = {
	name: "failover",
	async run(print) {
		const folder = mkdtempSync(join(tmpdir(), "failover-"));
		const database = openDatabase(join(folder, "bench.sqlite"));
		const [preferred, other] = await Promise.all([createFakeLanguageModel(), createFakeLanguageModel()]);
		const healthy = createStand(database, preferred.baseUrl, other.baseUrl);
		for (const server of [preferred, other]) server.behave(() => ({ text }));
		for (let warmUp = 0; warmUp < 30; warmUp++) await timed(healthy.fresh());

		const measured = new Map<string, Measured>();
		for (const [name, fault] of Object.entries(faults)) {
			measured.set(name, await measure(database, preferred, other, fault));
		}
		report(measured, print);

		await Promise.all([preferred.close(), other.close()]);
		database.close();
		rmSync(folder, { recursive: true });
	},
};

function report(measured: ReadonlyMap<string, Measured>, print: (line: string) => void): void {
	const cell = (times: readonly Times[], key: keyof Times): string =>
		[0.5, 0.99].map((share) => at(times, key, share).toFixed(1)).join(" / ");
	const row = (name: string, times: readonly Times[], pausing: string): void =>
		print(`| ${name} | ${cell(times, "first")} | ${cell(times, "whole")} | ${pausing} |`);
	print(
		`p50 / p99 of ${questions} questions in ms. The preferred provider fails, another one answers; between every two of`,
	);
	print("them one question without a fault. The last column: whole answers while the provider pauses.\n");
	print("| fault | first text | whole answer | once it pauses |");
	print("|---|---|---|---|");
	const all = [...measured.values()];
	const faultless = all.flatMap((one) => one.faultless);
	row("none", faultless, "");
	for (const [name, { faulty, pausing }] of measured) row(name, faulty, cell(pausing, "whole"));
	const added = (share: number): string =>
		Math.max(...all.map(({ faulty }) => at(faulty, "whole", share) - at(faultless, "whole", share))).toFixed(1);
	print(`\nAdded to an answer at most: p50 ${added(0.5)} ms, p99 ${added(0.99)} ms (aim <= ${aimMilliseconds} ms).`);
}

function at(times: readonly Times[], key: keyof Times, share: number): number {
	return quantile(
		times.map((time) => time[key]),
		share,
	);
}

interface Measured {
	readonly faultless: readonly Times[];
	readonly faulty: readonly Times[];
	readonly pausing: readonly Times[];
}

async function measure(
	database: Database,
	preferred: FakeLanguageModel,
	other: FakeLanguageModel,
	fault: Behaviour | "nobody",
): Promise<Measured> {
	const healthy = createStand(database, preferred.baseUrl, other.baseUrl);
	const failing = createStand(
		database,
		fault === "nobody" ? "http://127.0.0.1:9/v1" : preferred.baseUrl,
		other.baseUrl,
	);
	const fail = (): void => (fault === "nobody" ? undefined : preferred.next(fault));
	const measured = { faultless: [] as Times[], faulty: [] as Times[], pausing: [] as Times[] };
	for (let question = 0; question < questions; question++) {
		measured.faultless.push(await timed(healthy.fresh()));
		fail();
		measured.faulty.push(await timed(failing.fresh()));
	}
	const router = failing.fresh();
	fail();
	await timed(router);
	for (let question = 0; question < questions; question++) measured.pausing.push(await timed(router));
	return measured;
}

/** A router over two real clients: Groq, which a greeting asks first, and DeepSeek. */
function createStand(database: Database, preferredUrl: string, otherUrl: string): { fresh(): Router } {
	const clock = systemClock;
	const log = createLog("silent", []);
	const common = { apiKey: "key", models: ["test-model"], region: "eu", limits: [] } as const;
	const settings = [
		{ ...common, name: "groq", baseUrl: preferredUrl },
		{ ...common, name: "deepseek", baseUrl: otherUrl },
	];
	const providers = createProviders(settings, { clock, log, eurPerUsd: 0.87, dataDirectory: "" });
	const quota = createQuota({ database, clock, providers });
	const routes = providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })));
	return {
		/** Nothing is held against anybody. */
		fresh() {
			for (const route of routes) for (const kind of providerErrorKinds) quota.resume(route, kind);
			const breaker = createBreaker({ quota, clock, log, random: Math.random });
			return createRouter({ providers, quota, breaker, clock, log });
		},
	};
}

const wish: Wish = { author: "bench", text: "Hallo", previous: [], regions: ["eu"], mode: "balanced" };

async function timed(router: Router): Promise<Times> {
	const begunAt = performance.now();
	let first: number | undefined;
	const { completion, isBroken } = await router.complete(wish, () => [{ role: "user", content: "Hallo" }], {
		onText: () => {
			first ??= performance.now() - begunAt;
		},
	});
	const whole = performance.now() - begunAt;
	if (completion.text !== text || isBroken) throw new Error("the answer is not complete");
	return { first: first ?? whole, whole };
}
