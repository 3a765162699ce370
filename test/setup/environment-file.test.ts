import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeEnvironmentFile } from "../../src/setup/environment-file.ts";
import { SetupError } from "../../src/setup/setup-error.ts";

let folder: string;
let path: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "clawdbot-"));
	path = join(folder, ".env");
});
afterEach(() => {
	chmodSync(folder, 0o700);
	rmSync(folder, { recursive: true, force: true });
});

const content = (): string => readFileSync(path, "utf8");

describe("the environment file", () => {
	it("is created where there is none, for its owner alone", () => {
		writeEnvironmentFile(path, { GROQ_API_KEY: "gsk_1", QWEN_REGION: "us" });
		expect(content()).toBe("GROQ_API_KEY=gsk_1\nQWEN_REGION=us\n");
		expect(statSync(path).mode & 0o777).toBe(0o600);
	});

	it("keeps everything else, and takes back the rights of others", () => {
		writeFileSync(path, "# Mein Bot\nGROQ_API_KEY=alt # der erste\n\nDATA_DIR='/srv/a b'", { mode: 0o644 });
		writeEnvironmentFile(path, { GROQ_API_KEY: "neu", LOG_LEVEL: "info" });
		expect(content()).toBe("# Mein Bot\nGROQ_API_KEY=neu\n\nDATA_DIR='/srv/a b'\nLOG_LEVEL=info\n");
		expect(statSync(path).mode & 0o777).toBe(0o600);
	});

	it.each([
		["a line that is only mentioned", "#GROQ_API_KEY=\n#GROQ_MODEL=\n", "GROQ_API_KEY=k\n#GROQ_MODEL=\n"],
		["an empty line", "GROQ_API_KEY=\nA=1\n", "GROQ_API_KEY=k\nA=1\n"],
		[
			"the last of several lines, which is the one that counts",
			"GROQ_API_KEY=a\nGROQ_API_KEY=b\n",
			"GROQ_API_KEY=a\nGROQ_API_KEY=k\n",
		],
		["a line with export and spaces", "  export GROQ_API_KEY = 'a'\n", "GROQ_API_KEY=k\n"],
		["a value over several lines", 'GROQ_API_KEY="a\nb"\nA=1\n', "GROQ_API_KEY=k\nA=1\n"],
		[
			"a set line rather than a mentioned one",
			"#GROQ_API_KEY=x\nGROQ_API_KEY=a\n",
			"#GROQ_API_KEY=x\nGROQ_API_KEY=k\n",
		],
		["no name that only ends alike", "MY_GROQ_API_KEY=a\n", "MY_GROQ_API_KEY=a\nGROQ_API_KEY=k\n"],
		["line ends of Windows, and keeps them", "A=1\r\nGROQ_API_KEY=a\r\n", "A=1\r\nGROQ_API_KEY=k\r\n"],
	])("replaces %s", (_, before, after) => {
		writeFileSync(path, before);
		writeEnvironmentFile(path, { GROQ_API_KEY: "k" });
		expect(content()).toBe(after);
	});

	it.each(["/srv/Mein Modell/gemma #4.gguf", "it's", "C:\\neu\\modelle", 'a "b" c', "", "a=b", " x "])(
		"is read by Node as it was written: %s",
		(value) => {
			writeFileSync(path, "A=1\r\nB=2\r\n");
			writeEnvironmentFile(path, { LOCAL_MODEL_FILE: value });
			expect(parseEnv(content())).toEqual({ A: "1", B: "2", LOCAL_MODEL_FILE: value });
		},
	);

	it("follows a symbolic link, even to a file that does not exist yet", () => {
		const elsewhere = join(folder, "elsewhere");
		symlinkSync(elsewhere, path);
		writeEnvironmentFile(path, { A: "1" });
		writeEnvironmentFile(path, { B: "2" });
		expect(readFileSync(elsewhere, "utf8")).toBe("A=1\nB=2\n");
	});

	it("says which lines are missing when it cannot be written, and leaves nothing behind", () => {
		mkdirSync(path);
		expect(() => writeEnvironmentFile(path, { GROQ_API_KEY: "geheim" })).toThrow(SetupError);
		expect(() => writeEnvironmentFile(path, { GROQ_API_KEY: "geheim" })).toThrow(/GROQ_API_KEY/);
		expect(() => writeEnvironmentFile(path, { GROQ_API_KEY: "geheim" })).not.toThrow(/geheim/);
	});
});
