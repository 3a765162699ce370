import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const source = join(root, "src");
/** From the top of the house to its cellar: a file imports from its own layer or from one below. */
const layers = ["main", "setup", "channels", "inbox", "assistant", "router", "providers", "stores", "tools"] as const;
const tools = ["clock.ts", "in-order.ts", "locale.ts", "log.ts"];
const tops = ["config.ts", "doctor.ts", "login.ts", "main.ts", "model.ts", "run.ts"];
/** Families whose members know nothing of each other. */
const channelFolders = ["telegram", "discord", "terminal"];

const filesOf = (folder: string): string[] =>
	readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("node_modules"))
		.map((entry) => join(entry.parentPath, entry.name));

function layerOf(file: string): number {
	const path = relative(source, file);
	if (tools.includes(path)) return layers.indexOf("tools");
	if (tops.includes(path)) return layers.indexOf("main");
	return layers.findIndex((layer) => path.startsWith(`${layer}/`));
}

/** Every file of src that `file` imports, by static or dynamic import, of values or of types. */
function importsOf(file: string): string[] {
	const text = readFileSync(file, "utf8");
	return [...text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*"(\.[^"]+\.ts)"/gm)].map((match) =>
		resolve(dirname(file), String(match[1])),
	);
}

const files = filesOf(source);
const edges = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })));
const show = ({ file, target }: { file: string; target: string }): string =>
	`${relative(source, file)} -> ${relative(source, target)}`;

describe("the house", () => {
	it("has the root files that are written down, and no others", () => {
		const found = readdirSync(source).filter((name) => name.endsWith(".ts"));
		expect(found.sort()).toEqual([...tools, ...tops].sort());
	});

	it("puts every file into a layer", () => {
		expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
	});

	it("imports down, never up", () => {
		expect(edges.filter(({ file, target }) => layerOf(target) < layerOf(file)).map(show)).toEqual([]);
	});

	it("lets a channel know of the inside only the two contracts of messages and replies", () => {
		const allowed = (target: string): boolean =>
			relative(source, target).startsWith("channels/") ||
			["inbox/reply.ts", "assistant/message.ts"].includes(relative(source, target)) ||
			layerOf(target) === layers.indexOf("tools");
		const channels = edges.filter(({ file }) => relative(source, file).startsWith("channels/"));
		expect(channels.filter(({ target }) => !allowed(target)).map(show)).toEqual([]);
	});

	it("keeps channels from importing each other", () => {
		const folderOf = (file: string): string => relative(join(source, "channels"), file).split("/")[0] ?? "";
		const sideways = edges.filter(
			({ file, target }) =>
				channelFolders.includes(folderOf(file)) &&
				channelFolders.includes(folderOf(target)) &&
				folderOf(file) !== folderOf(target),
		);
		expect(sideways.map(show)).toEqual([]);
	});

	it("has no import cycle", () => {
		const next = Map.groupBy(edges, ({ file }) => file);
		const done = new Set<string>();
		function cycleFrom(file: string, path: readonly string[]): readonly string[] | undefined {
			if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
			if (done.has(file)) return undefined;
			for (const { target } of next.get(file) ?? []) {
				const cycle = cycleFrom(target, [...path, file]);
				if (cycle) return cycle;
			}
			done.add(file);
			return undefined;
		}
		expect(files.map((file) => cycleFrom(file, [])?.map((step) => relative(source, step))).filter(Boolean)).toEqual([]);
	});

	it("keeps every file within 250 lines", () => {
		const all = [...files, ...filesOf(join(root, "test")), ...filesOf(join(root, "bench"))];
		const long = all.filter((file) => readFileSync(file, "utf8").split("\n").length > 251);
		expect(long.map((file) => relative(root, file))).toEqual([]);
	});
});
