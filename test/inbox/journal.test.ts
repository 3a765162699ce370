import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createJournal, type Journal } from "../../src/inbox/journal.ts";
import { type Database, openDatabase } from "../../src/stores/database.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { createPicture } from "../fakes/picture.ts";
import { messageOf } from "../fakes/replies.ts";

let folder: string;
let database: Database;
let journal: Journal;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "journal-"));
	database = openDatabase(join(folder, "state.sqlite"));
	journal = createJournal(database, createVirtualClock());
});
afterEach(() => {
	database.close();
	rmSync(folder, { recursive: true });
});

/** From now on every change fails when it is committed, as on a full disk. */
function failAtCommit(): void {
	database.sql.exec(`
		CREATE TABLE parent (id INTEGER PRIMARY KEY);
		CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
		CREATE TRIGGER spoil AFTER UPDATE ON journal BEGIN INSERT INTO child VALUES (1); END;
	`);
}

it("never counts an attempt that it could not keep", () => {
	const [row] = journal.write([messageOf("a")]);
	failAtCommit();

	expect(() => journal.begin(Number(row?.position))).toThrow();
	expect(database.sql.prepare("SELECT state, attempts FROM journal").get()).toEqual({ state: "received", attempts: 0 });
});

it("throws for whatever it could not keep", () => {
	const [row] = journal.write([messageOf("a")]);
	const position = Number(row?.position);
	failAtCommit();

	expect(() => journal.answered(position, { text: "A" }, "delivered")).toThrow();
	expect(() => journal.saveParts(position, ["1"], 1)).toThrow();
	expect(() => journal.end(position, "delivered")).toThrow();
	expect(journal.unfinished("memory")).toHaveLength(1);
});

it("does not take up again what another process has answered meanwhile", () => {
	const [row] = journal.write([messageOf("a")]);
	const position = Number(row?.position);
	journal.begin(position);
	journal.answered(position, { text: "A" }, "delivered");
	journal.end(position, "delivered");

	journal.release(position);

	expect(journal.unfinished("memory")).toEqual([]);
});

it("keeps a picture until it is delivered, and forgets it then", () => {
	const [row] = journal.write([messageOf("/status bild")]);
	const position = Number(row?.position);
	const answer = { text: "Stand", picture: createPicture(2_000, 2_000, "Bild") };
	const long = { ...answer, picture: { ...answer.picture, png: answer.picture.png.padEnd(250_000, "A") } };
	const size = () => database.sql.prepare("SELECT coalesce(length(answer), 0) AS size FROM journal").get();

	journal.answered(position, long, "delivered");

	expect(journal.unfinished("memory")[0]?.stored?.answer).toEqual(long);
	expect(Number(size()?.size)).toBeGreaterThan(250_000);
	journal.end(position, "delivered");
	expect(size()).toEqual({ size: 0 });
});
