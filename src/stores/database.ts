import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrations } from "./schema.ts";

/** One SQLite file for everything that is remembered. Synchronous: one writer, every statement is a durable commit. */
export interface Database {
	readonly sql: DatabaseSync;
	/** Runs `work` in one immediate transaction: all of it happens or nothing. Must not be nested. */
	transaction<Result>(work: () => Result): Result;
	close(): void;
}

export class DatabaseError extends Error {
	override readonly name = "DatabaseError";
	readonly kind: "too-new" | "damaged";

	constructor(kind: "too-new" | "damaged", message: string, cause?: unknown) {
		super(message, { cause });
		this.kind = kind;
	}
}

/**
 * Opens or creates the file (0600 in a folder 0700) and brings its schema up to date.
 * Throws DatabaseError when the file is damaged or was written by a newer program.
 */
export function openDatabase(path: string): Database {
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	chmodSync(dirname(path), 0o700);
	// SQLite creates its files with the process's umask: a private one for as long as they come into being.
	const umask = process.umask(0o077);
	const sql = new DatabaseSync(path, { timeout: 2_000 });
	try {
		sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
		if (sql.prepare("PRAGMA quick_check").get()?.quick_check !== "ok") throw new Error("quick_check failed");
		migrate(sql);
	} catch (error) {
		sql.close();
		if (error instanceof DatabaseError || isLocked(error)) throw error;
		throw new DatabaseError("damaged", `${path} is damaged`, error);
	} finally {
		process.umask(umask);
	}
	for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);

	return {
		sql,
		transaction(work) {
			sql.exec("BEGIN IMMEDIATE");
			try {
				const result = work();
				sql.exec("COMMIT");
				return result;
			} catch (error) {
				if (sql.isTransaction) sql.exec("ROLLBACK");
				throw error;
			}
		},
		close: () => sql.close(),
	};
}

function migrate(sql: DatabaseSync): void {
	sql.exec("BEGIN IMMEDIATE");
	try {
		const version = Number(sql.prepare("PRAGMA user_version").get()?.user_version);
		if (version > migrations.length) {
			throw new DatabaseError("too-new", `schema ${version} is newer than this program's ${migrations.length}`);
		}
		for (const migration of migrations.slice(version)) sql.exec(migration);
		sql.exec(`PRAGMA user_version = ${migrations.length}`);
		sql.exec("COMMIT");
	} catch (error) {
		if (sql.isTransaction) sql.exec("ROLLBACK");
		throw error;
	}
}

/** SQLITE_BUSY and SQLITE_LOCKED: another process holds the file; the data is fine. */
function isLocked(error: unknown): boolean {
	const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
	return code === 5 || code === 6;
}
