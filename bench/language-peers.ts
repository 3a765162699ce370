import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A detector that says whether a text is German. */
export interface Peer {
	readonly name: string;
	load(): Promise<(text: string) => boolean>;
}

interface Eld {
	readonly eld: { detect(text: string): { readonly language: string } };
}
interface Franc {
	readonly franc: (text: string) => string;
}
interface Tinyld {
	readonly detect: (text: string) => string;
}

const folder = new URL("peers/language/", import.meta.url);
const modules = new URL("node_modules/", folder);
const load = async <Module>(path: string): Promise<Module> => (await import(new URL(path, modules).href)) as Module;

const peers: readonly Peer[] = [
	{
		name: "eld 2.1.0, extrasmall",
		async load() {
			const { eld } = await load<Eld>("eld/src/entries/static.extrasmall.js");
			return (text) => eld.detect(text).language === "de";
		},
	},
	{
		name: "franc-min 6.2.0",
		async load() {
			const { franc } = await load<Franc>("franc-min/index.js");
			return (text) => franc(text) === "deu";
		},
	},
	{
		name: "tinyld 1.3.4",
		async load() {
			const { detect } = await load<Tinyld>("tinyld/dist/tinyld.normal.node.mjs");
			return (text) => detect(text) === "de";
		},
	},
];

/** Installs the detectors when they are missing. Returns why they cannot be used. */
export async function loadPeers(): Promise<readonly Peer[] | string> {
	try {
		if (!existsSync(modules))
			await promisify(execFile)("npm", ["ci", "--ignore-scripts"], { cwd: fileURLToPath(folder) });
		return peers;
	} catch (error) {
		return String(error).split("\n", 1)[0] ?? "unknown";
	}
}
