import { once } from "node:events";
import { Worker } from "node:worker_threads";
import OpenAI from "openai";
import { systemClock } from "../src/clock.ts";
import { createLog } from "../src/log.ts";
import { createProviders } from "../src/providers/index.ts";
import type { ChatRequest } from "../src/providers/provider.ts";
import type { Bench } from "./bench.ts";

const rounds = 9;
const longAnswers = 12;
const shortAnswers = 60;
const request: ChatRequest = { messages: [{ role: "user", content: "Was ist 7 mal 8?" }], maxTokens: 1_000 };

/** Streams one answer of the model `long` (1,000 chunks) or `short` (64); returns its length in characters. */
type ReadAnswer = (model: "long" | "short") => Promise<number>;

interface Round {
	/** Of this thread, in milliseconds. */
	readonly cpuPerThousandChunks: number;
	/** Median duration in milliseconds. */
	readonly shortAnswer: number;
}

/** Our provider client against the bare SDK: both stream the same answers over loopback, round by round in turns. */
export const clientBench: Bench = {
	name: "client",
	async run(print) {
		const worker = new Worker(new URL("./client-server.ts", import.meta.url));
		const [baseUrl] = (await once(worker, "message")) as [string];
		const readSdk = createSdkReader(baseUrl);
		const readOurs = createOurReader(baseUrl);
		await measure(readSdk);
		await measure(readOurs);
		const pairs: { readonly sdk: Round; readonly ours: Round }[] = [];
		for (let round = 0; round < rounds; round += 1) {
			if (round % 2 === 0) pairs.push({ sdk: await measure(readSdk), ours: await measure(readOurs) });
			else pairs.push({ ours: await measure(readOurs), sdk: await measure(readSdk) });
		}
		await worker.terminate();

		print(`Provider client against the plain openai SDK, streaming; median of ${rounds} rounds.`);
		print("                                   SDK    ours   ratio   aim");
		const row = (title: string, figure: (round: Round) => number): void => {
			const columns = [
				median(pairs.map(({ sdk }) => figure(sdk)))
					.toFixed(2)
					.padStart(8),
				median(pairs.map(({ ours }) => figure(ours)))
					.toFixed(2)
					.padStart(8),
				median(pairs.map(({ sdk, ours }) => figure(ours) / figure(sdk)))
					.toFixed(2)
					.padStart(8),
			];
			print(`${title.padEnd(30)}${columns.join("")}  <= 1.15`);
		};
		row("CPU per 1,000 chunks (ms)", ({ cpuPerThousandChunks }) => cpuPerThousandChunks);
		row("p50 of a short answer (ms)", ({ shortAnswer }) => shortAnswer);
		const added = median(pairs.map(({ sdk, ours }) => ours.shortAnswer - sdk.shortAnswer));
		print(`Added p50 per answer: ${added.toFixed(3)} ms.`);
	},
};

async function measure(read: ReadAnswer): Promise<Round> {
	globalThis.gc?.();
	const before = process.threadCpuUsage();
	for (let answer = 0; answer < longAnswers; answer += 1) {
		if ((await read("long")) !== 4_000) throw new Error("the answer is not complete");
	}
	const { user, system } = process.threadCpuUsage(before);
	const durations: number[] = [];
	for (let answer = 0; answer < shortAnswers; answer += 1) {
		const start = performance.now();
		await read("short");
		durations.push(performance.now() - start);
	}
	return { cpuPerThousandChunks: (user + system) / 1_000 / longAnswers, shortAnswer: median(durations) };
}

function createSdkReader(baseURL: string): ReadAnswer {
	const client = new OpenAI({ apiKey: "none", baseURL, maxRetries: 0 });
	return async (model) => {
		let text = "";
		const stream = await client.chat.completions.create({
			model,
			messages: [{ role: "user", content: "Was ist 7 mal 8?" }],
			max_tokens: request.maxTokens,
			stream: true,
			stream_options: { include_usage: true },
		});
		for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
		return text.length;
	};
}

function createOurReader(baseUrl: string): ReadAnswer {
	const settings = [{ name: "groq", apiKey: "none", baseUrl, models: ["long", "short"] }];
	const [provider] = createProviders(settings, { clock: systemClock, log: createLog("silent", []) });
	if (!provider) throw new Error("no provider");
	return async (id) => {
		const model = provider.models.find((one) => one.id === id);
		if (!model) throw new Error(`no model ${id}`);
		let seen = 0;
		const completion = await provider.complete(model, request, {
			onText: (text) => {
				seen = text.length;
			},
		});
		return Math.max(seen, completion.text.length);
	};
}

function median(values: readonly number[]): number {
	return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
