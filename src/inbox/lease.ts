import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Database } from "../stores/database.ts";

/** The right of one process to run a channel and to take up its unfinished rows. */
export interface Lease {
	/** Takes the lease when it is free, expired, or its owner is dead on this host. */
	tryAcquire(): boolean;
	/** Stands by until the lease is taken, or the signal aborts: false. `onWait` is called once when it has to wait. */
	acquire(signal: AbortSignal, onWait: () => void): Promise<boolean>;
	release(): void;
}

const renewMilliseconds = 10_000;
const expiryMilliseconds = 35_000;
const retryMilliseconds = 2_000;

interface LeaseParts {
	readonly database: Database;
	readonly clock: Clock;
	readonly log: Log;
	/** Another process took the lease while this one stood still: it has the rows now. */
	readonly onLost?: () => void;
}

/** `name` is the channel's. The lease renews itself until it is released or lost. */
export function createLease(name: string, { database, clock, log, onLost }: LeaseParts): Lease {
	const owner = randomUUID();
	const read = database.sql.prepare("SELECT owner, host, pid, renewed_at FROM lease WHERE name = ?");
	const write = database.sql.prepare(
		"INSERT OR REPLACE INTO lease (name, owner, host, pid, renewed_at) VALUES (?, ?, ?, ?, ?)",
	);
	const remove = database.sql.prepare("DELETE FROM lease WHERE name = ? AND owner = ?");
	const renew = database.sql.prepare("UPDATE lease SET renewed_at = ? WHERE name = ? AND owner = ?");
	let cancelRenewal = (): void => undefined;

	function renewLater(): void {
		cancelRenewal = clock.after(renewMilliseconds, () => {
			try {
				if (renew.run(clock.now(), name, owner).changes === 0) return onLost?.();
			} catch (error) {
				log.warn({ lease: name, error }, "lease renewal failed");
			}
			renewLater();
		});
	}

	function tryAcquire(): boolean {
		const isOurs = database.transaction(() => {
			const held = read.get(name);
			const isHeld =
				held !== undefined &&
				held.owner !== owner &&
				clock.now() - Number(held.renewed_at) < expiryMilliseconds &&
				!(held.host === hostname() && isDead(Number(held.pid)));
			if (!isHeld) write.run(name, owner, hostname(), process.pid, clock.now());
			return !isHeld;
		});
		if (isOurs) {
			cancelRenewal();
			renewLater();
		}
		return isOurs;
	}

	return {
		tryAcquire,
		async acquire(signal, onWait) {
			if (tryAcquire()) return true;
			onWait();
			while (!signal.aborted) {
				await sleep(clock, retryMilliseconds, signal);
				if (!signal.aborted && tryAcquire()) return true;
			}
			return false;
		},
		release() {
			cancelRenewal();
			try {
				remove.run(name, owner);
			} catch (error) {
				// Whoever comes next sees that this process is dead.
				log.warn({ lease: name, error }, "lease not given back");
			}
		},
	};
}

/** A process with our own number is dead too: the number was given to us. */
function isDead(pid: number): boolean {
	if (pid === process.pid) return true;
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "ESRCH";
	}
}
