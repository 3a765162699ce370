import { arch, cpus, platform, totalmem } from "node:os";
import type { Bench } from "./bench.ts";
import { clientBench } from "./client.ts";
import { crowdBench } from "./crowd.ts";
import { failoverBench } from "./failover.ts";
import { languageBench } from "./language.ts";
import { ledgerBench } from "./ledger.ts";
import { markdownBench } from "./markdown.ts";
import { memoryBench } from "./memory.ts";
import { startBench } from "./start.ts";
import { walkBench } from "./walk.ts";

/** `npm run bench` measures everything, `npm run bench -- name …` only what is named. */
const benches: readonly Bench[] = [
	clientBench,
	markdownBench,
	languageBench,
	ledgerBench,
	failoverBench,
	walkBench,
	crowdBench,
	startBench,
	memoryBench,
];

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
	print(`unknown: ${unknown.join(", ")}; there are ${benches.map((bench) => bench.name).join(", ")}`);
	process.exitCode = 1;
} else {
	const [cpu] = cpus();
	const gibibytes = Math.round(totalmem() / 2 ** 30);
	print(`${cpu?.model} × ${cpus().length}, ${gibibytes} GiB, ${platform()} ${arch()}, Node ${process.versions.node}`);
	for (const bench of benches) {
		if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
		print(`\n## ${bench.name}\n`);
		await bench.run(print);
	}
}
