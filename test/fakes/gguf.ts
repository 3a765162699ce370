import { writeFileSync } from "node:fs";
import { createVocabulary, type Vocabulary } from "./gguf-vocabulary.ts";

/**
 * A tiny, valid, deterministic model of the llama architecture, about 6 MB. After mkgguf.mjs, which is in the public domain
 * (CC0). Its weights are a table of word pairs: the embedding is the identity, attention and feed-forward are zero, so that
 * every engine walks the same chain of words, whatever it is asked. Chat template: ChatML.
 */
export interface TinyModel {
	/** Words between blanks, one token each. */
	readonly sentence: string;
	/** Says the sentence for ever instead of ending the turn. */
	readonly isEndless?: boolean;
	/** As it stands in the file. */
	readonly architecture?: string;
	readonly trainedContextTokens?: number;
	/** Where a download broke off. */
	readonly bytes?: number;
}

const layers = 2;
const heads = 4;
const feedForward = 32;
const alignment = 32;
const usualContextTokens = 131_072;

export function writeTinyModel(path: string, model: TinyModel): void {
	const vocabulary = createVocabulary(model.sentence);
	const width = Math.ceil(vocabulary.tokens.length / 64) * 64;
	const tensors = tensorsOf(vocabulary, width, model.isEndless ?? false);
	const metadata = metadataOf(vocabulary, width, model);
	const head = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(metadata.length), ...metadata];
	let offset = 0;
	for (const { name, dimensions, values } of tensors) {
		head.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(0), u64(offset));
		offset += aligned(values.byteLength);
	}
	const data = tensors.map(({ values }) => padded(Buffer.from(values.buffer, values.byteOffset, values.byteLength)));
	writeFileSync(path, Buffer.concat([padded(Buffer.concat(head)), ...data]).subarray(0, model.bytes));
}

interface Tensor {
	readonly name: string;
	readonly dimensions: readonly number[];
	readonly values: Float32Array;
}

function tensorsOf({ tokens, chain, turnEnd }: Vocabulary, width: number, isEndless: boolean): readonly Tensor[] {
	const zeros = (...dimensions: number[]) => new Float32Array(dimensions.reduce((product, one) => product * one, 1));
	const ones = () => new Float32Array(width).fill(1);
	const embedding = zeros(width, tokens.length);
	const output = zeros(width, tokens.length);
	const [first = turnEnd] = chain;
	function successor(token: number): number {
		const index = chain.indexOf(token);
		if (index < 0) return token === turnEnd ? turnEnd : first;
		return chain[index + 1] ?? (isEndless ? first : turnEnd);
	}
	for (const [token] of tokens.entries()) {
		embedding[token * width + token] = 1;
		output[successor(token) * width + token] = 20 / Math.sqrt(width);
	}
	const square = { dimensions: [width, width], values: zeros(width, width) };
	const wide = { dimensions: [width, feedForward], values: zeros(width, feedForward) };
	const block = (layer: number): readonly Tensor[] => [
		{ name: `blk.${layer}.attn_norm.weight`, dimensions: [width], values: ones() },
		...["q", "k", "v", "output"].map((part) => ({ name: `blk.${layer}.attn_${part}.weight`, ...square })),
		{ name: `blk.${layer}.ffn_norm.weight`, dimensions: [width], values: ones() },
		...["gate", "up"].map((part) => ({ name: `blk.${layer}.ffn_${part}.weight`, ...wide })),
		{ name: `blk.${layer}.ffn_down.weight`, ...wide, dimensions: [feedForward, width] },
	];
	return [
		{ name: "token_embd.weight", dimensions: [width, tokens.length], values: embedding },
		...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
		{ name: "output_norm.weight", dimensions: [width], values: ones() },
		{ name: "output.weight", dimensions: [width, tokens.length], values: output },
	];
}

const chatTemplate =
	"{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}" +
	"{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

function metadataOf({ tokens, begin, turnEnd, unknown }: Vocabulary, width: number, model: TinyModel) {
	const { architecture = "llama", trainedContextTokens = usualContextTokens } = model;
	return [
		value("general.architecture", "text", architecture),
		value("general.alignment", "u32", alignment),
		value(`${architecture}.context_length`, "u32", trainedContextTokens),
		value(`${architecture}.embedding_length`, "u32", width),
		value(`${architecture}.block_count`, "u32", layers),
		value(`${architecture}.feed_forward_length`, "u32", feedForward),
		value(`${architecture}.attention.head_count`, "u32", heads),
		value(`${architecture}.attention.head_count_kv`, "u32", heads),
		value(`${architecture}.rope.dimension_count`, "u32", width / heads),
		value(`${architecture}.attention.layer_norm_rms_epsilon`, "f32", 1e-5),
		value(`${architecture}.vocab_size`, "u32", tokens.length),
		value("tokenizer.ggml.model", "text", "llama"),
		value("tokenizer.ggml.pre", "text", "default"),
		list(
			"tokenizer.ggml.tokens",
			"text",
			tokens.map((token) => token.text),
		),
		list(
			"tokenizer.ggml.scores",
			"f32",
			tokens.map((token) => token.score),
		),
		list(
			"tokenizer.ggml.token_type",
			"i32",
			tokens.map((token) => token.type),
		),
		value("tokenizer.ggml.bos_token_id", "u32", begin),
		value("tokenizer.ggml.eos_token_id", "u32", turnEnd),
		value("tokenizer.ggml.unknown_token_id", "u32", unknown),
		value("tokenizer.ggml.add_bos_token", "flag", 0),
		value("tokenizer.ggml.add_space_prefix", "flag", 0),
		value("tokenizer.chat_template", "text", chatTemplate),
	];
}

const types = { u32: 4, i32: 5, f32: 6, flag: 7, text: 8, list: 9 } as const;
type Type = Exclude<keyof typeof types, "list">;

function value(key: string, type: Type, content: string | number): Buffer {
	return Buffer.concat([text(key), u32(types[type]), encoded(type, content)]);
}

function list(key: string, type: Type, contents: readonly (string | number)[]): Buffer {
	const encodedContents = contents.map((content) => encoded(type, content));
	return Buffer.concat([text(key), u32(types.list), u32(types[type]), u64(contents.length), ...encodedContents]);
}

function encoded(type: Type, content: string | number): Buffer {
	if (type === "text") return text(String(content));
	if (type === "flag") return Buffer.from([Number(content)]);
	if (type !== "f32") return u32(Number(content));
	const bytes = Buffer.alloc(4);
	bytes.writeFloatLE(Number(content));
	return bytes;
}

function u32(number: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(number);
	return bytes;
}

function u64(number: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(number));
	return bytes;
}

function text(content: string): Buffer {
	return Buffer.concat([u64(Buffer.byteLength(content)), Buffer.from(content)]);
}

function aligned(bytes: number): number {
	return Math.ceil(bytes / alignment) * alignment;
}

function padded(buffer: Buffer): Buffer {
	return Buffer.concat([buffer], aligned(buffer.length));
}
