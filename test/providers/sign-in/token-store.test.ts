import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createTokenStore, TokenFileError, tokensOf } from "../../../src/providers/sign-in/token-store.ts";

function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "clawdbot-sign-in-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

const permissionsOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("the stored sign-in", () => {
	it("is readable for its owner alone, whatever stood there before", async () => {
		const folder = temporaryFolder();
		mkdirSync(join(folder, "sign-in"), { mode: 0o755 });
		writeFileSync(join(folder, "sign-in/qwen.json.new"), "left by a crash");
		chmodSync(join(folder, "sign-in/qwen.json.new"), 0o644);
		const store = createTokenStore(folder, "qwen", systemClock);

		await store.locked(async () => store.write({ accessToken: "a" }));

		expect(permissionsOf(join(folder, "sign-in"))).toBe("700");
		const files = readdirSync(join(folder, "sign-in"));
		expect(files.sort()).toEqual(["qwen.json", "qwen.lock"]);
		expect(files.map((name) => permissionsOf(join(folder, "sign-in", name)))).toEqual(["600", "600"]);
		expect(store.read()).toEqual({ accessToken: "a" });
	});

	it("is simply missing until somebody signs in", () => {
		expect(createTokenStore(temporaryFolder(), "qwen", systemClock).read()).toBeUndefined();
	});

	it.each(["", "{", "[]", '{"accessToken":""}', '{"accessToken":7}', "\0\0\0"])(
		"says that the file is damaged when it holds %j",
		(text) => {
			const folder = temporaryFolder();
			mkdirSync(join(folder, "sign-in"));
			writeFileSync(join(folder, "sign-in/qwen.json"), text);
			expect(() => createTokenStore(folder, "qwen", systemClock).read()).toThrow(TokenFileError);
		},
	);

	it("keeps the refresh token and the host that a refresh does not name anew", () => {
		const before = { accessToken: "a", refreshToken: "r", resourceUrl: "host" };
		expect(tokensOf({ accessToken: "b" }, 0, before)).toEqual({
			accessToken: "b",
			refreshToken: "r",
			resourceUrl: "host",
		});
	});

	it.each([
		[86_400, 120],
		[300, 75],
		[90, 30],
		[60, 30],
		[20, 10],
	])("refreshes a token of %i seconds %i seconds before its end", (expiresInSeconds, marginSeconds) => {
		const { expiresAt = 0, refreshAt = 0 } = tokensOf({ accessToken: "a", expiresInSeconds }, 1_000);
		expect(expiresAt).toBe(1_000 + expiresInSeconds * 1_000);
		expect((expiresAt - refreshAt) / 1_000).toBe(marginSeconds);
	});

	it("lets one in at a time", async () => {
		const store = createTokenStore(temporaryFolder(), "qwen", systemClock);
		let inside = 0;
		const most = await Promise.all(
			Array.from({ length: 5 }, () =>
				store.locked(async () => {
					inside++;
					await new Promise((resolve) => setTimeout(resolve, 5));
					return inside--;
				}),
			),
		);
		expect(most).toEqual([1, 1, 1, 1, 1]);
	});
});
