import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createQuota } from "../../src/router/quota.ts";
import { openTemporaryDatabase, temporaryPath } from "../stores/temporary-database.ts";
import { createKindOfLimit, kindsOfLimit } from "./quota-kinds.ts";

const script = fileURLToPath(new URL("./quota-process.ts", import.meta.url));
const tries = 500;

function startProcess(path: string, kind: string, argument: string) {
	const child = spawn(process.execPath, [script, path, kind, argument], { stdio: ["pipe", "pipe", "inherit"] });
	onTestFinished(() => void child.kill("SIGKILL"));
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	return {
		child,
		nextLine: async (): Promise<string> => String((await lines.next()).value),
		go: () => child.stdin.write("go\n"),
	};
}

describe("two processes that book at once", () => {
	it.each(kindsOfLimit)("let exactly as many calls pass as %s allows", { timeout: 60_000 }, async (kind) => {
		const path = temporaryPath();
		const database = openTemporaryDatabase(path);
		const { provider, budget, author, passing } = createKindOfLimit(kind);
		const quota = createQuota({ database, clock: systemClock, providers: [provider], budget });
		if (!kind.startsWith("the share")) quota.setShare(author, 1);
		const processes = [1, 2].map(() => startProcess(path, kind, String(tries)));
		const nextLines = () => Promise.all(processes.map((one) => one.nextLine()));
		expect(await nextLines()).toEqual(["ready", "ready"]);

		for (const { go } of processes) go();
		const passed = (await nextLines()).map(Number);

		expect((passed[0] ?? 0) + (passed[1] ?? 0)).toBe(passing);
		const sum = "SELECT count(*) AS calls, sum(tokens) AS tokens, sum(cost) AS cost FROM quota_call";
		const cost = provider.isPaid ? passing * 1_300 : 0;
		expect(database.sql.prepare(sum).get()).toEqual({ calls: passing, tokens: passing * 1_000, cost });
		expect(quota.report().providers[0]?.today).toMatchObject({ tokens: passing * 1_000, cost: cost / 1_000_000 });
	});
});

it("counts the call of a process that was killed before it could settle", { timeout: 30_000 }, async () => {
	const path = temporaryPath();
	const kind = "the day's budget";
	const database = openTemporaryDatabase(path);
	const { provider, model, budget } = createKindOfLimit(kind);
	const { child, nextLine } = startProcess(path, kind, "hold");
	expect(await nextLine()).toBe("true");

	child.kill("SIGKILL");
	await once(child, "exit");

	const quota = createQuota({ database, clock: systemClock, providers: [provider], budget });
	expect(quota.report().budget[0]?.used).toBe(0.0013);
	expect(quota.report().providers[0]?.today).toMatchObject({ answers: 0, tokens: 1_000 });
	const before = quota.shareLeft({ provider, model });
	expect(before).toBeCloseTo(1 - 1 / 300);
});
