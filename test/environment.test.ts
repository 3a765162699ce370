import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const example = readFileSync(join(root, ".env.example"), "utf8");
const variable = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;

/** Names in the example, each with whether its part of the program comes later. */
function exampleVariables(): Map<string, boolean> {
	const found = new Map<string, boolean>();
	let isLater = false;
	let wasComment = false;
	for (const line of example.split("\n")) {
		const name = /^#?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1];
		if (name) found.set(name, isLater);
		const isComment = line.startsWith("# ");
		if (isComment) isLater = (wasComment && isLater) || line.includes("(kommt später)");
		if (line === "") isLater = false;
		wasComment = isComment;
	}
	return found;
}

const providers = readdirSync(join(root, "src/providers"), { recursive: true }).map((name) => `src/providers/${name}`);
const sources = ["src/config.ts", ...providers.filter((path) => path.endsWith(".ts"))]
	.map((path) => readFileSync(join(root, path), "utf8"))
	.join("\n");

describe(".env.example", () => {
	it("names every variable that the program reads", () => {
		const own = [...sources.matchAll(variable)]
			.map((match) => match[0])
			.filter((name) =>
				/^(TELEGRAM|DISCORD|QWEN|GROQ|DEEPSEEK|LOCAL|ACCESS|ALLOWED|ADMIN|DEFAULT|DATA|LOG)_/.test(name),
			);
		expect([...new Set(own)].filter((name) => !exampleVariables().has(name))).toEqual([]);
	});

	it("marks what comes later, and only that", () => {
		const providerVariable = /^(QWEN|GROQ|DEEPSEEK|LOCAL)_(API_KEY|BASE_URL|MODEL)$/;
		const isRead = (name: string): boolean =>
			sources.includes(name) || providerVariable.test(name) || name === "NO_COLOR";
		const wrong = [...exampleVariables()].filter(([name, isLater]) => isRead(name) === isLater);
		expect(wrong).toEqual([]);
	});

	it("holds no value that is a secret", () => {
		expect(example).not.toMatch(/(?:TOKEN|KEY)=\S/);
	});
});
