import { describe, expect, it } from "vitest";
import { createQuota } from "../../src/router/quota.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { author, call, day, createQuotaParts as given, hour, limit, minute, reserve, size } from "./quota-parts.ts";

describe("the store", () => {
	it("books nothing when it is broken", () => {
		const { quota, route, database } = given();
		database.close();

		expect(() => quota.reserve(route, size(1), author)).toThrow();
	});

	it("books nothing while another program holds it", () => {
		const { quota, route, database, path } = given({ limits: [limit("requests", "day", 10)] });
		database.sql.exec("PRAGMA busy_timeout = 20");
		const holder = openDatabase(path);
		holder.sql.exec("BEGIN IMMEDIATE");

		expect(() => quota.reserve(route, size(1), author)).toThrow(/locked/);
		holder.sql.exec("ROLLBACK");
		holder.close();

		expect(database.sql.prepare("SELECT count(*) AS calls FROM quota_call").get()?.calls).toBe(0);
		reserve(quota, route);
	});

	it("forgets what no window reaches any more", async () => {
		const { quota, clock, route, database } = given();
		const rows = (table: string): number => Number(database.sql.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
		call(quota, route);
		await clock.advance(27 * hour);
		call(quota, route);

		expect(rows("quota_call")).toBe(1);
		// Of everybody all is kept, of a person the hours and the last day's five minutes; for one model and for all.
		expect(rows("quota_sum")).toBe(2 * (2 * 2 + 2 + 1));

		await clock.advance(33 * day);
		call(quota, route);
		expect(rows("quota_sum")).toBe(8);
	});

	it("takes out a few rows with each booking, so that nobody waits for a day's", async () => {
		const { quota, clock, route, database } = given();
		const calls = (): number => Number(database.sql.prepare("SELECT count(*) AS n FROM quota_call").get()?.n);
		for (let count = 0; count < 100; count++) call(quota, route, 1, `telegram:${count}`);
		await clock.advance(2 * day);

		const left = Array.from({ length: 7 }, () => {
			call(quota, route);
			return calls();
		});

		expect(left).toEqual([81, 62, 43, 24, 5, 6, 7]);
	});

	it("finds every sum by its key, however many rows there are", () => {
		const { database } = given();
		const planOf = (sql: string): string => String(database.sql.prepare(`EXPLAIN QUERY PLAN ${sql}`).get()?.detail);

		expect(planOf("SELECT sum(tokens) FROM quota_call WHERE provider = ? AND at >= ? AND model = ?")).toMatch(
			/^SEARCH.*COVERING INDEX/,
		);
		expect(planOf("SELECT id FROM quota_call WHERE at < ?")).toMatch(/^SEARCH.*quota_call_age/);
		expect(planOf("SELECT start FROM quota_sum WHERE (author <> '' AND span = 300000) = ? AND start < ?")).toMatch(
			/^SEARCH.*quota_sum_age/,
		);
		expect(
			planOf(
				"SELECT sum(tokens) FROM quota_sum WHERE author = ? AND provider = ? AND model = ? AND span = ? AND start >= ?",
			),
		).toMatch(/^SEARCH.*PRIMARY KEY/);
	});

	it("keeps a provider's pause over a restart and lifts those that the operator mends", () => {
		const before = given();
		before.quota.pause(before.route, before.clock.now() + minute, "rate-limit", "model");
		before.quota.pause(before.other, before.clock.now() + day, "auth", "provider");
		expect(before.report().state).toBe("refused-key");
		before.database.close();

		const database = openDatabase(before.path);
		const quota = createQuota({ database, clock: before.clock, providers: [before.provider] });

		expect(quota.pauseOf(before.route)).toEqual({ until: before.clock.now() + minute, reason: "rate-limit" });
		expect(quota.pauseOf(before.other)).toBeUndefined();
		database.close();
	});
});

describe("a pause", () => {
	it("is never shortened by a shorter one", () => {
		const { quota, clock, route } = given();
		quota.pause(route, clock.now() + minute, "rate-limit", "model");
		quota.pause(route, clock.now() + 30_000, "overload", "model");
		quota.pause(route, clock.now() + 20_000, "network", "provider");

		expect(quota.pauseOf(route)).toEqual({ until: clock.now() + minute, reason: "rate-limit" });
	});
});
