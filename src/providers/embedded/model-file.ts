import { closeSync, fstatSync, openSync } from "node:fs";
import type { ModelFault } from "./faults.ts";
import { createGgufReader, GgufDamageError } from "./gguf-reader.ts";

/** What the head of a GGUF file says about the model. */
export interface ModelFile {
	readonly path: string;
	readonly bytes: number;
	/** `llama`, `gemma4`, …; empty where the file names none. */
	readonly architecture: string;
	/** The longest context the model was trained for; undefined where the file does not say. */
	readonly trainedContextTokens: number | undefined;
	/** Memory that each token of the context takes. */
	readonly cacheBytesPerToken: number;
}

/**
 * Reads the head of a GGUF file (version 2 or 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) and compares
 * it with the size of the file, so that a download that broke off is found without loading anything. Takes milliseconds.
 */
export function readModelFile(path: string): ModelFile | ModelFault {
	const fault = (name: ModelFault["name"]): ModelFault => ({ name, values: { path } });
	let descriptor: number;
	try {
		descriptor = openSync(path, "r");
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return fault(code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unreadable");
	}
	try {
		const status = fstatSync(descriptor);
		if (!status.isFile()) return fault("not-gguf");
		return readHead(path, descriptor, status.size) ?? fault("not-gguf");
	} catch (error) {
		return fault(error instanceof GgufDamageError ? "damaged" : "unreadable");
	} finally {
		closeSync(descriptor);
	}
}

export function isFault(outcome: ModelFile | ModelFault): outcome is ModelFault {
	return "name" in outcome;
}

/** Undefined where the file has another format. Throws GgufDamageError where it is damaged. */
function readHead(path: string, descriptor: number, bytes: number): ModelFile | undefined {
	if (bytes < 4) return undefined;
	const reader = createGgufReader(descriptor, bytes);
	const magic = reader.characters(4);
	if (magic !== "GGUF") return undefined;
	const version = reader.number("u32");
	if (version !== 2 && version !== 3) return undefined;
	const tensorCount = reader.number("u64");
	const valueCount = reader.number("u64");

	const values = new Map<string, string | number | readonly number[]>();
	for (let index = 0; index < valueCount; index++) {
		const key = reader.text();
		const value = reader.value(reader.number("u32"));
		if (value !== undefined) values.set(key, value);
	}
	let lastTensor = 0;
	for (let index = 0; index < tensorCount; index++) {
		reader.skip(reader.number("u64"));
		reader.skip(reader.number("u32") * 8 + 4);
		lastTensor = Math.max(lastTensor, reader.number("u64"));
	}
	const alignment = numberOf(values.get("general.alignment")) ?? 32;
	const tensors = Math.ceil(reader.position() / alignment) * alignment;
	if (tensorCount > 0 && tensors + lastTensor >= bytes) throw new GgufDamageError();

	const architecture = String(values.get("general.architecture") ?? "");
	const ofModel = (name: string) => values.get(`${architecture}.${name}`);
	return {
		path,
		bytes,
		architecture,
		trainedContextTokens: numberOf(ofModel("context_length")),
		cacheBytesPerToken: cacheBytesPerToken(ofModel),
	};
}

type Value = string | number | readonly number[] | undefined;

/** Keys and values of 16 bits for every head of every layer. */
function cacheBytesPerToken(ofModel: (name: string) => Value): number {
	const layers = numberOf(ofModel("block_count")) ?? 0;
	const heads = numberOf(ofModel("attention.head_count")) ?? 1;
	const width = (numberOf(ofModel("embedding_length")) ?? 0) / heads;
	const keyWidth = numberOf(ofModel("attention.key_length")) ?? width;
	const valueWidth = numberOf(ofModel("attention.value_length")) ?? width;
	const keyHeads = ofModel("attention.head_count_kv") ?? heads;
	const allHeads =
		typeof keyHeads === "object" ? keyHeads.reduce((sum, one) => sum + one, 0) : Number(keyHeads) * layers;
	return 2 * allHeads * (keyWidth + valueWidth);
}

/** Some models have a figure for each layer: the largest counts. */
function numberOf(value: Value): number | undefined {
	if (typeof value === "object") return value.length > 0 ? Math.max(...value) : undefined;
	return typeof value === "number" ? value : undefined;
}
