import { mkdirSync, rmSync, truncateSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { operatorVoice, say } from "../../../src/locale.ts";
import { engineFolder, enginePackages } from "../../../src/providers/embedded/engine.ts";
import { problemOfModel } from "../../../src/providers/embedded/examine-model.ts";
import { modelFaultNames, problemOf } from "../../../src/providers/embedded/faults.ts";
import { freeMemory, memoryFault } from "../../../src/providers/embedded/memory.ts";
import { createDataDirectory, installFakeEngine } from "../../fakes/engine.ts";
import { writeTinyModel } from "../../fakes/gguf.ts";

const gigabyte = 1e9;

describe("an embedded model that is looked at before it is loaded", () => {
	let dataDirectory: string;
	const sentenceOf = (modelFile: string | undefined): string | undefined => {
		const settings = { name: "local", baseUrl: "", ...(modelFile === undefined ? {} : { modelFile }) };
		const problem = problemOfModel(settings, dataDirectory);
		return problem && say(operatorVoice, problem.key, problem.values);
	};
	const tiny = (): string => {
		const path = join(dataDirectory, "tiny.gguf");
		writeTinyModel(path, { sentence: "Guten Tag!" });
		return path;
	};

	beforeEach(() => {
		dataDirectory = createDataDirectory();
		rmSync(engineFolder(dataDirectory), { force: true });
	});
	afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

	it("has no problem when file, engine and memory are there, or when none is wanted", () => {
		installFakeEngine(dataDirectory, "");
		expect(sentenceOf(tiny())).toBeUndefined();
		expect(sentenceOf(undefined)).toBeUndefined();
	});

	it("names the file that is not there", () => {
		installFakeEngine(dataDirectory, "");
		expect(sentenceOf("/nirgends/modell.gguf")).toMatch(/^LOCAL_MODEL_FILE .*\/nirgends\/modell\.gguf.*npm run model/);
	});

	it("names the step that installs the engine", () => {
		mkdirSync(engineFolder(dataDirectory));
		expect(sentenceOf(tiny())).toMatch(/nicht eingerichtet.*npm run model/);
	});

	it("says how much memory is missing, without touching any of it", () => {
		installFakeEngine(dataDirectory, "");
		const path = tiny();
		truncateSync(path, totalmem() * 2);
		expect(sentenceOf(path)).toMatch(/braucht etwa [\d.]+,\d GB, frei sind [\d.]+,\d GB/);
	});

	it("counts the file, what the engine adds, and the context", () => {
		const file = {
			path: "modell.gguf",
			bytes: 5 * gigabyte,
			architecture: "llama",
			trainedContextTokens: undefined,
			cacheBytesPerToken: 100_000,
		};
		expect(memoryFault(file, 8_000, 6.7 * gigabyte)).toBeUndefined();
		expect(memoryFault(file, 8_000, 6.5 * gigabyte)?.values).toEqual({
			path: "modell.gguf",
			needed: "6,6",
			free: "6,5",
		});
		expect(memoryFault(file, 32_000, 6.7 * gigabyte)?.name).toBe("memory");
	});

	it("never believes in more memory than the machine has", () => {
		expect(freeMemory()).toBeGreaterThan(0);
		expect(freeMemory()).toBeLessThanOrEqual(totalmem());
	});

	it.each(modelFaultNames)("has a whole sentence for %s", (name) => {
		const values = { path: "/m.gguf", architecture: "lxxma", needed: "5,1", free: "3,2" };
		const { key, values: all } = problemOf({ name, values });
		expect(say(operatorVoice, key, all)).toMatch(/^[^{}]+\.$/);
	});
});

describe("the engine's packages", () => {
	it("are exact, for one machine, and none where nothing is ready-built", () => {
		const [engine, binary, ...more] = enginePackages("linux", "x64");
		expect(engine).toMatch(/^node-llama-cpp@\d+\.\d+\.\d+$/);
		expect(binary).toMatch(/^@node-llama-cpp\/linux-x64@\d+\.\d+\.\d+$/);
		expect(more).toEqual([]);
		expect(enginePackages("freebsd", "x64")).toEqual([]);
	});
});
