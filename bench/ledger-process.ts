/**
 * A process of its own that keeps books: `node ledger-process.ts PATH ours|bare MILLISECONDS`. Prints `ready`, waits for a
 * line, then prints as JSON how many calls it went through and how much processor time each took, in milliseconds.
 */
import { once } from "node:events";
import { systemClock } from "../src/clock.ts";
import type { Model, ObservedLimit, Provider } from "../src/providers/provider.ts";
import { createQuota } from "../src/router/quota.ts";
import { type Database, openDatabase } from "../src/stores/database.ts";

const [path = "", kind = "", milliseconds = "0"] = process.argv.slice(2);
const plenty = { kind: "rolling", timeZone: "UTC", maximum: 1e12 } as const;
const model = {
	id: "m",
	price: { input: 1, output: 2 },
	credits: { input: 1_000, output: 2_000 },
	limits: [
		{ ...plenty, unit: "requests", window: "minute" },
		{ ...plenty, unit: "tokens", window: "day" },
		{ ...plenty, unit: "credits", window: "day", scope: "provider" },
		{ ...plenty, unit: "tokens", window: "month", kind: "calendar", timeZone: "Europe/Berlin" },
	],
} as unknown as Model;
const provider = { name: "groq", models: [model], isPaid: true } as unknown as Provider;
const route = { provider, model };

/** All that the router asks of the ledger for one answer. */
function createOurs(database: Database): () => void {
	const budget = { eurPerDay: 1e9, eurPerMonth: 1e9 };
	const quota = createQuota({ database, clock: systemClock, providers: [provider], budget });
	const size = { inputTokens: 300, mostInputTokens: 900, outputTokens: 1_000 };
	const usage = { inputTokens: 280, outputTokens: 350, isEstimated: false };
	return () => {
		const reservation = quota.reserve(route, size, "telegram:1");
		if ("nextAt" in reservation) throw new Error(`refused: ${reservation.reason}`);
		quota.settle(reservation, usage, "answer");
		const resetAt = Date.now() + 60_000;
		const seen: ObservedLimit = { unit: "requests", window: "day", maximum: 1e12, remaining: 1e11, resetAt };
		quota.observe(reservation, [seen]);
	};
}

/** As many transactions of one row each, of which the first waits for the disk as well. */
function createBare({ sql, transaction, relaxed }: Database): () => void {
	sql.exec("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, tokens INTEGER)");
	const insert = sql.prepare("INSERT INTO bare (tokens) VALUES (?)");
	const update = sql.prepare("UPDATE bare SET tokens = ? WHERE id = ?");
	return () => {
		const id = transaction(() => insert.run(1_300).lastInsertRowid);
		for (const tokens of [630, 629]) relaxed(() => transaction(() => update.run(tokens, id)));
	};
}

const database = openDatabase(path);
database.sql.exec("PRAGMA busy_timeout = 60000");
const keepBooks = kind === "ours" ? createOurs(database) : createBare(database);
for (let warm = 0; warm < 50; warm += 1) keepBooks();
process.stdout.write("ready\n");
await once(process.stdin, "data");
const [start, cpu] = [performance.now(), process.cpuUsage()];
let calls = 0;
for (; performance.now() - start < Number(milliseconds); calls += 1) keepBooks();
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(`${JSON.stringify({ calls, cpu: (user + system) / 1_000 / calls })}\n`);
process.exit();
