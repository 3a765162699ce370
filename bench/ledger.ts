import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../src/stores/database.ts";
import { migrations } from "../src/stores/schema.ts";
import type { Bench } from "./bench.ts";
import { median } from "./quantile.ts";

const rounds = 3;
const roundMilliseconds = 1_000;
const rows = 100_000;

interface Figure {
	/** Of all processes together. */
	readonly callsPerSecond: number;
	/** Of each call, in milliseconds. */
	readonly cpu: number;
}

/** Reserve, settle and observe of one call, against the same number of bare SQLite transactions on the same disk. */
export const ledgerBench: Bench = {
	name: "ledger",
	async run(print) {
		const folder = mkdtempSync(join(tmpdir(), "ledger-"));
		try {
			const ledgers = { empty: join(folder, "empty.sqlite"), full: join(folder, "full.sqlite") };
			openDatabase(ledgers.empty).close();
			fill(ledgers.full);
			print(`Reserve + settle + observe of one call, beside three bare transactions; median of ${rounds} rounds.\n`);
			print("| ledger | processes | ours, calls/s | bare, calls/s | ratio | CPU a call, ours | bare |");
			print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
			for (const [name, path] of Object.entries(ledgers)) {
				for (const processes of [1, 2]) print(await row(name, path, processes, folder));
			}
			print(`\nempty: no row at first; full: ${rows.toLocaleString("en")} calls of one day.`);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	},
};

async function row(name: string, path: string, processes: number, folder: string): Promise<string> {
	const pairs: { readonly ours: Figure; readonly bare: Figure }[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const ours = await measure(path, "ours", processes, folder);
		pairs.push({ ours, bare: await measure(path, "bare", processes, folder) });
	}
	const of = (figure: (pair: (typeof pairs)[number]) => number, digits: number): string =>
		median(pairs.map(figure)).toFixed(digits);
	return [
		`| ${name}`,
		processes,
		of(({ ours }) => ours.callsPerSecond, 0),
		of(({ bare }) => bare.callsPerSecond, 0),
		of(({ ours, bare }) => ours.callsPerSecond / bare.callsPerSecond, 2),
		`${of(({ ours }) => ours.cpu, 3)} ms`,
		`${of(({ bare }) => bare.cpu, 3)} ms |`,
	].join(" | ");
}

/** On a fresh copy of the ledger, so that every round begins with the same rows. */
async function measure(path: string, kind: "ours" | "bare", processes: number, folder: string): Promise<Figure> {
	const copy = join(folder, "round", "copy.sqlite");
	mkdirSync(join(folder, "round"));
	copyFileSync(path, copy);
	const children = Array.from({ length: processes }, () => {
		const script = fileURLToPath(new URL("./ledger-process.ts", import.meta.url));
		const args = [script, copy, kind, String(roundMilliseconds)];
		return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
	});
	const lines = children.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
	const nextLines = () => Promise.all(lines.map(async (line) => String((await line.next()).value)));
	try {
		await nextLines();
		for (const { stdin } of children) stdin.write("go\n");
		const told = (await nextLines()).map((line) => JSON.parse(line) as { calls: number; cpu: number });
		const calls = told.reduce((sum, one) => sum + one.calls, 0);
		return { callsPerSecond: (calls * 1_000) / roundMilliseconds, cpu: median(told.map(({ cpu }) => cpu)) };
	} finally {
		for (const child of children) child.kill();
		rmSync(join(folder, "round"), { recursive: true, force: true });
	}
}

/** The calls of one day, written by the first schema: the migration makes the sums of them. */
function fill(path: string): void {
	const sql = new DatabaseSync(path);
	sql.exec(`${migrations[0]}; PRAGMA user_version = 1`);
	sql.exec(
		`WITH RECURSIVE call (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM call WHERE n < ${rows - 1}) ` +
			"INSERT INTO quota_call (provider, model, author, at, tokens, state) " +
			`SELECT 'groq', 'm', 'telegram:' || (n % 50), ${Date.now()} - 86000000 + n * 860, 900, 'answer' FROM call`,
	);
	sql.close();
	openDatabase(path).close();
}
