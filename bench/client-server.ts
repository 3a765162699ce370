/** Worker of client.ts: the fake server in a thread of its own, so that its work is not counted as the client's. */
import { parentPort } from "node:worker_threads";
import { createFakeLanguageModel } from "../test/fakes/language-model.ts";

const words = (chunks: number): string => "Wort".repeat(chunks);
const { baseUrl } = await createFakeLanguageModel({
	models: ["long", "short"],
	answer: ({ body }) => words(body.model === "long" ? 1_000 : 64),
});
parentPort?.postMessage(baseUrl);
