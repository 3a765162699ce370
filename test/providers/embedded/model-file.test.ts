import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFault, readModelFile } from "../../../src/providers/embedded/model-file.ts";
import { writeTinyModel } from "../../fakes/gguf.ts";

describe("the head of a model file", () => {
	let folder: string;
	let whole: Buffer;
	const at = (name: string): string => join(folder, name);
	const nameOf = (path: string): string | undefined => {
		const outcome = readModelFile(path);
		return isFault(outcome) ? outcome.name : undefined;
	};

	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "clawdbot-"));
		writeTinyModel(at("tiny.gguf"), { sentence: "Guten Tag!", trainedContextTokens: 4_096 });
		whole = readFileSync(at("tiny.gguf"));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("tells what has to be known before loading", () => {
		const file = readModelFile(at("tiny.gguf"));
		expect(file).toMatchObject({ architecture: "llama", bytes: whole.length, trainedContextTokens: 4_096 });
		/** 2 layers, 4 heads of 96 figures, key and value, 16 bits each. */
		expect(file).toMatchObject({ cacheBytesPerToken: 2 * 4 * (96 + 96) * 2 });
	});

	it("knows a file that is missing, a folder, and files of other kinds", () => {
		mkdirSync(at("folder.gguf"));
		writeFileSync(at("text.gguf"), "Das ist kein Modell, sondern ein Text.");
		writeFileSync(at("empty.gguf"), "");
		writeFileSync(at("old.gguf"), Buffer.concat([Buffer.from("GGUF"), Buffer.from([1, 0, 0, 0]), Buffer.alloc(64)]));
		expect(nameOf(at("nowhere.gguf"))).toBe("missing");
		expect(nameOf(at("folder.gguf"))).toBe("not-gguf");
		expect(nameOf(at("text.gguf"))).toBe("not-gguf");
		expect(nameOf(at("empty.gguf"))).toBe("not-gguf");
		expect(nameOf(at("old.gguf"))).toBe("not-gguf");
	});

	it("knows a download that broke off, wherever it did before the last tensor", () => {
		/** The last tensor is a twelfth of the file. */
		const lastTensor = Math.floor(whole.length * 0.9);
		fc.assert(
			fc.property(fc.integer({ min: 4, max: lastTensor }), (length) => {
				writeFileSync(at("cut.gguf"), whole.subarray(0, length));
				return nameOf(at("cut.gguf")) === "damaged";
			}),
			{ numRuns: 50 },
		);
	});

	it("never throws, whatever the bytes behind the first eight are", () => {
		const head = whole.subarray(0, 8);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
				writeFileSync(at("random.gguf"), Buffer.concat([head, bytes]));
				readModelFile(at("random.gguf"));
			}),
			{ numRuns: 200 },
		);
	});

	it("refuses counts that are larger than the file, at once", () => {
		const hostile = Buffer.concat([whole.subarray(0, 8), Buffer.alloc(16, 0xff), whole.subarray(24)]);
		writeFileSync(at("hostile.gguf"), hostile);
		const start = performance.now();
		expect(nameOf(at("hostile.gguf"))).toBe("damaged");
		expect(performance.now() - start).toBeLessThan(2_000);
	});
});
