import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { engineFolder } from "../../../src/providers/embedded/engine.ts";
import { ModelError } from "../../../src/providers/embedded/faults.ts";
import type { CallOptions, Completion } from "../../../src/providers/provider.ts";
import { createHurriedClock } from "../../fakes/clock.ts";
import { createDataDirectory, engineThatLoads, installFakeEngine, strangeEngine } from "../../fakes/engine.ts";
import { writeTinyModel } from "../../fakes/gguf.ts";
import { createModel } from "./create-model.ts";

const patience = { timeout: 20_000, interval: 20 };

describe("the process of the embedded model", { timeout: 40_000 }, () => {
	let dataDirectory: string;
	const modelFile = (): string => join(dataDirectory, "tiny.gguf");
	/** Asks in one word. Time runs `factor` times as fast. */
	function createAsk(
		engine: string,
		factor = 1,
		end?: AbortSignal,
	): (text: string, options?: CallOptions) => Promise<Completion> {
		installFakeEngine(dataDirectory, engine);
		const ask = createModel(dataDirectory, modelFile(), 2_048, {
			clock: createHurriedClock(factor),
			...(end && { end }),
		});
		return (content, options) => ask({ messages: [{ role: "user", content }], maxTokens: 100 }, options);
	}
	const isRunning = (pid: number): boolean => {
		try {
			return process.kill(pid, 0);
		} catch {
			return false;
		}
	};

	beforeEach(() => {
		dataDirectory = createDataDirectory();
		rmSync(engineFolder(dataDirectory), { force: true });
		writeTinyModel(modelFile(), { sentence: "Ja." });
	});
	afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

	it("is another one than this, and stays for the next call", async () => {
		const ask = createAsk(strangeEngine);
		const { text } = await ask("pid");
		expect(Number(text)).not.toBe(process.pid);
		expect((await ask("pid")).text).toBe(text);
	});

	it("may die in the middle of an answer, and the next call works", async () => {
		const ask = createAsk(strangeEngine);
		await expect(ask("stirb")).rejects.toMatchObject({ kind: "network", usage: { isEstimated: true } });
		expect((await ask("Hallo")).text).toBe("Ja.");
	});

	it("may die while it loads, which takes nobody else along", async () => {
		const ask = createAsk(engineThatLoads("process.abort();"));
		const failure = await ask("Hallo").catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(ModelError);
		expect(failure).toMatchObject({ kind: "overload", problem: { key: "config.modelCrashed" } });
	});

	it.each([
		["cannot be imported", "throw new Error();", "config.modelEngineFails"],
		["has no binary for this machine", engineThatLoads("throw new NoBinaryFoundError();"), "config.modelEngineFails"],
		[
			"runs out of memory",
			engineThatLoads("return { loadModel: async () => { throw new InsufficientMemoryError(); } };"),
			"config.modelOutOfMemory",
		],
		[
			"says so only in its log",
			engineThatLoads(`return { loadModel: async () => {
				options.logger("error", "ggml_aligned_malloc: insufficient memory (attempted to allocate 5000 MB)");
				throw new Error("Failed to load model");
			} };`),
			"config.modelOutOfMemory",
		],
	])("says what the operator can do when the engine %s", async (_, engine, key) => {
		await expect(createAsk(engine)("Hallo")).rejects.toMatchObject({ problem: { key } });
	});

	it("is given up when it falls silent, and started anew", async () => {
		const ask = createAsk(strangeEngine, 60);
		await expect(ask("still")).rejects.toMatchObject({ kind: "timeout" });
		expect((await ask("Hallo")).text).toBe("Ja.");
	});

	it("is ended when it does not obey an abort, which the caller need not wait for", async () => {
		const ask = createAsk(strangeEngine, 10);
		const first = (await ask("pid")).text;
		const controller = new AbortController();
		const onText = vi.fn();
		const outcome = ask("still", { signal: controller.signal, onText });
		const silent = expect(outcome).rejects.toMatchObject({ kind: "aborted" });
		const next = ask("pid");
		await vi.waitFor(() => expect(onText).toHaveBeenCalled(), patience);
		controller.abort();
		await silent;
		expect((await next).text).not.toBe(first);
		await vi.waitFor(() => expect(isRunning(Number(first))).toBe(false), patience);
	});

	it("lets a call that still waits for its turn be given up at once", async () => {
		const ask = createAsk(strangeEngine);
		const first = new AbortController();
		const second = new AbortController();
		const running = expect(ask("still", { signal: first.signal })).rejects.toMatchObject({ kind: "aborted" });
		const waiting = expect(ask("Hallo", { signal: second.signal })).rejects.toMatchObject({ kind: "aborted" });
		second.abort();
		await waiting;
		first.abort();
		await running;
	});

	it("is not started for a call that was given up before", async () => {
		const ask = createAsk("throw new Error();");
		await expect(ask("Hallo", { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: "aborted" });
	});

	it("ends when the provider is no longer wanted", async () => {
		const end = new AbortController();
		const { text } = await createAsk(strangeEngine, 1, end.signal)("pid");
		end.abort();
		await vi.waitFor(() => expect(isRunning(Number(text))).toBe(false), patience);
	});

	it.each(["runs out of work", "is killed in mid-answer"])("ends with the program when that %s", async (how) => {
		installFakeEngine(dataDirectory, strangeEngine);
		const program = `
			import { createModel } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "create-model.ts")))};
			const ask = createModel(${JSON.stringify(dataDirectory)}, ${JSON.stringify(modelFile())}, 2048);
			const ofWord = (content, onText) => ask({ messages: [{ role: "user", content }], maxTokens: 100 }, { onText });
			const { text } = await ofWord("pid");
			if (${how !== "runs out of work"}) await ofWord("still", () => process.stdout.write(text));
			else process.stdout.write(text);
		`;
		const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		const [pid] = (await once(child.stdout, "data")).map(Number);
		if (how !== "runs out of work") child.kill("SIGKILL");
		await once(child, "exit");
		await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), patience);
	});
});
