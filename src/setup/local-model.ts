import { closeSync, existsSync, mkdirSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { say } from "../locale.ts";
import { downloadFile, hasChecksum, lookAtRemoteFile } from "./download.ts";
import { hasEngine, installEngine } from "./engine.ts";
import { writeEnvironmentFile } from "./environment-file.ts";
import { freeDiskBytes } from "./machine.ts";
import { chooseModel, leastMemoryBytes, type ModelOffer, modelAt } from "./model-choice.ts";
import { createProgress } from "./progress.ts";
import type { RemoteFile } from "./remote-file.ts";
import type { Setup } from "./setup.ts";
import { SetupError } from "./setup-error.ts";
import { formatSize } from "./sizes.ts";
import { tryModelFile } from "./trial.ts";
import { readYesOrNo } from "./yes-or-no.ts";

/** Download of the engine and its size on the disk, about. */
export const engineBytes = 85e6;

/** Where the file comes from: from its host, or it is at hand. */
export type ModelSource = "host" | { readonly file: string };

/**
 * Sets up the model that runs in this process: consent, engine, file, a trial answer, setting. Resolves to the setting, or
 * to undefined when the person declines. What is there already is left as it is. Throws SetupError.
 */
export async function setUpLocalModel(
	setup: Setup,
	source: ModelSource,
	isAgreed: boolean,
): Promise<Readonly<Record<string, string>> | undefined> {
	const { settings, voice } = setup;
	refuseBesideServer(settings.environment);
	const atHand = fileAtHand(source);
	const order = atHand === undefined ? await orderOf(setup) : undefined;
	if (!(isAgreed || (await agrees(setup, order)))) return undefined;

	await getEngine(setup);
	const path = atHand ?? (order ? await getFile(setup, order, isAgreed) : undefined);
	if (path === undefined) return undefined;
	setup.write(`${say(voice, "setup.trying")}\n`);
	const answer = await tryModelFile(setup, path);
	setup.write(`${say(voice, "setup.tried", { answer })}\n`);

	const values = { LOCAL_MODEL_FILE: path };
	if (settings.environment.LOCAL_MODEL_FILE !== path) writeEnvironmentFile(settings.environmentFile, values);
	return values;
}

/** The model that this machine can hold, or that MODEL_URL names. Throws SetupError. */
export function offerOf({ settings, memory, voice }: Pick<Setup, "settings" | "memory" | "voice">): ModelOffer {
	const { url, sha256 } = settings.model;
	const offer = url === undefined ? chooseModel(memory) : modelAt(url, sha256);
	if (offer) return offer;
	throw new SetupError("setup.tooLittleMemory", { needed: formatSize(voice, leastMemoryBytes) });
}

/** The bot would not start with both. */
function refuseBesideServer({ LOCAL_BASE_URL = "" }: Setup["settings"]["environment"]): void {
	if (!/^\s*(off)?\s*$/i.test(LOCAL_BASE_URL)) throw new SetupError("config.localFileAndAddress");
}

interface Order {
	readonly offer: ModelOffer;
	readonly file: RemoteFile;
	readonly target: string;
	readonly isThere: boolean;
}

async function orderOf(setup: Setup): Promise<Order> {
	const offer = offerOf(setup);
	setup.questions.tell(say(setup.voice, "setup.asking", { host: new URL(offer.url).host }));
	const file = await lookAtRemoteFile(offer.url, setup);
	const target = resolve(setup.settings.dataDirectory, "models", offer.fileName);
	const sha256 = offer.sha256 ?? file.sha256;
	if (existsSync(target)) setup.write(`${say(setup.voice, "setup.comparing", { path: target })}\n`);
	const isThere = sha256 !== undefined && (await hasChecksum(target, sha256));
	return { offer, file, target, isThere };
}

function fileAtHand(source: ModelSource): string | undefined {
	if (source === "host") return undefined;
	const path = resolve(source.file);
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new SetupError("setup.noSuchFile", { path });
	if (!isModelFile(path)) throw new SetupError("setup.noModelFile", { path });
	return path;
}

/** Says what would be loaded, from where and under which terms, and asks. Nothing to load: nothing to ask. */
async function agrees(setup: Setup, order: Order | undefined): Promise<boolean> {
	const { questions, voice } = setup;
	const isFileWanted = order !== undefined && !order.isThere;
	const isEngineWanted = !hasEngine(engineParts(setup));
	if (!isFileWanted && !isEngineWanted) return true;
	if (!setup.isTerminal) throw new SetupError("setup.nobodyToAsk");
	questions.tell(say(voice, "setup.wouldLoad"));
	if (isFileWanted) questions.tell(`  ${wordsOf(setup, order)}`);
	if (isEngineWanted) questions.tell(`  ${say(voice, "setup.engineWords", { size: formatSize(voice, engineBytes) })}`);
	const folder = resolve(setup.settings.dataDirectory);
	questions.tell(say(voice, "setup.agree", { folder }));
	return questions.ask(say(voice, "setup.agreePrompt"), readYesOrNo(voice));
}

function wordsOf({ voice }: Setup, { offer, file }: Order): string {
	const bytes = file.sizeBytes ?? offer.sizeBytes;
	const size = bytes === undefined ? say(voice, "setup.unknownSize") : formatSize(voice, bytes);
	const values = { name: offer.name, size, host: file.host };
	if (offer.licence === undefined) return say(voice, "setup.modelWords", values);
	return say(voice, "setup.modelWordsLicence", { ...values, licence: offer.licence });
}

function engineParts({ settings, platform, arch, signal }: Setup): Parameters<typeof installEngine>[0] {
	return { dataDirectory: settings.dataDirectory, platform, arch, signal };
}

async function getEngine(setup: Setup): Promise<void> {
	const parts = engineParts(setup);
	if (hasEngine(parts)) return;
	setup.write(`${say(setup.voice, "setup.installing")}\n`);
	await installEngine(parts);
}

/** Undefined: nobody vouches for the file, and the person does not want it so. */
async function getFile(setup: Setup, order: Order, isAgreed: boolean): Promise<string | undefined> {
	const { voice, questions } = setup;
	const { offer, file, target } = order;
	if (order.isThere) return target;
	const sha256 = offer.sha256 ?? file.sha256;
	if (sha256 === undefined) {
		questions.tell(say(voice, "setup.noChecksum", { host: file.host }));
		if (!isAgreed && !(await questions.ask(say(voice, "setup.agreeUnchecked"), readYesOrNo(voice)))) return undefined;
	}
	await load(setup, { ...order, sha256 });
	if (!isModelFile(target)) {
		rmSync(target);
		throw new SetupError("setup.downloadStrange", { host: file.host });
	}
	return target;
}

async function load(
	setup: Setup,
	{ offer, file, target, sha256 }: Order & { sha256: string | undefined },
): Promise<void> {
	const folder = resolve(target, "..");
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	await checkSpace(setup, folder, target, file.sizeBytes ?? offer.sizeBytes ?? 0);
	const progress = createProgress(setup);
	try {
		await downloadFile({ url: offer.url, target, sha256 }, file, { ...setup, onProgress: progress.show });
	} finally {
		progress.end();
	}
}

async function checkSpace({ voice }: Setup, folder: string, target: string, sizeBytes: number): Promise<void> {
	const loadedBytes = statSync(`${target}.part`, { throwIfNoEntry: false })?.size ?? 0;
	const freeBytes = await freeDiskBytes(folder);
	if (freeBytes >= sizeBytes - loadedBytes) return;
	const values = { folder, needed: formatSize(voice, sizeBytes - loadedBytes), free: formatSize(voice, freeBytes) };
	throw new SetupError("setup.tooLittleDisk", values);
}

/** Every such file begins with the same four letters; a web page or a half text does not. */
function isModelFile(path: string): boolean {
	const beginning = Buffer.alloc(4);
	try {
		const file = openSync(path, "r");
		readSync(file, beginning, 0, 4, 0);
		closeSync(file);
	} catch (error) {
		throw new SetupError("setup.unreadable", { path }, error);
	}
	return beginning.toString("latin1") === "GGUF";
}
