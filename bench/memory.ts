import { setTimeout as wait } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { startProgram } from "./program.ts";
import { median } from "./quantile.ts";
import { createSettings, type Setting } from "./settings.ts";

const rounds = 3;
const idleMilliseconds = 5_000;

/** What the program keeps in memory while nobody writes. */
export const memoryBench: Bench = {
	name: "memory",
	async run(print) {
		if (process.platform !== "linux") return print("Memory is read from /proc, so only on Linux.");
		const { settings, close } = await createSettings();
		const rows: (readonly number[])[] = [];
		try {
			for (let round = 0; round < rounds; round++) rows.push(await measure(settings));
		} finally {
			await close();
		}
		const medians = ["bare Node", ...settings.map(({ name }) => name)].map((name, index) => ({
			name,
			megabytes: median(rows.flatMap((row) => row[index] ?? [])),
		}));
		print(`Resident memory after ${idleMilliseconds / 1_000} idle seconds; median of ${rounds} processes.\n`);
		print("| idle | MB | ratio |\n| --- | ---: | ---: |");
		for (const { name, megabytes } of medians)
			print(
				`| ${name} | ${megabytes.toFixed(0)} | ${(megabytes / (medians[0]?.megabytes ?? Number.NaN)).toFixed(2)} |`,
			);
	},
};

/** In megabytes: a bare Node, then the settings in their order, all of them idle side by side. */
async function measure(settings: readonly Setting[]): Promise<readonly number[]> {
	const bare = startProgram(["-e", "setInterval(() => {}, 1e6)"]);
	const started = settings.map(({ environment }) => startProgram(["src/main.ts"], environment));
	try {
		await Promise.all(started.map((program, index) => program.ready(settings[index]?.channels)));
		await wait(idleMilliseconds);
		return [bare, ...started].map((program) => program.residentMegabytes());
	} finally {
		await Promise.all([bare, ...started].map((program) => program.stop()));
	}
}
