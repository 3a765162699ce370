import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { ProviderError } from "../../../src/providers/provider.ts";
import { createAuthorizationServer } from "../../../src/providers/sign-in/authorization-server.ts";
import { createFreshTokens, type FreshTokens } from "../../../src/providers/sign-in/fresh-token.ts";
import { createTokenStore } from "../../../src/providers/sign-in/token-store.ts";
import { createVirtualClock } from "../../fakes/clock.ts";
import { startSignedIn } from "./signed-in.ts";

const { signal } = new AbortController();

/** Tokens of 60 seconds on a clock that the test moves; `another` is a second program on the same folder. */
async function start() {
	const clock = createVirtualClock();
	const signedIn = await startSignedIn(clock, { accessTokenSeconds: 60 });
	function another(): FreshTokens {
		return createFreshTokens({
			name: "qwen",
			store: createTokenStore(signedIn.dataDirectory, "qwen", systemClock),
			server: createAuthorizationServer({ settings: signedIn.settings, clock: systemClock, fetch }),
			clock,
		});
	}
	return { ...signedIn, clock, fresh: another(), another };
}

const kindOf = (call: Promise<unknown>): Promise<unknown> =>
	call.catch((error: unknown) => (error instanceof ProviderError ? (error.code ?? error.kind) : error));

describe("a fresh token", () => {
	it("is the stored one until half a minute before its end, then a new one that is stored", async () => {
		const { fresh, clock, peer, store } = await start();
		const first = await fresh.current(signal);
		await clock.advance(29_000);
		expect(await fresh.current(signal)).toEqual(first);
		expect(peer.refreshes()).toEqual([]);

		await clock.advance(1_000);
		const second = await fresh.current(signal);

		expect(await peer.isValid(second.accessToken)).toBe(true);
		expect(second.refreshToken).not.toBe(first.refreshToken);
		expect(store.read()).toEqual(second);
		expect(peer.refreshes()).toEqual(["ok"]);
	});

	it("is refreshed once for all who ask at the same time, in one program or in two", async () => {
		const { fresh, another, clock, peer } = await start();
		const other = another();
		await clock.advance(30_000);
		const tokens = await Promise.all(
			Array.from({ length: 20 }, (_, index) => (index % 2 ? fresh : other).current(signal)),
		);
		expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
		expect(peer.refreshes()).toEqual(["ok"]);
	});

	it("replaces one that the API refused, and adopts what another program has stored meanwhile", async () => {
		const { fresh, another, peer } = await start();
		const refused = await fresh.current(signal);
		const replaced = await fresh.replace(refused, signal);
		expect(replaced.accessToken).not.toBe(refused.accessToken);
		expect(await another().replace(refused, signal)).toEqual(replaced);
		expect(peer.refreshes()).toEqual(["ok"]);
	});

	it("stays the old one while the server cannot be reached, as long as it lives", async () => {
		const { fresh, clock, peer } = await start();
		const first = await fresh.current(signal);
		peer.force("hang up", "hang up");
		await clock.advance(30_000);
		expect(await fresh.current(signal)).toEqual(first);
		await clock.advance(30_000);
		expect(await kindOf(fresh.current(signal))).toBe("network");
		expect(await peer.isValid((await fresh.current(signal)).accessToken)).toBe(true);
	});

	it("survives a server that is busy for a while", async () => {
		const { fresh, clock, peer } = await start();
		peer.force({ status: 429, error: "too_many_requests" });
		await clock.advance(60_000);
		expect(await kindOf(fresh.current(signal))).toBe("network");
		expect(await peer.isValid((await fresh.current(signal)).accessToken)).toBe(true);
	});

	it.each([400, 401])(
		"asks for a new sign-in once the server refused the refresh with %i, and then asks it no more",
		async (status) => {
			const { fresh, another, clock, peer, signIn } = await start();
			peer.force({ status, error: "invalid_grant" });
			await clock.advance(30_000);
			expect(await kindOf(fresh.current(signal))).toBe("SIGN_IN_OVER");
			expect(await kindOf(another().current(signal))).toBe("SIGN_IN_OVER");
			expect(peer.refreshes()).toEqual(["invalid_grant"]);

			await signIn();
			expect(await peer.isValid((await fresh.current(signal)).accessToken)).toBe(true);
		},
	);

	it("is not lost when the caller goes away during the refresh", async () => {
		const { fresh, clock, peer, store } = await start();
		const stop = new AbortController();
		await clock.advance(30_000);
		const call = kindOf(fresh.current(stop.signal));
		stop.abort();
		expect(await call).toBe("aborted");
		await expect.poll(() => peer.refreshes()).toEqual(["ok"]);
		await expect.poll(() => peer.isValid(store.read()?.accessToken ?? "")).toBe(true);
		expect(await peer.isValid((await fresh.current(signal)).accessToken)).toBe(true);
		expect(peer.refreshes()).toEqual(["ok"]);
	});

	it("needs somebody who signed in, and a file that can be read", async () => {
		const { clock, settings, dataDirectory, fresh, store } = await start();
		const server = createAuthorizationServer({ settings, clock, fetch });
		const nobody = createTokenStore(dataDirectory, "somebody-else", clock);
		expect(await kindOf(createFreshTokens({ name: "qwen", store: nobody, server, clock }).current(signal))).toBe(
			"SIGN_IN_MISSING",
		);
		writeFileSync(store.path, "{");
		expect(await kindOf(fresh.current(signal))).toBe("SIGN_IN_DAMAGED");
	});
});
