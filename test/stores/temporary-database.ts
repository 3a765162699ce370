import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Database, openDatabase } from "../../src/stores/database.ts";

/** A path in a folder of its own that goes with the test. */
export function temporaryPath(): string {
	const folder = mkdtempSync(join(tmpdir(), "store-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, "state", "bot.sqlite");
}

export function openTemporaryDatabase(path = temporaryPath()): Database {
	const database = openDatabase(path);
	onTestFinished(() => {
		if (database.sql.isOpen) database.close();
	});
	return database;
}
