import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TextKey } from "../locale.ts";
import { migrations } from "./schema.ts";

/** One SQLite file for everything that is remembered. Synchronous: one writer, and a commit stands on the disk when it returns. */
export interface Database {
	readonly sql: DatabaseSync;
	/** Runs `work` in one immediate transaction: all of it happens or nothing. Must not be nested. */
	transaction<Result>(work: () => Result): Result;
	/**
	 * Runs `work` without waiting for the disk: no end of the process takes it back, a power loss may, unless a durable
	 * write came after it. For what a repetition mends. Must not be called inside a transaction.
	 */
	relaxed<Result>(work: () => Result): Result;
	close(): void;
}

const hints = {
	damaged: "config.databaseDamaged",
	"too-new": "config.databaseTooNew",
	unusable: "config.databaseUnusable",
} as const satisfies Record<string, TextKey>;

export class DatabaseError extends Error {
	override readonly name = "DatabaseError";
	/** damaged: SQLite cannot read it · too-new: a newer program wrote it · unusable: the folder or the file cannot be opened */
	readonly kind: keyof typeof hints;
	readonly path: string;
	/** What the operator does about it, with `path` as its value. */
	readonly hint: TextKey;

	constructor(kind: DatabaseError["kind"], path: string, cause?: unknown) {
		super(`${path}: ${kind}`, { cause });
		this.kind = kind;
		this.path = path;
		this.hint = hints[kind];
	}
}

/**
 * Opens or creates the file (0600 in a folder 0700) and brings its schema up to date.
 * Throws DatabaseError when that is not possible; the file is left as it was.
 */
export function openDatabase(path: string): Database {
	// SQLite creates its files with the process's umask: a private one for as long as they come into being.
	const umask = process.umask(0o077);
	let sql: DatabaseSync | undefined;
	try {
		mkdirSync(dirname(path), { recursive: true });
		chmodSync(dirname(path), 0o700);
		sql = new DatabaseSync(path, { timeout: 2_000 });
		prepare(sql, path);
		for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
		return databaseOver(sql);
	} catch (error) {
		sql?.close();
		if (error instanceof DatabaseError) throw error;
		throw new DatabaseError(isDamage(error) ? "damaged" : "unusable", path, error);
	} finally {
		process.umask(umask);
	}
}

function databaseOver(sql: DatabaseSync): Database {
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
		relaxed(work) {
			sql.exec("PRAGMA synchronous = NORMAL");
			try {
				return work();
			} finally {
				sql.exec("PRAGMA synchronous = FULL");
			}
		},
		close: () => sql.close(),
	};
}

function prepare(sql: DatabaseSync, path: string): void {
	sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
	if (sql.prepare("PRAGMA quick_check").get()?.quick_check !== "ok") throw new DatabaseError("damaged", path);
	sql.exec("BEGIN IMMEDIATE");
	const version = Number(sql.prepare("PRAGMA user_version").get()?.user_version);
	if (version > migrations.length) throw new DatabaseError("too-new", path);
	for (const migration of migrations.slice(version)) sql.exec(migration);
	sql.exec(`PRAGMA user_version = ${migrations.length}`);
	sql.exec("COMMIT");
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. Everything else (locked, no right, no space) says nothing about the data. */
function isDamage(error: unknown): boolean {
	const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
	return code === 11 || code === 26;
}
