import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { startProgram } from "./program.ts";
import { median } from "./quantile.ts";
import { createSettings, type Setting } from "./settings.ts";

const starts = 7;
const firstStarts = 3;

interface Times {
	readonly name: string;
	readonly milliseconds: readonly number[];
}

/** How long a start takes. Each one finds an empty data folder. */
export const startBench: Bench = {
	name: "start",
	async run(print) {
		const { settings, close } = await createSettings();
		try {
			const rows = await measure(settings);
			print(
				`From the start of the process until every channel is ready; median of ${starts}, of a first start ever (Node has compiled nothing yet) of ${firstStarts}.\n`,
			);
			print("| start | ms | ratio |\n| --- | ---: | ---: |");
			const bare = median(rows[0]?.milliseconds ?? []);
			for (const { name, milliseconds } of rows)
				print(`| ${name} | ${median(milliseconds).toFixed(0)} | ${(median(milliseconds) / bare).toFixed(2)} |`);
		} finally {
			await close();
		}
	},
};

async function measure(settings: readonly Setting[]): Promise<readonly Times[]> {
	const bare: number[] = [];
	const [later, first] = [timed(settings, ""), timed(settings, ", first start ever")];
	await withCompileCache(async (cache) => {
		for (const setting of settings) await timeToReady(setting, cache);
		for (let round = 0; round < starts; round++) {
			bare.push(timeOfNode());
			for (const { setting, milliseconds } of later) milliseconds.push(await timeToReady(setting, cache));
		}
	});
	for (const { setting, milliseconds } of first)
		for (let round = 0; round < firstStarts; round++)
			await withCompileCache(async (empty) => milliseconds.push(await timeToReady(setting, empty)));
	return [{ name: "bare Node, `-e 0`", milliseconds: bare }, ...later, ...first];
}

function timed(settings: readonly Setting[], remark: string) {
	return settings.map((setting) => ({ setting, name: `${setting.name}${remark}`, milliseconds: [] as number[] }));
}

/** Node keeps compiled code between two starts: here in a folder that nobody else fills. */
async function withCompileCache(action: (folder: string) => Promise<unknown>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "clawdbot-bench-"));
	try {
		await action(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function timeOfNode(): number {
	const begin = performance.now();
	spawnSync(process.execPath, ["-e", "0"]);
	return performance.now() - begin;
}

async function timeToReady({ environment, channels }: Setting, compileCache: string): Promise<number> {
	const program = startProgram(["src/main.ts"], { ...environment, NODE_COMPILE_CACHE: compileCache });
	try {
		return await program.ready(channels);
	} finally {
		await program.stop();
	}
}
