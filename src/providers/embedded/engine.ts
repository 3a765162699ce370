import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Engine } from "./engine-types.ts";

/** Of node-llama-cpp (MIT), the llama.cpp that runs in this process. Its packages for one machine have the same version. */
const engineVersion = "3.21.1";

/** npm packages with the ready-built binaries for `platform-arch`, for the processor or, on Apple's chips, for Metal. */
const binaries: ReadonlyMap<string, string> = new Map([
	["linux-x64", "linux-x64"],
	["linux-arm64", "linux-arm64"],
	["linux-arm", "linux-armv7l"],
	["linux-riscv64", "linux-riscv64"],
	["darwin-arm64", "mac-arm64-metal"],
	["darwin-x64", "mac-x64"],
	["win32-x64", "win-x64"],
	["win32-arm64", "win-arm64"],
]);

/**
 * What npm has to install, with exact versions, for a machine as `process.platform` and `process.arch` name it. Empty
 * where there is no ready-built engine. To be installed with `--omit=optional`, or npm adds some 600 MB for graphics cards.
 */
export function enginePackages(platform: string, arch: string): readonly string[] {
	const binary = binaries.get(`${platform}-${arch}`);
	if (binary === undefined) return [];
	return [`node-llama-cpp@${engineVersion}`, `@node-llama-cpp/${binary}@${engineVersion}`];
}

/** Where the engine is installed (`npm install --prefix`): beside the database, never among the project's own packages. */
export function engineFolder(dataDirectory: string): string {
	return join(dataDirectory, "engine");
}

/** An engine lies in the folder. Whether it runs on this machine only `loadEngine` and its `getLlama` can tell. */
export function isEngineInstalled(folder: string): boolean {
	return existsSync(entryOf(folder));
}

/** Imports the engine. Rejects with whatever the import throws. */
export async function loadEngine(folder: string): Promise<Engine> {
	return (await import(pathToFileURL(entryOf(folder)).href)) as Engine;
}

function entryOf(folder: string): string {
	return join(folder, "node_modules", "node-llama-cpp", "dist", "index.js");
}
