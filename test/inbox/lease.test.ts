import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLease } from "../../src/inbox/lease.ts";
import { createLog } from "../../src/log.ts";
import { type Database, openDatabase } from "../../src/stores/database.ts";
import { createVirtualClock } from "../fakes/clock.ts";

const log = createLog("silent", []);
let folder: string;
let database: Database;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "lease-"));
	database = openDatabase(join(folder, "state.sqlite"));
});
afterEach(() => {
	database.close();
	rmSync(folder, { recursive: true });
});

async function holdElsewhere(): Promise<{ kill(): Promise<void> }> {
	const child = spawn(process.execPath, [join(import.meta.dirname, "lease-holder.ts"), join(folder, "state.sqlite")]);
	const [line] = await once(child.stdout, "data");
	expect(String(line)).toBe("held\n");
	return {
		async kill() {
			child.kill("SIGKILL");
			await once(child, "exit");
		},
	};
}

describe("the lease of a channel", () => {
	it("is refused while another process lives, and taken at once when that process was killed", async () => {
		const clock = createVirtualClock(Date.now());
		const lease = createLease("memory", { database, clock, log });
		const other = await holdElsewhere();
		expect(lease.tryAcquire()).toBe(false);
		await other.kill();
		expect(lease.tryAcquire()).toBe(true);
		lease.release();
		expect(clock.pendingTimers()).toBe(0);
	});

	it("stands by, says so once, and goes on when the other one is gone", async () => {
		const clock = createVirtualClock(Date.now());
		const other = await holdElsewhere();
		let waits = 0;
		const acquired = createLease("memory", { database, clock, log }).acquire(new AbortController().signal, () => {
			waits += 1;
		});
		await clock.advance(6_000);
		await other.kill();
		await clock.advance(4_000);
		expect(await acquired).toBe(true);
		expect(waits).toBe(1);
	});

	it("ends to stand by when the program stops", async () => {
		const clock = createVirtualClock(Date.now());
		const other = await holdElsewhere();
		const stop = new AbortController();
		const acquired = createLease("memory", { database, clock, log }).acquire(stop.signal, () => undefined);
		await clock.advance(0);
		stop.abort();
		await clock.advance(0);
		expect(await acquired).toBe(false);
		await other.kill();
	});

	it("counts as free when its owner on another host has not renewed it", () => {
		const clock = createVirtualClock();
		const statement = database.sql.prepare("INSERT OR REPLACE INTO lease VALUES ('memory', 'x', 'elsewhere', 1, ?)");
		const lease = createLease("memory", { database, clock, log });
		statement.run(clock.now() - 20_000);
		expect(lease.tryAcquire()).toBe(false);
		statement.run(clock.now() - 40_000);
		expect(lease.tryAcquire()).toBe(true);
	});

	it("is noticed to be lost when the process stood still for so long that another one took it", async () => {
		const clock = createVirtualClock();
		let losses = 0;
		const frozen = createLease("memory", { database, clock, log, onLost: () => losses++ });
		frozen.tryAcquire();
		await clock.advance(30_000);
		expect(losses).toBe(0);
		createLease("memory", { database, clock, log }).tryAcquire();
		await clock.advance(30_000);
		expect(losses).toBe(1);
	});

	it("does not keep the program from ending when the store cannot be written", () => {
		const clock = createVirtualClock();
		const lease = createLease("memory", { database, clock, log });
		lease.tryAcquire();
		database.sql.exec("PRAGMA query_only = ON");
		lease.release();
		expect(clock.pendingTimers()).toBe(0);
	});
});
