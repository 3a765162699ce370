import type { Keyv } from "keyv";
import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/stores/database.ts";
import { createKeyed, createKeyedAdapter } from "../../src/stores/keyed.ts";
import { keyvSuite } from "./keyv-suite.ts";
import { openTemporaryDatabase, temporaryPath } from "./temporary-database.ts";

describe("the keyv adapter", () => {
	let database: Database;
	beforeEach(() => {
		database = openTemporaryDatabase();
	});
	keyvSuite(() => createKeyedAdapter(database));
});

describe("keyed values", () => {
	const calls: Record<string, (keyed: Keyv<string>) => Promise<unknown>> = {
		get: (keyed) => keyed.get("a"),
		getMany: (keyed) => keyed.get(["a", "b"]),
		has: (keyed) => keyed.has("a"),
		hasMany: (keyed) => keyed.has(["a"]),
		set: (keyed) => keyed.set("a", "b"),
		setMany: (keyed) => keyed.setMany([{ key: "a", value: "b" }]),
		delete: (keyed) => keyed.delete("a"),
		deleteMany: (keyed) => keyed.delete(["a"]),
		clear: (keyed) => keyed.clear(),
		iterator: (keyed) => keyed.iterator().next(),
	};

	it.each(Object.entries(calls))("rejects %s when the store is closed", async (_, call) => {
		const database = openTemporaryDatabase();
		const keyed = createKeyed<string>(database, "probe");
		database.close();

		await expect(call(keyed)).rejects.toThrow(/not open|finalized/);
	});

	it("rejects a write into a locked file and knows the old value afterwards", async () => {
		const path = temporaryPath();
		const keyed = createKeyed<string>(openTemporaryDatabase(path), "probe");
		await keyed.set("a", "old");
		const other = openDatabase(path);
		other.sql.exec("BEGIN EXCLUSIVE");

		await expect(keyed.set("a", "new")).rejects.toThrow(/locked/);

		other.sql.exec("ROLLBACK");
		other.close();
		expect(await keyed.get("a")).toBe("old");
	});

	it("rejects even where somebody listens for errors", async () => {
		const database = openTemporaryDatabase();
		const keyed = createKeyed<string>(database, "probe");
		keyed.on("error", () => undefined);
		database.close();

		await expect(keyed.get("a")).rejects.toThrow();
		await expect(keyed.set("a", "b")).rejects.toThrow();
	});

	it("rejects a value that is no longer readable instead of forgetting it", async () => {
		const database = openTemporaryDatabase();
		const keyed = createKeyed<string>(database, "probe");
		await keyed.set("a", "b");
		database.sql.exec("UPDATE keyed SET value = '{\"value\":'");

		await expect(keyed.get("a")).rejects.toThrow(/JSON/);
	});

	it("keeps values over a restart, lone surrogates and NUL included", async () => {
		const path = temporaryPath();
		const first = openDatabase(path);
		await createKeyed<string>(first, "probe").set("a", "\ud800 \u0000 ü");
		first.close();

		expect(await createKeyed<string>(openTemporaryDatabase(path), "probe").get("a")).toBe("\ud800 \u0000 ü");
	});

	it("clears away rows that have expired when the next one that expires is written", async () => {
		const database = openTemporaryDatabase();
		const keyed = createKeyed<string>(database, "probe");
		await keyed.set("short", "a", 5);
		await new Promise((resolve) => setTimeout(resolve, 20));

		await keyed.set("long", "b", 60_000);

		expect(database.sql.prepare("SELECT key FROM keyed").all()).toEqual([{ key: "probe:long" }]);
	});
});
