import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { createAuthorizationServer } from "../../../src/providers/sign-in/authorization-server.ts";
import { createTokenStore, type TokenStore, tokensOf } from "../../../src/providers/sign-in/token-store.ts";
import type { SignInSettings } from "../../../src/providers/spec.ts";
import {
	type IdentityProvider,
	type IdentityProviderOptions,
	startIdentityProvider,
} from "../../fakes/identity-provider.ts";

interface SignedIn {
	readonly peer: IdentityProvider;
	readonly settings: SignInSettings;
	readonly dataDirectory: string;
	readonly store: TokenStore;
	/** Signs in (again), as `npm run login` would. */
	signIn(): Promise<void>;
}

/** An independent server and a folder in which the tokens of somebody lie who has just signed in. */
export async function startSignedIn(clock: Clock, options: IdentityProviderOptions = {}): Promise<SignedIn> {
	const peer = await startIdentityProvider(options);
	const dataDirectory = mkdtempSync(join(tmpdir(), "clawdbot-sign-in-"));
	onTestFinished(async () => {
		await peer.stop();
		rmSync(dataDirectory, { recursive: true, force: true });
	});
	const settings = { clientId: peer.clientId, scopes: "openid offline_access", issuer: peer.issuer };
	const server = createAuthorizationServer({ settings, clock: systemClock, fetch });
	const store = createTokenStore(dataDirectory, "qwen", clock);

	async function signIn(): Promise<void> {
		const { signal } = new AbortController();
		const verifier = "v".repeat(43);
		const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
		const { deviceCode, userCode } = await server.startDevice(Buffer.from(digest).toString("base64url"), signal);
		await peer.approve(userCode);
		const answer = await server.redeemDeviceCode(deviceCode, verifier, signal);
		await store.locked(async () => store.write(tokensOf(answer, clock.now())));
	}

	await signIn();
	return { peer, settings, dataDirectory, store, signIn };
}
