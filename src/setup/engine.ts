import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { engineFolder, enginePackages } from "../providers/embedded/engine.ts";
import { SetupError, systemCodeOf } from "./setup-error.ts";

export interface EngineParts {
	readonly dataDirectory: string;
	/** As `process.platform` and `process.arch` name the machine. */
	readonly platform: string;
	readonly arch: string;
	/** Aborted by the person. */
	readonly signal: AbortSignal;
}

/** Whether the right version of the engine lies under DATA_DIR. */
export function hasEngine({ dataDirectory, platform, arch }: EngineParts): boolean {
	const packages = enginePackages(platform, arch);
	return packages.length > 0 && packages.every((name) => hasPackage(engineFolder(dataDirectory), name));
}

/**
 * Installs the engine with npm under DATA_DIR, never among the project's own packages, where npm would remove the binaries
 * of the tools. It appears there complete or not at all. Throws SetupError.
 */
export async function installEngine(parts: EngineParts): Promise<void> {
	const packages = enginePackages(parts.platform, parts.arch);
	if (packages.length === 0)
		throw new SetupError("setup.engineUnknownMachine", { machine: `${parts.platform}-${parts.arch}` });
	const folder = resolve(engineFolder(parts.dataDirectory));
	const fresh = `${folder}.new`;
	try {
		mkdirSync(parts.dataDirectory, { recursive: true, mode: 0o700 });
		rmSync(fresh, { recursive: true, force: true });
		mkdirSync(fresh, { mode: 0o700 });
		await runNpm(packages, fresh, parts);
		if (!packages.every((name) => hasPackage(fresh, name))) throw new SetupError("setup.engineFailed");
		rmSync(folder, { recursive: true, force: true });
		renameSync(fresh, folder);
		chmodSync(folder, 0o700);
	} catch (error) {
		rmSync(fresh, { recursive: true, force: true });
		if (error instanceof SetupError || systemCodeOf(error) === undefined) throw error;
		throw new SetupError("setup.unwritable", { path: folder }, error);
	}
}

function hasPackage(folder: string, nameAndVersion: string): boolean {
	const [, name = "", version] = /^(.+)@([^@]+)$/.exec(nameAndVersion) ?? [];
	const file = join(folder, "node_modules", name, "package.json");
	return (
		existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { readonly version?: unknown }).version === version
	);
}

/** The packages for graphics cards are optional ones of the engine: without them it takes 80 MB instead of 700. */
function runNpm(packages: readonly string[], folder: string, { platform, signal }: EngineParts): Promise<void> {
	const options = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"];
	const ended = Promise.withResolvers<void>();
	const child = spawn("npm", ["install", "--prefix", folder, ...options, ...packages], {
		cwd: folder,
		// Whatever npm says is English; what matters is whether it worked.
		stdio: ["ignore", "ignore", "pipe"],
		shell: platform === "win32",
		signal,
	});
	let complaint = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		complaint = (complaint + text).slice(-4_000);
	});
	child.on("error", (error) => {
		ended.reject(new SetupError(signal.aborted ? "setup.stopped" : "setup.engineNoNpm", {}, error));
	});
	child.on("close", (code) => {
		if (signal.aborted) ended.reject(new SetupError("setup.stopped"));
		else if (code === 0) ended.resolve();
		else
			ended.reject(
				new SetupError(isOffline(complaint) ? "setup.engineOffline" : "setup.engineFailed", {}, new Error(complaint)),
			);
	});
	return ended.promise;
}

function isOffline(complaint: string): boolean {
	return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|FETCH_ERROR/.test(complaint);
}
