import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createAuthorizationServer } from "../../../src/providers/sign-in/authorization-server.ts";
import { createFreshTokens } from "../../../src/providers/sign-in/fresh-token.ts";
import { startSignedIn } from "./signed-in.ts";

const script = fileURLToPath(new URL("./refresh-process.ts", import.meta.url));

function startProcess(...values: readonly (string | number)[]): ChildProcess {
	const child = spawn(process.execPath, [script, ...values.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
	onTestFinished(() => void child.kill("SIGKILL"));
	return child;
}

it("refreshes 200 times in two processes at once and never uses a refresh token twice", {
	timeout: 60_000,
}, async () => {
	const base = Date.now();
	const { peer, dataDirectory, store } = await startSignedIn({ ...systemClock, now: () => base });
	// A token lives for 60 seconds and is refreshed after 30, which are 20 milliseconds here.
	const values = [dataDirectory, peer.issuer, peer.clientId, base, 1_500, 200] as const;
	const children = [startProcess(...values), startProcess(...values)];

	const outputs = await Promise.all(
		children.map(async (child) => {
			const output = child.stdout ? text(child.stdout) : "";
			await once(child, "exit");
			return output;
		}),
	);

	expect(outputs).toEqual(["200\n", "200\n"]);
	expect(peer.revocations()).toBe(0);
	expect(peer.refreshes().length).toBeGreaterThanOrEqual(199);
	expect(new Set(peer.refreshes())).toEqual(new Set(["ok"]));
	expect(await peer.isValid(store.read()?.accessToken ?? "")).toBe(true);
});

it("says that a new sign-in is needed when the process died between the rotation and the save", async () => {
	const longAgo = { ...systemClock, now: () => Date.now() - 3_600_000 };
	const { peer, dataDirectory, store, settings, signIn } = await startSignedIn(longAgo);
	const rotated = peer.holdNextRefresh();
	const child = startProcess(dataDirectory, peer.issuer, peer.clientId, Date.now(), 1, 1);
	await rotated;
	child.kill("SIGKILL");
	await once(child, "exit");

	const server = createAuthorizationServer({ settings, clock: systemClock, fetch });
	const fresh = createFreshTokens({ name: "qwen", store, server, clock: systemClock });
	const { signal } = new AbortController();
	await expect(fresh.current(signal)).rejects.toMatchObject({ kind: "auth" });
	await expect(fresh.current(signal)).rejects.toMatchObject({ kind: "auth" });
	expect(peer.refreshes()).toEqual(["ok", "invalid_grant"]);
	expect(store.read()).toMatchObject({ isRefused: true });

	await signIn();
	expect(await peer.isValid((await fresh.current(signal)).accessToken)).toBe(true);
});
