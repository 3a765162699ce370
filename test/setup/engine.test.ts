import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { enginePackages } from "../../src/providers/embedded/engine.ts";
import { hasEngine, installEngine } from "../../src/setup/engine.ts";

let folder: string;
let stop: AbortController;
const parts = () => ({ dataDirectory: join(folder, "data"), platform: "linux", arch: "x64", signal: stop.signal });

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "clawdbot-"));
	stop = new AbortController();
	vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

/** An npm that does what the script says; `$*` are its arguments. */
function provideNpm(script: string): void {
	writeFileSync(join(folder, "npm"), `#!/bin/sh\n${script}\n`);
	chmodSync(join(folder, "npm"), 0o755);
}

const installing = `
	echo "$*" > "${"$PWD"}/../../arguments"
	for package in "$@"; do
		case "$package" in
			*@[0-9]*) name="\${package%@*}"; mkdir -p "node_modules/$name"
				echo "{\\"version\\": \\"\${package##*@}\\"}" > "node_modules/$name/package.json" ;;
		esac
	done`;

describe("the engine", () => {
	it("is installed under DATA_DIR alone, in the right version, without the packages for graphics cards", async () => {
		provideNpm(installing);
		expect(hasEngine(parts())).toBe(false);
		await installEngine(parts());
		expect(hasEngine(parts())).toBe(true);
		expect(readdirSync(join(folder, "data"))).toEqual(["engine"]);
		expect(statSync(join(folder, "data/engine")).mode & 0o777).toBe(0o700);
		const given = readFileSync(join(folder, "arguments"), "utf8");
		expect(given).toMatch(/^install --prefix \S+\/data\/engine\.new --omit=optional --ignore-scripts/);
		for (const name of enginePackages("linux", "x64")) expect(given).toContain(name);
	});

	it("lies in the right place where DATA_DIR is a relative path", async () => {
		const dataDirectory = relative(process.cwd(), join(folder, "data"));
		provideNpm(`test -d "$3" || mkdir -p "$3"; cd "$3"; ${installing}`);
		await installEngine({ ...parts(), dataDirectory });
		expect(hasEngine(parts())).toBe(true);
	});

	it("is not taken for installed when npm says so and nothing is there", async () => {
		provideNpm("exit 0");
		await expect(installEngine(parts())).rejects.toThrow(/npm konnte/);
		expect(hasEngine(parts())).toBe(false);
	});

	it("is not there in another version", async () => {
		provideNpm(installing);
		await installEngine(parts());
		const file = join(folder, "data/engine/node_modules/node-llama-cpp/package.json");
		writeFileSync(file, '{"version": "1.0.0"}');
		expect(hasEngine(parts())).toBe(false);
	});

	it.each([
		["npm error code ENOTFOUND", /npm erreicht das Netz nicht/],
		["npm error code ERESOLVE", /npm konnte llama\.cpp nicht einrichten/],
	])("stays as it was when npm fails with %s", async (complaint, sentence) => {
		provideNpm(`echo "${complaint}" >&2; exit 1`);
		mkdirSync(join(folder, "data/engine"), { recursive: true });
		writeFileSync(join(folder, "data/engine/old"), "");
		await expect(installEngine(parts())).rejects.toThrow(sentence);
		expect(readdirSync(join(folder, "data"))).toEqual(["engine"]);
		expect(readdirSync(join(folder, "data/engine"))).toEqual(["old"]);
	});

	it("says so where there is no npm, and where there is no engine for the machine", async () => {
		vi.stubEnv("PATH", folder);
		await expect(installEngine(parts())).rejects.toThrow(/npm ließ sich nicht starten/);
		await expect(installEngine({ ...parts(), arch: "s390x" })).rejects.toThrow(/linux-s390x/);
	});

	it("leaves nothing behind when the person stops it", async () => {
		provideNpm("exec sleep 30");
		const installation = installEngine(parts());
		setTimeout(() => stop.abort(), 200);
		await expect(installation).rejects.toThrow(/Abgebrochen/);
		expect(readdirSync(join(folder, "data"))).toEqual([]);
	});
});
