import { setTimeout as wait } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { median } from "./quantile.ts";
import { createStage, type Stage } from "./stage.ts";

const chats = 200;
const rounds = 5;
const modelMilliseconds = 1_000;
const rhythm = { pieces: 20, firstMilliseconds: 50, gapMilliseconds: 50 };
const patienceMilliseconds = 30_000;
/** So that one round's last work is not the next one's delay. */
const restMilliseconds = 500;

/** Everybody writes at the same moment: how long until all have their whole answer? */
export const crowdBench: Bench = {
	name: "crowd",
	async run(print) {
		const bare = await createStage("bare", rhythm);
		const ours = await createStage("ours", rhythm);
		try {
			const calls: number[] = [];
			for (let call = 0; call < 20; call++) calls.push(await ours.visibleCall());
			const visibleCall = median(calls);
			const walls: Walls[] = [];
			for (let round = 0; round <= rounds; round++) walls.push({ ours: await wall(ours), bare: await wall(bare) });

			report({ walls, visibleCall, faults: ours.faults() }, print);
		} finally {
			await Promise.all([bare.close(), ours.close()]);
		}
	},
};

/** Milliseconds of one round. */
interface Walls {
	readonly ours: number;
	readonly bare: number;
}

async function wall(stage: Stage): Promise<number> {
	const begin = performance.now();
	const questions = Array.from({ length: chats }, () => stage.ask());
	const walks = await stage.answered(questions, patienceMilliseconds);
	await wait(restMilliseconds);
	return Math.max(...walks.map(({ finalEditAt = Number.POSITIVE_INFINITY }) => finalEditAt)) - begin;
}

function report(
	{ walls, visibleCall, faults }: { walls: readonly Walls[]; visibleCall: number; faults: readonly string[] },
	print: (line: string) => void,
): void {
	const ideal = modelMilliseconds + visibleCall;
	print(
		`${chats} chats ask at once, the model takes 1 s. Ideal: 1 s and one visible call (${visibleCall.toFixed(1)} ms).`,
	);
	print(`In brackets the first crowd after the start, otherwise the median of ${rounds} more.\n`);
	print("| until all final answers stand | ms | against the ideal |\n| --- | ---: | ---: |");
	for (const [name, bot] of [
		["the program", "ours"],
		["bare bot", "bare"],
	] as const) {
		const [first = Number.NaN, ...others] = walls.map((wall) => wall[bot]);
		const [usual, ratio] = [median(others), median(others) / ideal];
		print(
			`| ${name} | ${usual.toFixed(0)} (${first.toFixed(0)}) | ${ratio.toFixed(2)} (${(first / ideal).toFixed(2)}) |`,
		);
	}
	const some = faults.slice(0, 3).map((fault) => `; ${fault}`);
	print(`\nThe program gave ${chats * walls.length} answers with ${faults.length} faults${some.join("")}.`);
}
