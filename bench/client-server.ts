/** Worker of client.ts: the fake server in a thread of its own, so that its work is not counted as the client's. */
import { parentPort } from "node:worker_threads";
import { createFakeLanguageModel } from "../test/fakes/language-model.ts";

/** Four characters a word and a chunk; all different, or the client would take them for a circle. */
const words = (chunks: number): string =>
	Array.from({ length: chunks }, (_, index) => `w${index.toString(36).padStart(2, "0")} `).join("");
const { baseUrl } = await createFakeLanguageModel({
	models: ["long", "short"],
	answer: ({ body }) => words(body.model === "long" ? 1_000 : 64),
});
parentPort?.postMessage(baseUrl);
