import { readFileSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { formatNumber, operatorVoice } from "../../locale.ts";
import type { ModelFault } from "./faults.ts";
import type { ModelFile } from "./model-file.ts";

/** Room for intermediate results of the engine and for the engine itself. */
const engineBytes = 300e6;
/** The engine keeps some weights a second time, in an order that suits the processor. */
const repackedShare = 0.1;

/** The fault when the model and its context do not fit into `freeBytes`: better not loaded than ended by the system. */
export function memoryFault(file: ModelFile, contextTokens: number, freeBytes: number): ModelFault | undefined {
	const neededBytes = file.bytes * (1 + repackedShare) + contextTokens * file.cacheBytesPerToken + engineBytes;
	if (neededBytes <= freeBytes) return undefined;
	const inGigabytes = (bytes: number): string => formatNumber(operatorVoice, bytes / 1e9, 1);
	return {
		name: "memory",
		values: { path: file.path, needed: inGigabytes(neededBytes), free: inGigabytes(freeBytes) },
	};
}

/** Bytes that a new process can get: of the machine, and of the container or service this one runs in. */
export function freeMemory(): number {
	return Math.min(freemem(), process.availableMemory() + cachedFileBytes());
}

/** Files that the container has in memory count as used there, though they give way: a model just downloaded, for one. */
function cachedFileBytes(): number {
	try {
		const group = /^0::(\/.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
		const statistics = readFileSync(join("/sys/fs/cgroup", group, "memory.stat"), "utf8");
		return Number(/^inactive_file (\d+)$/m.exec(statistics)?.[1] ?? 0);
	} catch {
		return 0;
	}
}
