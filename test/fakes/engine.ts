import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineFolder } from "../../src/providers/embedded/engine.ts";

const installed = process.env.CLAWDBOT_TEST_ENGINE ?? resolve(import.meta.dirname, "../../.cache/engine");
/** Why tests with the real engine are skipped; null where it is installed. */
export const missingEngine = existsSync(join(installed, "node_modules/node-llama-cpp"))
	? null
	: `no engine in ${installed}: .ci/run installs it`;

/** A folder that stands for DATA_DIR, with the real engine. */
export function createDataDirectory(): string {
	const dataDirectory = mkdtempSync(join(tmpdir(), "clawdbot-"));
	if (missingEngine === null) symlinkSync(installed, engineFolder(dataDirectory), "junction");
	return dataDirectory;
}

/** Gives DATA_DIR an engine with this source text in place of the real one. */
export function installFakeEngine(dataDirectory: string, source: string): void {
	const folder = join(engineFolder(dataDirectory), "node_modules/node-llama-cpp");
	mkdirSync(join(folder, "dist"), { recursive: true });
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	writeFileSync(join(folder, "dist/index.js"), source);
}

/**
 * An engine without a model, for what the real one cannot be made to do: it answers "pid" with the number of its process,
 * "stirb" by dying in mid-answer, "still" with a silence behind "Ja." that no signal ends, and everything else with "Ja.".
 */
export const strangeEngine = `
	export class NoBinaryFoundError extends Error {}
	export class InsufficientMemoryError extends Error {}
	const sequence = {
		contextSize: 2048, nextTokenIndex: 0, tokenMeter: { usedOutputTokens: 0 },
		async adaptStateToTokens(tokens) { sequence.nextTokenIndex = tokens.length; },
	};
	const model = { tokenizer: {}, trainContextSize: 2048, createContext: async () => ({ getSequence: () => sequence }) };
	export const getLlama = async () => ({ loadModel: async () => model });
	export const resolveChatWrapper = () => ({
		wrapperName: "Strange",
		generateContextState: ({ chatHistory }) => ({ contextText: { tokenize: () => chatHistory.map(() => 1) } }),
	});
	const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
	export class LlamaChat {
		async generateResponse(history, { onResponseChunk }) {
			const { text } = history.at(-1);
			onResponseChunk({ text: text === "pid" ? String(process.pid) : "Ja." });
			if (text === "still") await wait(3_600_000);
			if (text === "stirb") await wait(50).then(() => process.kill(process.pid, "SIGKILL"));
			sequence.tokenMeter.usedOutputTokens++;
			return { metadata: { stopReason: "eogToken" } };
		}
	}
`;

/** The same with another way to load: `getLlama` is the body of that function. */
export function engineThatLoads(getLlama: string): string {
	return strangeEngine.replace(/export const getLlama.*/, `export async function getLlama(options) { ${getLlama} }`);
}
