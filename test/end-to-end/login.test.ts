import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "../fakes/identity-provider.ts";
import { type Program, startProgram } from "./program.ts";

let peer: IdentityProvider;
let program: Program;

beforeEach(async () => {
	peer = await startIdentityProvider({ intervalSeconds: 1 });
});
afterEach(async () => {
	await program.dispose();
	await peer.stop();
});

function login(environment: Readonly<Record<string, string>>, ...names: readonly string[]): Program {
	return startProgram("login", environment, { arguments: names });
}

const client = (): Record<string, string> => ({
	QWEN_OAUTH_ISSUER: peer.issuer,
	QWEN_OAUTH_CLIENT_ID: peer.clientId,
	QWEN_OAUTH_SCOPES: "openid offline_access",
	QWEN_REGION: "singapore",
});

/** The code that the person reads in the terminal. */
async function shownCode(): Promise<string> {
	const code = (): string | undefined => /^ {2}([A-Z]{4}-[A-Z]{4})$/m.exec(program.output())?.[1];
	await expect.poll(code, { timeout: 20_000 }).toBeDefined();
	return String(code());
}

describe("npm run login", { timeout: 60_000 }, () => {
	it("shows address and code, waits for the person, and stores the tokens for the owner alone", async () => {
		program = login(client(), "qwen");
		await peer.approve(await shownCode());

		expect(await program.ended()).toBe(0);
		const path = join(program.dataDirectory, "sign-in/qwen.json");
		const { accessToken, refreshToken } = JSON.parse(readFileSync(path, "utf8"));
		expect(await peer.isValid(accessToken)).toBe(true);
		expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
		expect(program.output()).toMatch(/^Qwens kostenlose Anmeldung wurde am 15\.04\.2026 eingestellt\..*QWEN_API_KEY/);
		expect(program.output()).toContain(`  ${peer.issuer}/device\n`);
		expect(program.output()).toContain(`  ${peer.issuer}/device?user_code=`);
		expect(program.output()).toContain("✅ Angemeldet.");
		expect(program.output() + program.errors()).not.toContain(accessToken);
		expect(program.output() + program.errors()).not.toContain(refreshToken);
	});

	it("says so when the person declines", async () => {
		program = login(client(), "qwen");
		await peer.deny(await shownCode());
		expect(await program.ended()).toBe(1);
		expect(program.errors()).toBe("Die Anmeldung wurde im Browser abgelehnt.\n");
	});

	it("ends cleanly when somebody presses Ctrl+C", async () => {
		program = login(client(), "qwen");
		await shownCode();
		expect(await program.stop("SIGINT")).toBe(1);
		expect(program.errors()).toBe("Abgebrochen. Eine frühere Anmeldung gilt weiter.\n");
	});

	it.each<[string, Record<string, string>, readonly string[], number, RegExp]>([
		["what is needed when no client is configured", {}, ["qwen"], 78, /QWEN_OAUTH_CLIENT_ID und QWEN_OAUTH_ISSUER/],
		["what is missing when half is", { QWEN_OAUTH_CLIENT_ID: "own" }, ["qwen"], 78, /nur halb eingerichtet/],
		["how it is called without a name", {}, [], 1, /npm run login -- qwen/],
		["how it is called with an unknown name", {}, ["groq"], 1, /npm run login -- qwen/],
	])("says %s", async (_, environment, names, code, sentence) => {
		program = login(environment, ...names);
		expect(await program.ended()).toBe(code);
		expect(program.errors()).toMatch(sentence);
		expect(program.output().includes("15.04.2026")).toBe(code === 78);
	});

	it("is what the doctor asks for while nobody has signed in", async () => {
		program = startProgram("doctor", client());
		expect(await program.ended()).toBe(1);
		expect(program.output()).toContain(
			"⛔ Bei Qwen ist noch niemand angemeldet. Melde dich mit „npm run login -- qwen“ an.",
		);
	});

	it("says so when the service refuses the client, or is not there", async () => {
		program = login({ ...client(), QWEN_OAUTH_CLIENT_ID: "somebody-else" }, "qwen");
		expect(await program.ended()).toBe(1);
		expect(program.errors()).toMatch(/^Der Anmeldedienst lehnt dieses Programm ab\./);
		await program.dispose();

		program = login({ ...client(), QWEN_OAUTH_ISSUER: "http://127.0.0.1:1" }, "qwen");
		expect(await program.ended()).toBe(1);
		expect(program.errors()).toMatch(/^Der Anmeldedienst ist nicht zu erreichen/);
	});
});
