import { statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import type { Memory } from "./model-choice.ts";

/** What this machine, or the container around this process, has of memory. */
export function readMemory(): Memory {
	const limit = process.constrainedMemory();
	const totalBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
	// macOS counts as free only what nothing uses at all, not even as a cache.
	if (process.platform === "darwin") return { totalBytes, availableBytes: undefined };
	return { totalBytes, availableBytes: Math.min(freemem(), totalBytes) };
}

/** What an ordinary user may still write into the folder, which has to exist. */
export async function freeDiskBytes(folder: string): Promise<number> {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
}
