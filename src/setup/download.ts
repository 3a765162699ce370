import { createHash, type Hash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { sleep } from "../clock.ts";
import { ConnectionError, type OpenFile, openRemoteFile, type RemoteFile, type RemoteParts } from "./remote-file.ts";
import { SetupError, systemCodeOf } from "./setup-error.ts";

export interface Download {
	/** http or https. */
	readonly url: string;
	/** Where the whole file will lie; until then its beginning lies in `TARGET.part`. */
	readonly target: string;
	/** The expected checksum; undefined: none is known. */
	readonly sha256: string | undefined;
}

export interface DownloadParts extends RemoteParts {
	/** `totalBytes` is undefined where the host does not say. */
	readonly onProgress: (receivedBytes: number, totalBytes: number | undefined) => void;
}

/** Tries without a single new byte before the person is asked to come back later. */
const patience = {
	look: { tries: 3, sentence: "setup.hostUnreachable" },
	load: { tries: 6, sentence: "setup.downloadCut" },
} as const;
const firstPauseMilliseconds = 1_000;

/** What the host says of the file. Nothing is loaded. Throws SetupError. */
export async function lookAtRemoteFile(url: string, parts: RemoteParts): Promise<RemoteFile> {
	return withRetries(parts, url, patience.look, async () => {
		const remote = await openRemoteFile(url, parts);
		remote.close();
		return remote.file;
	});
}

/**
 * Loads a file; a beginning that an earlier run has left is continued if it belongs to the same file. Resolves once the
 * whole file lies at its target with the right checksum. Throws SetupError; what was loaded stays, unless it is wrong.
 */
export async function downloadFile(download: Download, file: RemoteFile, parts: DownloadParts): Promise<void> {
	const { target } = download;
	const part = createPart(target, download.sha256 ?? file.sha256 ?? file.entityTag);
	const hash = await part.resume();
	try {
		const done = { hash, bytes: part.bytes() };
		await withRetries(parts, download.url, patience.load, (noteProgress) =>
			receive(download, file, part, done, {
				...parts,
				onProgress(received, total) {
					noteProgress();
					parts.onProgress(received, total);
				},
			}),
		);
		if (download.sha256 !== undefined && done.hash.digest("hex") !== download.sha256) {
			part.remove();
			throw new SetupError("setup.downloadChecksum", { host: file.host });
		}
		part.complete();
	} catch (error) {
		throw writeErrorOf(error, target);
	}
}

/** Whether the file at `path` has this checksum. */
export async function hasChecksum(path: string, sha256: string): Promise<boolean> {
	return existsSync(path) && (await hashOf(path)).digest("hex") === sha256;
}

async function hashOf(path: string): Promise<Hash> {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path)) hash.update(chunk);
	return hash;
}

interface Part {
	readonly path: string;
	bytes(): number;
	/** The checksum so far. What belongs to another file is removed before. */
	resume(): Promise<Hash>;
	remove(): void;
	complete(): void;
}

/** The beginning of a file, with a note beside it of which file that is. */
function createPart(target: string, identity: string | undefined): Part {
	const path = `${target}.part`;
	const note = `${path}.of`;
	const remove = (): void => {
		for (const file of [path, note]) rmSync(file, { force: true });
	};
	const part: Part = {
		path,
		bytes: () => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
		async resume() {
			const isSame = identity !== undefined && existsSync(note) && readFileSync(note, "utf8") === identity;
			if (!isSame) remove();
			if (identity !== undefined) writeFileSync(note, identity, { mode: 0o600 });
			return part.bytes() > 0 ? hashOf(path) : createHash("sha256");
		},
		remove,
		complete() {
			renameSync(path, target);
			remove();
		},
	};
	return part;
}

interface Done {
	hash: Hash;
	bytes: number;
}

/** One connection: whatever arrives is written and counted at once. */
async function receive(
	download: Download,
	file: RemoteFile,
	part: Part,
	done: Done,
	parts: DownloadParts,
): Promise<void> {
	const isWhole = (): boolean => file.sizeBytes !== undefined && done.bytes === file.sizeBytes;
	if (isWhole() && done.bytes > 0) return;
	const remote = await openRemoteFile(download.url, parts, { offset: done.bytes, ifRange: file.entityTag });
	if (!continuesAt(done.bytes, remote)) {
		remote.close();
		if (remote.response.status === 416 && remote.file.sizeBytes === done.bytes) return;
		part.remove();
		Object.assign(done, { hash: createHash("sha256"), bytes: 0 } satisfies Done);
		throw new ConnectionError("the server cannot continue there");
	}
	if (remote.response.status === 200) Object.assign(done, { hash: createHash("sha256"), bytes: 0 } satisfies Done);
	const handle = await open(part.path, done.bytes === 0 ? "w" : "a", 0o600);
	try {
		await write(remote, handle, done, (bytes) => parts.onProgress(bytes, file.sizeBytes));
		await handle.sync();
	} finally {
		remote.close();
		await handle.close();
	}
	if (file.sizeBytes === undefined || isWhole()) return;
	if (done.bytes < file.sizeBytes) throw new ConnectionError("the file ended early");
	part.remove();
	throw new SetupError("setup.downloadStrange", { host: file.host });
}

async function write(
	remote: OpenFile,
	handle: FileHandle,
	done: Done,
	onBytes: (bytes: number) => void,
): Promise<void> {
	for await (const chunk of remote.chunks()) {
		await handle.writeFile(chunk);
		done.hash.update(chunk);
		done.bytes += chunk.byteLength;
		onBytes(done.bytes);
	}
}

/** Status 200 begins again by itself. */
function continuesAt(offset: number, { response }: OpenFile): boolean {
	if (response.status === 200) return true;
	const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
	return response.status === 206 && Number(start) === offset;
}

/** Tries again after growing pauses, as long as a try in between brings something. */
async function withRetries<Result>(
	parts: RemoteParts,
	url: string,
	{ tries, sentence }: (typeof patience)[keyof typeof patience],
	attempt: (noteProgress: () => void) => Promise<Result>,
): Promise<Result> {
	let failures = 0;
	for (;;) {
		try {
			return await attempt(() => {
				failures = 0;
			});
		} catch (error) {
			if (!(error instanceof ConnectionError)) throw error;
			failures += 1;
			if (failures >= tries) throw new SetupError(sentence, { host: new URL(url).host }, error);
			await sleep(parts.clock, firstPauseMilliseconds * 2 ** (failures - 1), parts.signal);
			if (parts.signal.aborted) throw new SetupError("setup.stopped");
		}
	}
}

/** What the disk said, as a sentence. */
function writeErrorOf(error: unknown, target: string): unknown {
	if (error instanceof SetupError) return error;
	const code = systemCodeOf(error);
	if (code === "ENOSPC" || code === "EDQUOT") return new SetupError("setup.diskFull", { path: target }, error);
	return code === undefined ? error : new SetupError("setup.unwritable", { path: target }, error);
}
