import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { DatabaseError, openDatabase } from "../../src/stores/database.ts";
import { migrations } from "../../src/stores/schema.ts";
import { openTemporaryDatabase, temporaryPath } from "./temporary-database.ts";

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("the database", () => {
	it("keeps its files to the owner, whatever the umask says", () => {
		const umask = process.umask(0o022);
		const path = temporaryPath();

		const { sql } = openTemporaryDatabase(path);
		sql.exec("CREATE TABLE probe (x INTEGER)");

		expect(process.umask(umask)).toBe(0o022);
		expect(modeOf(dirname(path))).toBe("700");
		expect([path, `${path}-wal`, `${path}-shm`].map(modeOf)).toEqual(["600", "600", "600"]);
	});

	it("mends the rights of a folder that stood open", () => {
		const path = temporaryPath();
		mkdirSync(dirname(path), { mode: 0o755 });

		openTemporaryDatabase(path);

		expect(modeOf(dirname(path))).toBe("700");
	});

	it("commits durably through a write-ahead log", () => {
		const { sql } = openTemporaryDatabase();

		expect(sql.prepare("PRAGMA journal_mode").get()?.journal_mode).toBe("wal");
		expect(sql.prepare("PRAGMA synchronous").get()?.synchronous).toBe(2);
	});

	it("creates every table once and finds its rows again", () => {
		const path = temporaryPath();
		const first = openDatabase(path);
		first.sql.exec("INSERT INTO keyed VALUES ('a', 'b', NULL)");
		first.close();

		const { sql } = openTemporaryDatabase(path);

		expect(sql.prepare("PRAGMA user_version").get()?.user_version).toBe(migrations.length);
		expect(sql.prepare("SELECT value FROM keyed").get()?.value).toBe("b");
	});

	it("refuses a file that a newer program wrote and leaves it as it is", () => {
		const path = temporaryPath();
		const newer = openDatabase(path);
		newer.sql.exec(`PRAGMA user_version = ${migrations.length + 1}`);
		newer.close();

		expect(() => openDatabase(path)).toThrow(expect.objectContaining({ name: "DatabaseError", kind: "too-new" }));
		const { sql } = { sql: new DatabaseSync(path) };
		expect(sql.prepare("PRAGMA user_version").get()?.user_version).toBe(migrations.length + 1);
		sql.close();
	});

	it.each([
		["is no database at all", () => Buffer.from("this is not a database, ".repeat(400))],
		["has a damaged page", (file: Buffer) => Buffer.concat([file.subarray(0, 4_096), file.subarray(4_096).fill(0xa5)])],
		["was cut", (file: Buffer) => file.subarray(0, file.length - 6_000)],
	])("calls a file damaged that %s and does not start anew over it", (_, damage) => {
		const path = temporaryPath();
		openDatabase(path).close();
		const bytes = damage(readFileSync(path));
		writeFileSync(path, bytes);

		expect(() => openDatabase(path)).toThrow(DatabaseError);
		expect(readFileSync(path).equals(bytes)).toBe(true);
	});

	it("waits for another writer and says then that the file cannot be used, not that it is damaged", () => {
		const path = temporaryPath();
		const holder = openTemporaryDatabase(path);
		holder.sql.exec("BEGIN IMMEDIATE");

		expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: "unusable" }));
		holder.sql.exec("ROLLBACK");
		openDatabase(path).close();
	});

	it("waits for the disk again after relaxed work, also when that failed", () => {
		const { sql, relaxed } = openTemporaryDatabase();
		const level = () => sql.prepare("PRAGMA synchronous").get()?.synchronous;

		expect(relaxed(level)).toBe(1);
		expect(level()).toBe(2);
		expect(() =>
			relaxed(() => {
				throw new Error("no");
			}),
		).toThrow("no");
		expect(level()).toBe(2);
	});

	it("does all of a transaction or nothing", () => {
		const { sql, transaction } = openTemporaryDatabase();

		expect(() =>
			transaction(() => {
				sql.exec("INSERT INTO keyed VALUES ('a', 'b', NULL)");
				throw new Error("half way");
			}),
		).toThrow("half way");

		expect(sql.prepare("SELECT count(*) AS rows FROM keyed").get()?.rows).toBe(0);
		expect(transaction(() => "done")).toBe("done");
	});
});
