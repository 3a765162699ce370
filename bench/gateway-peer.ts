import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startProgram } from "./program.ts";

/** A gateway between a client and the server: Portkey 1.15.2, in a process of its own. */
export interface Gateway {
	readonly baseUrl: string;
	/** Tells it where to send the requests. */
	readonly headers: Readonly<Record<string, string>>;
	/** Processor time used so far, in milliseconds; NaN on other systems than Linux. */
	cpuMilliseconds(): number;
	stop(): Promise<void>;
}

const folder = new URL("peers/gateway/", import.meta.url);
const script = new URL("node_modules/@portkey-ai/gateway/build/start-server.js", folder);
/** It has no setting for the address: without this it would listen on all of them. */
const onlyLoopback = `data:text/javascript,${encodeURIComponent(
	'import net from "node:net"; const { listen } = net.Server.prototype;' +
		'net.Server.prototype.listen = function (port, host, done) { return listen.call(this, port, "127.0.0.1", done); };',
)}`;
const patienceMilliseconds = 15_000;

/** Installs it when it is missing, and starts it in front of `serverUrl`. Returns why it cannot be used. */
export async function startGateway(serverUrl: string): Promise<Gateway | string> {
	try {
		if (!existsSync(script))
			await promisify(execFile)("npm", ["ci", "--ignore-scripts"], { cwd: fileURLToPath(folder) });
	} catch (error) {
		return String(error).split("\n", 1)[0] ?? "unknown";
	}
	const port = await freePort();
	const program = startProgram(["--import", onlyLoopback, fileURLToPath(script), `--port=${port}`, "--headless"]);
	const origin = `http://127.0.0.1:${port}`;
	const until = performance.now() + patienceMilliseconds;
	while (!(await isThere(origin))) {
		if (performance.now() > until) {
			await program.stop();
			return `it does not start: ${program.errors().slice(0, 200)}`;
		}
		await wait(50);
	}
	return {
		baseUrl: `${origin}/v1`,
		headers: { "x-portkey-provider": "openai", "x-portkey-custom-host": serverUrl },
		cpuMilliseconds: program.cpuMilliseconds,
		stop: program.stop,
	};
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function isThere(origin: string): Promise<boolean> {
	try {
		await (await fetch(origin)).text();
		return true;
	} catch {
		return false;
	}
}
