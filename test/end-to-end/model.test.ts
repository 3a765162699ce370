import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasEngine } from "../../src/setup/engine.ts";
import { createFileHost, type FileHost, type FileHostOptions } from "../fakes/file-host.ts";
import { writeTinyModel } from "../fakes/gguf.ts";
import { type Checkout, createCheckout, hasTerminal } from "./checkout.ts";

const cache = resolve(import.meta.dirname, "../../.cache");
const { platform, arch } = process;
const isEngineThere = hasEngine({ dataDirectory: cache, platform, arch, signal: new AbortController().signal });
if (!isEngineThere) console.warn("skipped: .cache/engine is missing, .ci/run installs it");

let checkout: Checkout;
let host: FileHost | undefined;
let modelFile: string;

beforeEach(() => {
	checkout = createCheckout();
	modelFile = join(checkout.folder, "Mein Modell #1.gguf");
});
afterEach(async () => {
	await checkout.remove();
	await host?.close();
	host = undefined;
});

const loaded = (): string => join(checkout.folder, "data", "models", "klein.gguf");

/** A host with the tiny model, and the engine in its place. */
async function openHost(options: Omit<FileHostOptions, "content"> = {}): Promise<FileHost> {
	writeTinyModel(modelFile, { sentence: "Die Hauptstadt von Österreich ist Wien." });
	checkout.addEngine(join(cache, "engine"));
	host = await createFileHost({ content: readFileSync(modelFile), ...options });
	return host;
}

describe.skipIf(!isEngineThere)("npm run model", { timeout: 60_000 }, () => {
	it("loads the file on consent, tries it, and writes the setting; a second run changes nothing", async () => {
		const { url, requests, next } = await openHost();
		next({ afterBytes: 0, how: "cut" }, { afterBytes: 2_000_000, how: "cut" });
		const first = await checkout.run("model", ["--yes"], { MODEL_URL: url });
		expect(first).toMatchObject({ code: 0, errors: "" });
		expect(first.output).toMatch(/100\s% {2}7 MB von 7 MB/);
		expect(first.output).toContain("Es antwortet: Die Hauptstadt von Österreich ist Wien.");
		expect(first.output).toMatch(/npm start/);
		expect(readFileSync(loaded()).equals(readFileSync(modelFile))).toBe(true);
		expect(statSync(loaded()).mode & 0o777).toBe(0o600);
		expect(checkout.environmentFile()).toBe(`LOCAL_MODEL_FILE=${loaded()}\n`);
		const asked = requests.length;

		const second = await checkout.run("model");
		expect(second).toMatchObject({ code: 0, errors: "" });
		const third = await checkout.run("model", [], { MODEL_URL: url });
		expect(third).toMatchObject({ code: 0, errors: "" });
		expect(third.output).toContain("liegt schon da");
		expect(requests).toHaveLength(asked + 1);
		expect(checkout.environmentFile()).toBe(`LOCAL_MODEL_FILE=${loaded()}\n`);
	});

	it("takes a file at hand where it lies, and the chat then answers with it", async () => {
		await openHost();
		const { code, output } = await checkout.run("model", ["--file", "Mein Modell #1.gguf"]);
		expect(code).toBe(0);
		expect(output).toContain("Es antwortet: Die Hauptstadt");
		expect(checkout.environmentFile()).toBe(`LOCAL_MODEL_FILE='${modelFile}'\n`);
		expect(existsSync(loaded())).toBe(false);
	});

	it("sets nothing when the checksum is wrong, when there is no such file, and when it is no model", async () => {
		const { url } = await openHost();
		const wrong = await checkout.run("model", ["--yes"], { MODEL_URL: url, MODEL_SHA256: "0".repeat(64) });
		expect(wrong).toMatchObject({ code: 1, errors: expect.stringMatching(/^Die Prüfsumme stimmt nicht.*\n$/) });
		const missing = await checkout.run("model", ["--yes"], { MODEL_URL: `${url}x` });
		expect(missing).toMatchObject({
			code: 1,
			errors: expect.stringMatching(/^127\.0\.0\.1:\d+ hat diese Datei nicht/),
		});
		const strange = await createFileHost({ content: Buffer.from("<html>Bitte anmelden</html>"), metadata: "none" });
		const loadedPage = await checkout.run("model", ["--yes"], { MODEL_URL: strange.url });
		await strange.close();
		expect(loadedPage).toMatchObject({ code: 1, errors: expect.stringMatching(/schickt, ist keine Modelldatei/) });
		expect(existsSync(loaded())).toBe(false);
		writeFileSync(modelFile, "<html>Bitte anmelden</html>");
		const page = await checkout.run("model", ["--file", modelFile]);
		expect(page).toMatchObject({ code: 1, errors: expect.stringMatching(/kein Modell im Format GGUF/) });
		writeTinyModel(modelFile, { sentence: "Hallo." });
		truncateSync(modelFile, 100_000);
		const broken = await checkout.run("model", ["--file", modelFile]);
		expect(broken).toMatchObject({ code: 1, errors: expect.stringMatching(/unvollständig oder beschädigt/) });
		expect(existsSync(loaded())).toBe(false);
		expect(checkout.environmentFile()).toBeUndefined();
	});

	it.skipIf(!hasTerminal)("says what it would load, and takes a no for an answer", async () => {
		const { url } = await openHost({ metadata: "none" });
		const terminal = checkout.open("model", { MODEL_URL: url });
		await terminal.shows(/das Modell klein \(7 MB\) von 127\.0\.0\.1/);
		await terminal.shows("(ja/nein) ›");
		terminal.type("vielleicht\r");
		await terminal.shows("Bitte antworte mit ja oder nein.");
		await terminal.shows("(ja/nein) ›");
		terminal.type("nein\r");
		await terminal.shows("nichts geladen und nichts geändert");
		expect(await terminal.ended()).toBe(1);
	});

	it.skipIf(!hasTerminal)(
		"asks twice where nobody vouches for the file, and can be stopped in the middle",
		async () => {
			const { url, next } = await openHost({ metadata: "none" });
			const terminal = checkout.open("model", { MODEL_URL: url });
			await terminal.shows("(ja/nein) ›");
			terminal.type("ja\r");
			await terminal.shows("nennt keine Prüfsumme");
			await terminal.shows("(ja/nein) ›");
			next({ afterBytes: 3_000_000, how: "silence" });
			terminal.type("ja\r");
			await terminal.shows(/\d\s%/);
			terminal.type("\u0003");
			await terminal.shows("Abgebrochen.");
			expect(await terminal.ended()).not.toBe(0);
			expect(checkout.environmentFile()).toBeUndefined();
		},
	);

	it.skipIf(!hasTerminal)("is offered by the first start, which goes on into the chat with it", async () => {
		const { url } = await openHost();
		const terminal = checkout.open("start", { MODEL_URL: url });
		await terminal.shows("Nummer ›");
		terminal.type("1\r");
		await terminal.shows("(ja/nein) ›");
		terminal.type("ja\r");
		await terminal.shows("✅ Fertig");
		await terminal.shows("Du ›");
		terminal.type("Was ist die Hauptstadt von Österreich?\r");
		await terminal.shows("Die Hauptstadt von Österreich ist Wien.");
		terminal.type("\u0004");
		expect(await terminal.ended()).toBe(0);
	});
});

describe("npm run model", { timeout: 60_000 }, () => {
	it("asks nobody where there is no terminal, and says how to agree there", async () => {
		writeTinyModel(modelFile, { sentence: "Hallo." });
		const { code, errors } = await checkout.run("model", ["--file", modelFile]);
		expect(code).toBe(78);
		expect(errors).toMatch(/npm run model -- --yes/);
	});

	it.each([["--quatsch"], ["klein.gguf"], ["--file"]])(
		"explains itself where it is called with %s",
		async (argument) => {
			const { code, errors } = await checkout.run("model", [argument]);
			expect(code).toBe(78);
			expect(errors).toMatch(/^So geht es: npm run model/);
		},
	);

	it("names a wrong setting and ends with 78", async () => {
		const { code, errors } = await checkout.run("model", [], { MODEL_SHA256: "abc", MODEL_URL: "ftp://rechner/x" });
		expect(code).toBe(78);
		expect(errors).toMatch(/MODEL_URL muss eine Adresse/);
		expect(errors).toMatch(/MODEL_SHA256 muss eine Prüfsumme/);
	});
});
