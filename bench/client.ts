import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Bench } from "./bench.ts";
import { createOurReader, createSdkReader, type ReadAnswer } from "./client-readers.ts";
import { startGateway } from "./gateway-peer.ts";
import { median } from "./quantile.ts";

const rounds = 9;
const longAnswers = 12;
const shortAnswers = 60;

/** One round of one client, all in milliseconds. */
interface Round {
	/** Processor time, the gateway's with it. */
	readonly cpuPerThousandChunks: number;
	readonly cpuPerShortAnswer: number;
	/** Medians of the short answers. */
	readonly firstText: number;
	readonly shortAnswer: number;
}

interface Client {
	readonly name: string;
	readonly read: ReadAnswer;
	/** Of other processes that work for it. */
	readonly otherCpu: () => number;
	readonly rounds: Round[];
}

/** Our provider client and a gateway against the bare SDK: the same answers over loopback, round by round in turns. */
export const clientBench: Bench = {
	name: "client",
	async run(print) {
		const worker = new Worker(new URL("./client-server.ts", import.meta.url));
		const [baseUrl] = (await once(worker, "message")) as [string];
		const gateway = await startGateway(baseUrl);
		const sdk = clientOf("openai SDK", createSdkReader(baseUrl));
		const clients = [sdk, clientOf("ours", createOurReader(baseUrl))];
		if (typeof gateway !== "string") {
			const read = createSdkReader(gateway.baseUrl, gateway.headers);
			clients.push(clientOf("SDK -> Portkey", read, gateway.cpuMilliseconds));
		}
		for (const client of clients) await measure(client);
		for (let round = 0; round < rounds; round += 1) {
			for (const client of round % 2 === 0 ? clients : clients.toReversed()) client.rounds.push(await measure(client));
		}
		if (typeof gateway !== "string") await gateway.stop();
		await worker.terminate();

		print(`Streamed answers, ratio to the plain SDK of the same round; median of ${rounds} rounds. Ours: aim <= 1.15.`);
		print(`${"".padEnd(32)}${clients.map(({ name }) => name.padStart(22)).join("")}`);
		for (const [title, figure] of figures) {
			const columns = clients.map(({ rounds: own }) => {
				const ratios = own.map((round, index) => figure(round) / figure(sdk.rounds[index] ?? round));
				return `${median(ratios).toFixed(2)} (${median(own.map(figure)).toFixed(2)} ms)`.padStart(22);
			});
			print(`${title.padEnd(32)}${columns.join("")}`);
		}
		for (const { name, rounds: own } of clients.slice(1)) {
			const added = (figure: (round: Round) => number): string =>
				median(own.map((round, index) => figure(round) - figure(sdk.rounds[index] ?? round))).toFixed(3);
			print(`${name} adds ${added((round) => round.shortAnswer)} ms to the p50 of a short answer,`);
			print(
				`  ${added((round) => round.firstText)} ms to its first text, ${added((round) => round.cpuPerShortAnswer)} ms CPU.`,
			);
		}
		if (typeof gateway === "string") print(`Portkey 1.15.2 is not measured: ${gateway}`);
	},
};

const figures: readonly (readonly [title: string, figure: (round: Round) => number])[] = [
	["p50 of a short answer", ({ shortAnswer }) => shortAnswer],
	["p50 until its first text", ({ firstText }) => firstText],
	["CPU of a short answer", ({ cpuPerShortAnswer }) => cpuPerShortAnswer],
	["CPU of an answer of 1,000 chunks", ({ cpuPerThousandChunks }) => cpuPerThousandChunks],
];

function clientOf(name: string, read: ReadAnswer, otherCpu = (): number => 0): Client {
	return { name, read, otherCpu, rounds: [] };
}

async function measure({ read, otherCpu }: Client): Promise<Round> {
	globalThis.gc?.();
	const cpu = (): number => {
		const { user, system } = process.threadCpuUsage();
		return (user + system) / 1_000 + otherCpu();
	};
	const firstTexts: number[] = [];
	const durations: number[] = [];
	const begin = cpu();
	for (let answer = 0; answer < longAnswers; answer += 1) {
		if ((await read("long", () => undefined)) !== 4_000) throw new Error("the answer is not complete");
	}
	const between = cpu();
	for (let answer = 0; answer < shortAnswers; answer += 1) {
		const start = performance.now();
		await read("short", () => firstTexts.push(performance.now() - start));
		durations.push(performance.now() - start);
	}
	return {
		cpuPerThousandChunks: (between - begin) / longAnswers,
		cpuPerShortAnswer: (cpu() - between) / shortAnswers,
		firstText: median(firstTexts),
		shortAnswer: median(durations),
	};
}
