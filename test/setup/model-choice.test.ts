import { describe, expect, it } from "vitest";
import { chooseModel, leastMemoryBytes, modelAt } from "../../src/setup/model-choice.ts";

const gigabytes = (number: number): number => number * 1e9;
/** A machine that calls itself so big reports a little less, and uses some itself. */
const machine = (nominal: number) => ({
	totalBytes: nominal * 2 ** 30 * 0.95,
	availableBytes: nominal * 2 ** 30 * 0.85,
});

describe("the choice of a model", () => {
	it.each([
		[4, undefined],
		[6, "Gemma 4 E2B"],
		[8, "Gemma 4 E4B"],
		[16, "Gemma 4 12B"],
		[24, "Gemma 4 26B-A4B"],
		[64, "Gemma 4 26B-A4B"],
	])("fits a machine with %i GB", (nominal, name) => {
		expect(chooseModel(machine(nominal))?.name).toBe(name);
	});

	it("takes a smaller one where other programs hold the memory, and none where nothing fits", () => {
		const { totalBytes } = machine(16);
		expect(chooseModel({ totalBytes, availableBytes: gigabytes(6.5) })?.name).toBe("Gemma 4 E4B");
		expect(chooseModel({ totalBytes, availableBytes: gigabytes(4.5) })?.name).toBe("Gemma 4 E2B");
		expect(chooseModel({ totalBytes, availableBytes: leastMemoryBytes - 1 })).toBeUndefined();
	});

	it("goes by the whole memory where the system does not say what is free", () => {
		expect(chooseModel({ totalBytes: gigabytes(17), availableBytes: undefined })?.name).toBe("Gemma 4 12B");
	});

	it("names licence, size and a file of Hugging Face", () => {
		const offer = chooseModel(machine(8));
		expect(offer).toMatchObject({ licence: "Apache-2.0", fileName: "gemma-4-E4B-it-Q4_K_M.gguf" });
		expect(offer?.url).toBe(
			"https://huggingface.co/unsloth/gemma-4-E4B-it-GGUF/resolve/main/gemma-4-E4B-it-Q4_K_M.gguf",
		);
	});
});

describe("a model of the operator's own", () => {
	it.each([
		["https://host.example/a/b/Mein%20Modell.gguf?download=true", "Mein_Modell.gguf"],
		["https://host.example/a/b.GGUF", "b.gguf"],
		["https://host.example/..%2F..%2Fetc%2Fpasswd", "passwd.gguf"],
		["https://host.example/", "modell.gguf"],
	])("lies on the disk under a harmless name: %s", (address, fileName) => {
		expect(modelAt(address, undefined).fileName).toBe(fileName);
	});

	it("is found by the address of its page, too", () => {
		const { url, sha256 } = modelAt("https://huggingface.co/o/m/blob/main/m.gguf", "ab");
		expect(url).toBe("https://huggingface.co/o/m/resolve/main/m.gguf");
		expect(sha256).toBe("ab");
	});
});
