import OpenAI from "openai";
import { systemClock } from "../src/clock.ts";
import { createLog } from "../src/log.ts";
import { createProviders } from "../src/providers/index.ts";
import type { ChatRequest } from "../src/providers/provider.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Was ist 7 mal 8?" }], maxTokens: 1_000 };

/** Streams one answer of the model `long` (1,000 chunks) or `short` (64); calls `onFirst` when its first text is there. */
export type ReadAnswer = (model: "long" | "short", onFirst: () => void) => Promise<number>;

/** The plain SDK; with `headers` through a gateway. Resolves to the length of the answer in characters. */
export function createSdkReader(baseURL: string, headers: Readonly<Record<string, string>> = {}): ReadAnswer {
	const client = new OpenAI({ apiKey: "none", baseURL, maxRetries: 0, defaultHeaders: headers });
	return async (model, onFirst) => {
		let text = "";
		const stream = await client.chat.completions.create({
			model,
			messages: [{ role: "user", content: "Was ist 7 mal 8?" }],
			max_tokens: request.maxTokens,
			stream: true,
			stream_options: { include_usage: true },
		});
		for await (const chunk of stream) {
			const content = chunk.choices[0]?.delta.content ?? "";
			if (text === "" && content !== "") onFirst();
			text += content;
		}
		return text.length;
	};
}

/** Our client, as the router calls it. */
export function createOurReader(baseUrl: string): ReadAnswer {
	const settings = [{ name: "groq", apiKey: "none", baseUrl, models: ["long", "short"] }];
	const parts = { clock: systemClock, log: createLog("silent", []), eurPerUsd: 1, dataDirectory: "" };
	const [provider] = createProviders(settings, parts);
	if (!provider) throw new Error("no provider");
	return async (id, onFirst) => {
		const model = provider.models.find((one) => one.id === id);
		if (!model) throw new Error(`no model ${id}`);
		let seen = 0;
		await provider.complete(model, request, {
			onText: (text) => {
				if (seen === 0) onFirst();
				seen = text.length;
			},
		});
		return seen;
	};
}
