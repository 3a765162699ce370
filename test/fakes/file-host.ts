import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the next request meets instead of a file. */
type HostFault =
	| { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
	/** So many bytes, then the connection is cut or falls silent. */
	| { readonly afterBytes: number; readonly how: "cut" | "silence" };

export interface FileHost {
	/** Of the file, at the first of the two addresses. */
	readonly url: string;
	readonly sha256: string;
	/** Every request for the file in order: the range asked for, and the entity tag it depends on. */
	readonly requests: readonly { readonly range: string | undefined; readonly ifRange: string | undefined }[];
	/** One fault for each of the next requests, in order. */
	next(...faults: readonly HostFault[]): void;
	/** The file is another one from now on. */
	replace(content: Buffer): void;
	close(): Promise<void>;
}

export interface FileHostOptions {
	readonly content: Buffer;
	/** `linked`: as Hugging Face does, on a redirect to another address; `plain`: an entity tag; `none`: nothing. */
	readonly metadata?: "linked" | "plain" | "none";
	/** False: sends the whole file whatever was asked for. */
	readonly hasRanges?: boolean;
}

/** A real HTTP server with one file, as strict about ranges as RFC 9110. */
export async function createFileHost(options: FileHostOptions): Promise<FileHost> {
	const { metadata = "linked", hasRanges = true } = options;
	let { content } = options;
	const requests: { range: string | undefined; ifRange: string | undefined }[] = [];
	const faults: HostFault[] = [];
	const digest = (): string => createHash("sha256").update(content).digest("hex");

	function serve(request: IncomingMessage, response: ServerResponse): void {
		const path = new URL(request.url ?? "", "http://host").pathname;
		if (path !== "/owner/model/resolve/main/klein.gguf" && path !== "/cdn/klein.gguf") {
			return void response.writeHead(404).end();
		}
		if (metadata === "linked" && path !== "/cdn/klein.gguf") {
			const linked = { "x-linked-etag": `"${digest()}"`, "x-linked-size": String(content.length) };
			return void response.writeHead(302, { ...linked, location: "/cdn/klein.gguf?signature=1" }).end();
		}
		requests.push({ range: request.headers.range, ifRange: request.headers["if-range"] as string | undefined });
		const fault = faults.shift();
		if (fault && "status" in fault) return void response.writeHead(fault.status, fault.headers).end(fault.body);
		send(request, response, fault);
	}

	function send(request: IncomingMessage, response: ServerResponse, fault: HostFault | undefined): void {
		const entityTag = metadata === "none" ? undefined : `"${digest()}"`;
		const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
		const condition = request.headers["if-range"];
		const start = hasRanges && asked && (condition === undefined || condition === entityTag) ? Number(asked[1]) : 0;
		if (start >= content.length && start > 0) {
			return void response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
		}
		const body = content.subarray(start);
		response.writeHead(start > 0 ? 206 : 200, {
			"content-length": body.length,
			...(start > 0 && { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` }),
			...(entityTag && { etag: entityTag }),
		});
		if (!fault || !("how" in fault)) return void response.end(body);
		response.write(body.subarray(0, fault.afterBytes), () => {
			if (fault.how === "cut") setTimeout(() => response.destroy(), 20);
		});
	}

	const server = createServer(serve);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url: `${origin}/owner/model/resolve/main/klein.gguf`,
		sha256: digest(),
		requests,
		next: (...more) => void faults.push(...more),
		replace: (replacement) => {
			content = replacement;
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
