import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { providerSpecs } from "../src/providers/index.ts";

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

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
	.filter((path) => path.endsWith(".ts"))
	.map((path) => readFileSync(join(root, "src", path), "utf8"))
	.join("\n");
/** Beginnings of the variables that belong to one provider each. */
const providers = providerSpecs.map(({ name }) => name.toUpperCase().replaceAll("-", "_")).join("|");
const own = new RegExp(
	`^(TELEGRAM|DISCORD|ACCESS|ALLOWED|ADMIN|DEFAULT|DATA|LOG|BUDGET|EUR_PER|MODEL|ROUTING|${providers})_`,
);

/** What the bot sets for that program. */
const ofQwenCode = /^QWEN_(CODE|USAGE|TELEMETRY)_/;

describe(".env.example", () => {
	it("names every variable that the program reads", () => {
		const read = [...sources.matchAll(variable)].map((match) => match[0]);
		const ours = read.filter((name) => own.test(name) && !ofQwenCode.test(name));
		expect([...new Set(ours)].filter((name) => !exampleVariables().has(name))).toEqual([]);
	});

	it("marks what comes later, and only that", () => {
		const providerVariable = new RegExp(`^(${providers})_(API_KEY|BASE_URL|MODEL|LIMITS)$`);
		const isRead = (name: string): boolean =>
			sources.includes(name) || providerVariable.test(name) || name === "NO_COLOR";
		const wrong = [...exampleVariables()].filter(([name, isLater]) => isRead(name) === isLater);
		expect(wrong).toEqual([]);
	});

	it("holds no value that is a secret", () => {
		expect(example).not.toMatch(/(?:TOKEN|KEY)=\S/);
	});
});
