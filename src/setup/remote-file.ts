import type { Clock } from "../clock.ts";
import { SetupError } from "./setup-error.ts";

export interface RemoteParts {
	readonly clock: Clock;
	readonly fetch: typeof globalThis.fetch;
	/** Aborted by the person. */
	readonly signal: AbortSignal;
}

/** What a host says of a file before it sends it. */
export interface RemoteFile {
	/** That of the address asked for, not of the one it leads on to. */
	readonly host: string;
	readonly sizeBytes: number | undefined;
	/** 64 hexadecimal digits, lower case. */
	readonly sha256: string | undefined;
	/** The strong entity tag of the place that sends the bytes. */
	readonly entityTag: string | undefined;
}

export interface OpenFile {
	readonly file: RemoteFile;
	readonly response: Response;
	/** The bytes. Throws when nothing comes for a while. */
	chunks(): AsyncGenerator<Uint8Array>;
	/** Ends the connection. */
	close(): void;
}

const mostRedirects = 10;
const silenceMilliseconds = 60_000;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/** No connection, or none any more: worth another try. */
export class ConnectionError extends Error {
	override readonly name = "ConnectionError";
}

/**
 * Asks for a file from byte `offset` on and follows redirects by hand: some hosts put size and checksum on the first of them.
 * `ifRange`: an entity tag; the server starts over if the file is another one by now. Throws SetupError where another try
 * would end alike, otherwise ConnectionError.
 */
export async function openRemoteFile(
	address: string,
	parts: RemoteParts,
	{ offset = 0, ifRange }: { readonly offset?: number; readonly ifRange?: string | undefined } = {},
): Promise<OpenFile> {
	const watch = createWatch(parts);
	const seen: Response[] = [];
	let url = new URL(address);
	try {
		for (let count = 0; count <= mostRedirects; count++) {
			const response = await parts.fetch(url, {
				redirect: "manual",
				signal: watch.signal,
				headers: {
					"accept-encoding": "identity",
					...(offset > 0 && { range: `bytes=${offset}-` }),
					...(offset > 0 && ifRange !== undefined && { "if-range": ifRange }),
				},
			});
			watch.heard();
			seen.push(response);
			if (!redirectStatuses.includes(response.status)) return opened(seen, response, new URL(address).host, watch);
			await response.body?.cancel();
			url = nextAddress(url, response);
		}
		throw new SetupError("setup.downloadRedirects", { host: url.host });
	} catch (error) {
		watch.end();
		throw connectionErrorOf(error, parts.signal);
	}
}

function opened(seen: readonly Response[], response: Response, host: string, watch: Watch): OpenFile {
	refuse(response, host);
	const { headers } = response;
	const linked = seen.find((one) => one.headers.has("x-linked-etag") || one.headers.has("x-linked-size"))?.headers;
	const total = /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
	const length = response.status === 200 ? headers.get("content-length") : undefined;
	const size = linked?.get("x-linked-size") ?? total ?? length;
	const entityTag = headers.get("etag") ?? undefined;
	return {
		file: {
			host,
			sizeBytes: size && /^\d+$/.test(size) ? Number(size) : undefined,
			sha256: checksumIn(linked?.get("x-linked-etag")) ?? checksumIn(entityTag),
			entityTag: entityTag?.startsWith('"') ? entityTag : undefined,
		},
		response,
		async *chunks() {
			try {
				for await (const chunk of response.body ?? []) {
					watch.heard();
					yield chunk;
				}
			} catch (error) {
				throw connectionErrorOf(error, watch.personal);
			} finally {
				watch.end();
			}
		},
		close: () => watch.end(),
	};
}

/** Statuses that another try does not change. */
function refuse({ status }: Response, host: string): void {
	if (status === 404 || status === 410) throw new SetupError("setup.downloadMissing", { host });
	if (status === 401 || status === 403) throw new SetupError("setup.downloadRefused", { host });
	if (status === 200 || status === 206 || status === 416) return;
	if (status >= 500 || status === 429 || status === 408) throw new ConnectionError(`HTTP ${status}`);
	throw new SetupError("setup.downloadStrange", { host });
}

/** A page that was loaded safely leads to no unsafe one. */
function nextAddress(from: URL, response: Response): URL {
	const location = response.headers.get("location") ?? "";
	const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
	const isDowngrade = from.protocol === "https:" && next?.protocol !== "https:";
	if (!next || isDowngrade || !/^https?:$/.test(next.protocol)) {
		throw new SetupError("setup.downloadUnsafe", { host: from.host });
	}
	return next;
}

function checksumIn(entityTag: string | null | undefined): string | undefined {
	return /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(entityTag ?? "")?.[1]?.toLowerCase();
}

interface Watch {
	readonly signal: AbortSignal;
	readonly personal: AbortSignal;
	heard(): void;
	end(): void;
}

/** Aborts after a silence, or when the person does. */
function createWatch({ clock, signal }: RemoteParts): Watch {
	const controller = new AbortController();
	const abort = (): void => controller.abort();
	let cancel = clock.after(silenceMilliseconds, abort);
	signal.addEventListener("abort", abort, { once: true });
	if (signal.aborted) abort();
	return {
		signal: controller.signal,
		personal: signal,
		heard() {
			cancel();
			cancel = clock.after(silenceMilliseconds, abort);
		},
		end() {
			cancel();
			signal.removeEventListener("abort", abort);
			abort();
		},
	};
}

function connectionErrorOf(error: unknown, personal: AbortSignal): Error {
	if (personal.aborted) return new SetupError("setup.stopped");
	if (error instanceof SetupError || error instanceof ConnectionError) return error;
	return new ConnectionError("the connection failed or fell silent", { cause: error });
}
