import { setTimeout as wait } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { median, quantile } from "./quantile.ts";
import { type BotName, createStage, type Stage } from "./stage.ts";

/** Messages per second and for how many seconds; the first line is the aim, the others lead to the rate that breaks. */
const curve: readonly (readonly [rate: number, seconds: number])[] = [
	[20, 10],
	[50, 4],
	[100, 3],
	[200, 3],
	[400, 3],
	[800, 2],
];
const warmUp = { rate: 80, seconds: 6 };
const rhythm = { pieces: 8, firstMilliseconds: 50, gapMilliseconds: 25 };
/** A bot is broken when one in a hundred waits for longer, or when the last ones wait so much longer than the first. */
const brokenMilliseconds = 1_000;
const growing = { milliseconds: 250, factor: 5 };
const patienceMilliseconds = 4_000;

interface Figures {
	readonly toModel: readonly number[];
	readonly toEdit: readonly number[];
	readonly cpuPerMessage: number;
	/** Share of the time in which this process, Telegram and model in one, was busy. */
	readonly busy: number;
	readonly isBroken: boolean;
}
/** Undefined for a bot that broke at a lower rate. */
interface Row {
	readonly rate: number;
	ours?: Figures;
	bare?: Figures;
}

/** What the program adds to each message, up to the rate that breaks it. */
export const walkBench: Bench = {
	name: "walk",
	async run(print) {
		const stages = new Map<BotName, Stage>([
			["bare", await createStage("bare", rhythm)],
			["ours", await createStage("ours", rhythm)],
		]);
		const rows: Row[] = [];
		try {
			await Promise.all([...stages.values()].map((stage) => load(stage, warmUp.rate, warmUp.seconds)));
			for (const [rate, seconds] of curve) {
				const row: Row = { rate };
				for (const [name, stage] of stages) {
					const figures = await load(stage, rate, seconds);
					row[name] = figures;
					if (!figures.isBroken) continue;
					stages.delete(name);
					await stage.close();
				}
				if (row.ours ?? row.bare) rows.push(row);
			}
		} finally {
			await Promise.all([...stages.values()].map((stage) => stage.close()));
		}
		report(rows, print);
	},
};

/** New people, each with one question, come at random moments that are the same in every run. */
async function load(stage: Stage, rate: number, seconds: number): Promise<Figures> {
	const questions: number[] = [];
	const cpuBefore = stage.program.cpuMilliseconds();
	const busyBefore = performance.eventLoopUtilization();
	const begin = performance.now();
	for (const moment of arrivals(rate, seconds)) {
		const left = begin + moment - performance.now();
		if (left > 0) await wait(left);
		questions.push(stage.ask());
	}
	const { utilization } = performance.eventLoopUtilization(busyBefore);
	const walks = await stage.answered(questions, patienceMilliseconds);
	const toModel = walks.map(({ requestAt = Number.POSITIVE_INFINITY, askedAt }) => requestAt - askedAt);
	const toEdit = walks.map(({ finalEditAt = Number.POSITIVE_INFINITY, lastTokenAt = 0 }) => finalEditAt - lastTokenAt);
	return {
		toModel,
		toEdit,
		cpuPerMessage: (stage.program.cpuMilliseconds() - cpuBefore) / walks.length,
		busy: utilization,
		isBroken: isBroken(toModel) || isBroken(toEdit),
	};
}

/** Milliseconds from the begin, with the gaps of independent people. */
function arrivals(rate: number, seconds: number): readonly number[] {
	const moments: number[] = [];
	let random = 42;
	for (let at = 0; at < seconds * 1_000; ) {
		moments.push(at);
		random = (random * 48_271) % 2_147_483_647;
		at += (-Math.log(random / 2_147_483_647) * 1_000) / rate;
	}
	return moments;
}

/** Some wait too long, or the backlog grows. */
function isBroken(delays: readonly number[]): boolean {
	const quarter = Math.ceil(delays.length / 4);
	const [first, last] = [median(delays.slice(0, quarter)), median(delays.slice(-quarter))];
	return quantile(delays, 0.99) > brokenMilliseconds || last > Math.max(growing.milliseconds, growing.factor * first);
}

function report(rows: readonly Row[], print: (line: string) => void): void {
	print("The program as a process of its own; bare: a grammY bot with the openai SDK, one placeholder and one edit,");
	print("without journal, quota, history, pace and growing text. Milliseconds; every message comes from a new person.");
	for (const [title, delays] of [
		["Update there -> the model has the request; aim at 20/s: p50 <= 5, p99 <= 25", "toModel"],
		["Last token written -> Telegram has the final edit; aim at 20/s: p50 <= 5, p99 <= 25", "toEdit"],
	] as const) {
		print(`\n${title}\n`);
		print("| messages/s | p50 | bare | ratio | p99 | bare | ratio |");
		print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
		for (const row of rows) {
			const half = cells(row, (figures) => median(figures[delays]));
			const slowest = cells(row, (figures) => quantile(figures[delays], 0.99));
			print(`| ${row.rate}${note(row)} | ${half} | ${slowest} |`);
		}
	}
	print("\nProcessor time per message; at the right how busy Telegram and model were, both in this process\n");
	print("| messages/s | ms | bare | ratio | busy |");
	print("| ---: | ---: | ---: | ---: | ---: |");
	for (const row of rows) {
		const busy = Math.max(row.ours?.busy ?? 0, row.bare?.busy ?? 0);
		print(`| ${row.rate} | ${cells(row, ({ cpuPerMessage }) => cpuPerMessage)} | ${Math.round(busy * 100)} % |`);
	}
}

const note = ({ ours, bare }: Row): string =>
	[ours?.isBroken ? " breaks it" : "", bare?.isBroken ? " breaks bare" : ""].join("");

function cells({ ours, bare }: Row, figure: (figures: Figures) => number): string {
	const [our, their] = [ours && figure(ours), bare && figure(bare)];
	const show = (value = Number.NaN): string => (Number.isFinite(value) ? value.toFixed(1) : "–");
	return [show(our), show(their), show(our && their && our / their)].join(" | ");
}
