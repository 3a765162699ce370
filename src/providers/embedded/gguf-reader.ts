import { readSync } from "node:fs";

/** The file ends before its head does, or what stands there is no head. */
export class GgufDamageError extends Error {
	override readonly name = "GgufDamageError";
}

/** Walks through the head of a GGUF file; everything is little-endian. Throws only GgufDamageError. */
export interface GgufReader {
	characters(count: number): string;
	number(type: "u32" | "u64"): number;
	text(): string;
	skip(bytes: number): void;
	/** A value of the type with this number. Undefined for long lists and lists of texts, such as the vocabulary. */
	value(type: number): string | number | readonly number[] | undefined;
	position(): number;
}

/** By the number of the type. */
const numberTypes: ReadonlyMap<number, { readonly bytes: number; readonly read: (bytes: Buffer) => number }> = new Map([
	[0, { bytes: 1, read: (bytes) => bytes.readUInt8() }],
	[1, { bytes: 1, read: (bytes) => bytes.readInt8() }],
	[2, { bytes: 2, read: (bytes) => bytes.readUInt16LE() }],
	[3, { bytes: 2, read: (bytes) => bytes.readInt16LE() }],
	[4, { bytes: 4, read: (bytes) => bytes.readUInt32LE() }],
	[5, { bytes: 4, read: (bytes) => bytes.readInt32LE() }],
	[6, { bytes: 4, read: (bytes) => bytes.readFloatLE() }],
	[7, { bytes: 1, read: (bytes) => bytes.readUInt8() }],
	[10, { bytes: 8, read: (bytes) => Number(bytes.readBigUInt64LE()) }],
	[11, { bytes: 8, read: (bytes) => Number(bytes.readBigInt64LE()) }],
	[12, { bytes: 8, read: (bytes) => bytes.readDoubleLE() }],
]);
const textType = 8;
const listType = 9;
/** Per-layer figures are shorter, vocabularies are longer. */
const longestList = 1_024;
/** In bytes; templates for conversations are the longest. */
const longestText = 1 << 24;
const chunkBytes = 1 << 20;

export function createGgufReader(descriptor: number, fileBytes: number): GgufReader {
	let chunk = Buffer.alloc(0);
	let chunkStart = 0;
	let position = 0;

	function skip(bytes: number): void {
		if (position + bytes > fileBytes) throw new GgufDamageError();
		position += bytes;
	}
	function take(bytes: number): Buffer {
		const start = position;
		skip(bytes);
		if (start < chunkStart || position > chunkStart + chunk.length) {
			chunk = Buffer.alloc(Math.max(chunkBytes, bytes));
			chunkStart = start;
			const bytesRead = readSync(descriptor, chunk, 0, chunk.length, start);
			if (bytesRead < bytes) throw new GgufDamageError();
			chunk = chunk.subarray(0, bytesRead);
		}
		return chunk.subarray(start - chunkStart, position - chunkStart);
	}
	function number(type: number): number {
		const known = numberTypes.get(type);
		if (!known) throw new GgufDamageError();
		return known.read(take(known.bytes));
	}
	const u32 = (): number => number(4);
	const u64 = (): number => number(10);
	function text(): string {
		const bytes = u64();
		if (bytes > longestText) throw new GgufDamageError();
		return take(bytes).toString();
	}

	function list(): readonly number[] | undefined {
		const type = u32();
		const length = u64();
		const bytes = numberTypes.get(type)?.bytes;
		if (bytes !== undefined && length <= longestList) return Array.from({ length }, () => number(type));
		if (bytes !== undefined) skip(length * bytes);
		else if (type === textType) for (let index = 0; index < length; index++) skip(u64());
		else throw new GgufDamageError();
		return undefined;
	}

	return {
		characters: (count) => take(count).toString("latin1"),
		number: (type) => (type === "u32" ? u32() : u64()),
		text,
		skip,
		value(type) {
			if (type === textType) return text();
			return type === listType ? list() : number(type);
		},
		position: () => position,
	};
}
