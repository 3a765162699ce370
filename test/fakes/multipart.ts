import type { IncomingMessage } from "node:http";

/** A file that came with a form. */
export interface SentFile {
	/** Name of the form's field. */
	readonly field: string;
	readonly name: string;
	readonly type: string;
	readonly bytes: Uint8Array;
}

/** The parts of a request: a JSON text, or the fields and files of a form. */
export interface SentBody {
	readonly json: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly files: readonly SentFile[];
}

export async function readRequest(request: IncomingMessage): Promise<SentBody> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of request) chunks.push(chunk as Uint8Array);
	const body = Buffer.concat(chunks);
	const type = request.headers["content-type"] ?? "";
	if (!type.startsWith("multipart/form-data")) return { json: body.toString("utf8"), fields: {}, files: [] };
	const form = await new Response(body, { headers: { "content-type": type } }).formData();
	const fields: Record<string, string> = {};
	const files: SentFile[] = [];
	for (const [field, value] of form) {
		if (typeof value === "string") fields[field] = value;
		else files.push({ field, name: value.name, type: value.type, bytes: await value.bytes() });
	}
	return { json: "", fields, files };
}
