import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openTemporaryDatabase, temporaryPath } from "../stores/temporary-database.ts";

const script = fileURLToPath(new URL("./quota-process.ts", import.meta.url));

it("lets exactly as many calls pass as the limit says, whoever asks in two processes at once", async () => {
	const path = temporaryPath();
	const { sql } = openTemporaryDatabase(path);
	const children = [1, 2].map(() => spawn(process.execPath, [script, path, "200", "100"]));
	const lines = children.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
	const nextLines = () => Promise.all(lines.map(async (line) => (await line.next()).value as string));
	expect(await nextLines()).toEqual(["ready", "ready"]);

	for (const child of children) child.stdin.write("go\n");
	const passed = (await nextLines()).map(Number);
	await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")));

	expect((passed[0] ?? 0) + (passed[1] ?? 0)).toBe(100);
	expect(sql.prepare("SELECT count(*) AS calls, sum(tokens) AS tokens FROM quota_call").get()).toEqual({
		calls: 100,
		tokens: 1_000,
	});
	expect(sql.prepare("SELECT sum(requests) AS calls FROM quota_slot").get()).toEqual({ calls: 100 });
});
