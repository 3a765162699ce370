import { closeSync, existsSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Clock, sleep } from "../../clock.ts";

/** Somebody else has had it for longer than any refresh takes. */
export class LockedError extends Error {
	override readonly name = "LockedError";
}

const pauseMilliseconds = 25;
const longestWaitMilliseconds = 45_000;

/**
 * Runs `work` while no other process on this machine does so with the same file. The lock is SQLite's own on an empty
 * file: it goes with its process, however that ends, so there is no stale one. Throws LockedError.
 */
export async function underLock<Result>(path: string, clock: Clock, work: () => Promise<Result>): Promise<Result> {
	const release = await acquire(path, clock);
	try {
		return await work();
	} finally {
		release();
	}
}

async function acquire(path: string, clock: Clock): Promise<() => void> {
	const end = clock.elapsed() + longestWaitMilliseconds;
	createPrivate(path);
	for (;;) {
		const release = tryLock(path);
		if (release) return release;
		if (clock.elapsed() > end) throw new LockedError("the sign-in is locked by another process");
		await sleep(clock, pauseMilliseconds);
	}
}

/** Only a new file is opened here: closing an old one would drop this process's locks on it. */
function createPrivate(path: string): void {
	if (existsSync(path)) return;
	try {
		closeSync(openSync(path, "wx", 0o600));
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
	}
}

function tryLock(path: string): (() => void) | undefined {
	const file = new DatabaseSync(path, { timeout: 0 });
	try {
		file.exec("BEGIN IMMEDIATE");
		return () => file.close();
	} catch (error) {
		file.close();
		if (isBusy(error)) return undefined;
		throw error;
	}
}

/** SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
	return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
}
