import { basename } from "node:path";

/** A model to be offered: a GGUF file of Hugging Face or of the operator's own address. */
export interface ModelOffer {
	/** As people read it. */
	readonly name: string;
	readonly url: string;
	/** Name of the file on the disk. */
	readonly fileName: string;
	/** About; undefined until the host was asked. */
	readonly sizeBytes: number | undefined;
	/** Expected checksum; undefined: the host is asked for it. */
	readonly sha256: string | undefined;
	/** Undefined: only whoever gave the address can know. */
	readonly licence: string | undefined;
}

export interface Memory {
	/** Of the machine, or what the container may use. */
	readonly totalBytes: number;
	/** Free for a new program; undefined where the system does not say. */
	readonly availableBytes: number | undefined;
}

interface BuiltIn {
	readonly name: string;
	readonly repository: string;
	readonly fileName: string;
	readonly sizeBytes: number;
	/** Memory that it takes with the usual context, the engine and this program; generously estimated. */
	readonly workingBytes: number;
	/** Smallest machine that has room for the rest of its work beside it; a little below the nominal size. */
	readonly machineBytes: number;
}

/** Files of 2026-10, all under Apache-2.0, largest first. They are sometimes made anew: the host's checksum counts. */
const builtIn: readonly BuiltIn[] = [
	{
		name: "Gemma 4 26B-A4B",
		repository: "unsloth/gemma-4-26B-A4B-it-GGUF",
		fileName: "gemma-4-26B-A4B-it-UD-Q4_K_M.gguf",
		sizeBytes: 16_947_541_728,
		workingBytes: 21e9,
		machineBytes: 23.5e9,
	},
	{
		name: "Gemma 4 12B",
		repository: "unsloth/gemma-4-12b-it-GGUF",
		fileName: "gemma-4-12b-it-Q4_K_M.gguf",
		sizeBytes: 7_121_861_440,
		workingBytes: 11.4e9,
		machineBytes: 15.5e9,
	},
	{
		name: "Gemma 4 E4B",
		repository: "unsloth/gemma-4-E4B-it-GGUF",
		fileName: "gemma-4-E4B-it-Q4_K_M.gguf",
		sizeBytes: 4_977_171_584,
		workingBytes: 6.5e9,
		machineBytes: 7.5e9,
	},
	{
		name: "Gemma 4 E2B",
		repository: "unsloth/gemma-4-E2B-it-GGUF",
		fileName: "gemma-4-E2B-it-Q4_K_M.gguf",
		sizeBytes: 3_106_738_272,
		workingBytes: 4.2e9,
		machineBytes: 5.5e9,
	},
];

/** The best model that the machine can hold beside its other work, or undefined: too little memory for any. */
export function chooseModel({ totalBytes, availableBytes = totalBytes }: Memory): ModelOffer | undefined {
	const fitting = builtIn.find(
		({ workingBytes, machineBytes }) => totalBytes >= machineBytes && availableBytes >= workingBytes,
	);
	return (
		fitting && {
			name: fitting.name,
			url: `https://huggingface.co/${fitting.repository}/resolve/main/${fitting.fileName}`,
			fileName: fitting.fileName,
			sizeBytes: fitting.sizeBytes,
			sha256: undefined,
			licence: "Apache-2.0",
		}
	);
}

/** Memory that has to be free for the smallest of the built-in models. */
export const leastMemoryBytes = Math.min(...builtIn.map(({ workingBytes }) => workingBytes));

/** The model that MODEL_URL names. The address of a page of Hugging Face is taken for that of its file. */
export function modelAt(address: string, sha256: string | undefined): ModelOffer {
	const url = new URL(address);
	if (url.hostname === "huggingface.co") url.pathname = url.pathname.replace("/blob/", "/resolve/");
	const last = basename(decodeURIComponent(url.pathname)).replace(/[^\p{L}\p{N}._-]+/gu, "_");
	const stem = last.replace(/\.gguf$/i, "") || "modell";
	return { name: stem, url: url.href, fileName: `${stem}.gguf`, sizeBytes: undefined, sha256, licence: undefined };
}
