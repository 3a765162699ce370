import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createQuota } from "../../src/router/quota.ts";
import { migrations } from "../../src/stores/schema.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { createModel, createScriptedProvider } from "../router/scripted-provider.ts";
import { openTemporaryDatabase, temporaryPath } from "./temporary-database.ts";

const now = Date.parse("2026-11-23T12:00:00Z");
const minute = 60_000;

/** A file as the first version of the program left it: seven calls of two people, a header and a pause. */
function writeFirstVersion(path: string): void {
	mkdirSync(dirname(path), { recursive: true });
	const sql = new DatabaseSync(path);
	sql.exec(`${migrations[0]}; PRAGMA user_version = 1`);
	const call = sql.prepare("INSERT INTO quota_call VALUES (NULL, 'groq', ?, ?, ?, ?, ?)");
	const slot = sql.prepare(
		"INSERT INTO quota_slot VALUES ('groq', ?, ?, 1, ?) " +
			"ON CONFLICT DO UPDATE SET requests = requests + 1, tokens = tokens + excluded.tokens",
	);
	for (const [model, author, minutesAgo, tokens, state] of [
		["m", "telegram:1", 600, 100, "answer"],
		["m", "telegram:1", 70, 200, "answer"],
		["m", "discord:2", 69, 300, "failure"],
		["other", "telegram:1", 30, 50, "answer"],
		["m", "telegram:1", 4, 400, "answer"],
		["m", "discord:2", 3, 500, "answer"],
		["m", "discord:2", 1, 600, "open"],
	] as const) {
		call.run(model, author, now - minutesAgo * minute, tokens, state);
		slot.run(model, Math.floor((now - minutesAgo * minute) / 300_000), tokens);
	}
	sql.exec(`INSERT INTO quota_seen VALUES ('groq', 'm', 'tokens', 'minute', 8000, 7000, ${now + minute}, ${now}, 5)`);
	sql.exec(`INSERT INTO quota_pause VALUES ('groq', 'other', ${now + minute}, 'rate-limit')`);
	sql.close();
}

describe("a file of the first version", () => {
	it("is brought forward with everything that the ledger knew", () => {
		const path = temporaryPath();
		writeFirstVersion(path);

		const limits = [{ unit: "requests", window: "day", maximum: 1_000, kind: "rolling", timeZone: "UTC" } as const];
		const models = ["m", "other"].map((id) => createModel(id, { limits }));
		const provider = createScriptedProvider("groq", { models });
		const database = openTemporaryDatabase(path);
		const quota = createQuota({ database, clock: createVirtualClock(now), providers: [provider] });

		const [report] = quota.report().providers;
		expect(report?.windows).toMatchObject([
			{ model: "m", unit: "requests", used: 6, source: "built-in" },
			// Two calls came after the header: 1,100 tokens more.
			{ model: "m", unit: "tokens", used: 2_100, limit: 8_000, source: "header" },
			{ model: "other", unit: "requests", used: 1 },
		]);
		expect(report?.today).toEqual({ answers: 5, failures: 1, tokens: 2_150, cost: 0 });
		expect(quota.usedToday("discord:2")).toEqual({ answers: 1, tokens: 1_400, cost: 0, share: 0.5, isShareSet: false });
		expect(quota.pauseOf({ provider, model: createModel("other") })).toMatchObject({ reason: "rate-limit" });
	});

	it("goes on counting where a call was open", () => {
		const path = temporaryPath();
		writeFirstVersion(path);
		const provider = createScriptedProvider("groq", { models: [createModel("m")] });
		const database = openTemporaryDatabase(path);
		const quota = createQuota({ database, clock: createVirtualClock(now), providers: [provider] });
		const route = { provider, model: createModel("m") };

		quota.settle({ id: 7, route }, { inputTokens: 5, outputTokens: 5, isEstimated: false }, "answer");

		expect(quota.report().providers[0]?.today).toMatchObject({ answers: 6, tokens: 1_560 });
		expect(database.sql.prepare("SELECT name FROM sqlite_master WHERE name = 'quota_slot'").all()).toEqual([]);
	});
});
