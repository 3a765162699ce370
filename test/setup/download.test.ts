import { createHash, randomBytes } from "node:crypto";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { downloadFile, lookAtRemoteFile } from "../../src/setup/download.ts";
import { createHurriedClock } from "../fakes/clock.ts";
import { createFileHost, type FileHost, type FileHostOptions } from "../fakes/file-host.ts";

const content = randomBytes(300_000);
const sha256 = createHash("sha256").update(content).digest("hex");
let folder: string;
let target: string;
let host: FileHost | undefined;
let progress: [number, number | undefined][];
let stop: AbortController;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "clawdbot-"));
	target = join(folder, "klein.gguf");
	progress = [];
	stop = new AbortController();
});
afterEach(async () => {
	await host?.close();
	rmSync(folder, { recursive: true, force: true });
});

async function open(options: Omit<FileHostOptions, "content"> = {}): Promise<FileHost> {
	host = await createFileHost({ content, ...options });
	return host;
}

/** Pauses and silences pass a hundred times as fast. */
const parts = () => ({
	clock: createHurriedClock(100),
	fetch: globalThis.fetch,
	signal: stop.signal,
	onProgress: (received: number, total: number | undefined) => void progress.push([received, total]),
});

/** Looks and loads, as the setup does; with the checksum that the host names unless told. */
async function load({ url }: FileHost, given: { readonly sha256?: string } = {}): Promise<void> {
	const file = await lookAtRemoteFile(url, parts());
	await downloadFile({ url, target, sha256: given.sha256 ?? file.sha256 }, file, parts());
}

const result = (): Buffer => readFileSync(target);

describe("a download", () => {
	it("brings the whole file, for its owner alone, and shows how far it is", async () => {
		await load(await open());
		expect(result().equals(content)).toBe(true);
		expect(statSync(target).mode & 0o777).toBe(0o600);
		expect(readdirSync(folder)).toEqual(["klein.gguf"]);
		expect(progress.at(-1)).toEqual([300_000, 300_000]);
	});

	it("knows size and checksum from the redirect's own headers, or from an entity tag, or not at all", async () => {
		const linked = await lookAtRemoteFile((await open()).url, parts());
		expect(linked).toMatchObject({ sizeBytes: 300_000, sha256 });
		await host?.close();
		const plain = await lookAtRemoteFile((await open({ metadata: "plain" })).url, parts());
		expect(plain).toMatchObject({ sizeBytes: 300_000, sha256 });
		await host?.close();
		const none = await lookAtRemoteFile((await open({ metadata: "none" })).url, parts());
		expect(none).toMatchObject({ sizeBytes: 300_000, sha256: undefined });
	});

	it("goes on where the connection was cut, without anybody's doing", async () => {
		const { requests, next } = await open();
		next({ afterBytes: 0, how: "silence" }, { afterBytes: 100_000, how: "cut" }, { afterBytes: 50_000, how: "cut" });
		await load(host as FileHost);
		expect(result().equals(content)).toBe(true);
		expect(requests.slice(1).map(({ range }) => range)).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
	});

	it("goes on after a silence", async () => {
		const file = await open();
		const seen = await lookAtRemoteFile(file.url, parts());
		file.next({ afterBytes: 120_000, how: "silence" });
		await downloadFile({ url: file.url, target, sha256 }, seen, parts());
		expect(result().equals(content)).toBe(true);
		expect(file.requests.at(-1)?.range).toBe("bytes=120000-");
	});

	it("gives up after some tries, and a later run goes on with what is there", async () => {
		const file = await open();
		const seen = await lookAtRemoteFile(file.url, parts());
		file.next({ afterBytes: 90_000, how: "cut" }, ...Array(6).fill({ status: 503 }));
		const download = { url: file.url, target, sha256 };
		await expect(downloadFile(download, seen, parts())).rejects.toThrow(/macht später dort weiter/);
		expect(statSync(`${target}.part`).size).toBe(90_000);
		expect(existsSync(target)).toBe(false);

		progress = [];
		await load(file);
		expect(result().equals(content)).toBe(true);
		expect(file.requests.at(-1)).toEqual({ range: "bytes=90000-", ifRange: `"${sha256}"` });
		expect(progress[0]?.[0]).toBeGreaterThan(90_000);
	});

	it("begins again where the server knows no ranges", async () => {
		const file = await open({ hasRanges: false });
		const seen = await lookAtRemoteFile(file.url, parts());
		file.next({ afterBytes: 100_000, how: "cut" });
		await downloadFile({ url: file.url, target, sha256 }, seen, parts());
		expect(result().equals(content)).toBe(true);
	});

	it("begins again where the server refuses the range or continues at another place", async () => {
		const wrongPlace = { status: 206, headers: { "content-range": "bytes 5-299999/300000" }, body: "x" };
		for (const refusal of [{ status: 416 }, wrongPlace]) {
			const file = await open();
			const seen = await lookAtRemoteFile(file.url, parts());
			file.next({ afterBytes: 100_000, how: "cut" }, refusal);
			await downloadFile({ url: file.url, target, sha256 }, seen, parts());
			expect(result().equals(content)).toBe(true);
			await host?.close();
		}
	});

	it("does not put the ends of two files together when the host's file has changed", async () => {
		const file = await open();
		const seen = await lookAtRemoteFile(file.url, parts());
		file.next({ afterBytes: 90_000, how: "cut" }, ...Array(6).fill({ status: 503 }));
		await expect(downloadFile({ url: file.url, target, sha256 }, seen, parts())).rejects.toThrow();
		const other = randomBytes(310_000);
		file.replace(other);
		await load(file);
		expect(result().equals(other)).toBe(true);
	});

	it("removes a file with a wrong checksum and says so", async () => {
		const file = await open();
		await expect(load(file, { sha256: "0".repeat(64) })).rejects.toThrow(/Prüfsumme stimmt nicht/);
		expect(readdirSync(folder)).toEqual([]);
	});

	it.each([
		[404, /hat diese Datei nicht/],
		[401, /nur nach einer Anmeldung/],
		[403, /nur nach einer Anmeldung/],
		[418, /ist keine Modelldatei/],
	])("does not try again after status %i", async (status, sentence) => {
		const file = await open();
		file.next({ status });
		await expect(load(file)).rejects.toThrow(sentence);
		expect(file.requests).toHaveLength(1);
	});

	it("stops following redirects in a circle, and those that leave the web", async () => {
		const file = await open({ metadata: "plain" });
		file.next(...Array(12).fill({ status: 302, headers: { location: file.url } }));
		await expect(load(file)).rejects.toThrow(/leitet immer weiter/);
		expect(file.requests).toHaveLength(11);
		await host?.close();
		const other = await open({ metadata: "plain" });
		other.next({ status: 302, headers: { location: "file:///etc/passwd" } });
		await expect(load(other)).rejects.toThrow(/ohne sichere Verbindung/);
	});

	it("follows no redirect from a safe address to an unsafe one", async () => {
		const location = "http://127.0.0.1/klein.gguf";
		const fetch = async (): Promise<Response> => new Response(null, { status: 302, headers: { location } });
		const look = lookAtRemoteFile("https://models.example/klein.gguf", { ...parts(), fetch });
		await expect(look).rejects.toThrow(/ohne sichere Verbindung/);
	});

	it("says that the disk is full, and how it goes on", async () => {
		const file = await open();
		symlinkSync("/dev/full", `${target}.part`);
		writeFileSync(`${target}.part.of`, sha256);
		await expect(load(file)).rejects.toThrow(/Datenträger ist voll/);
	});

	it("ends at once when the person wants it, and keeps what is there", async () => {
		const file = await open();
		const seen = await lookAtRemoteFile(file.url, parts());
		file.next({ afterBytes: 100_000, how: "silence" });
		const loading = downloadFile({ url: file.url, target, sha256 }, seen, {
			...parts(),
			onProgress: (received) => received >= 100_000 && stop.abort(),
		});
		await expect(loading).rejects.toThrow(/Abgebrochen/);
		expect(statSync(`${target}.part`).size).toBe(100_000);
	});
});
