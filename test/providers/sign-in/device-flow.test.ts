import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import {
	type AuthorizationServer,
	createAuthorizationServer,
	type DeviceAuthorization,
} from "../../../src/providers/sign-in/authorization-server.ts";
import { signIn } from "../../../src/providers/sign-in/device-flow.ts";
import { SignInError } from "../../../src/providers/sign-in/sign-in-error.ts";
import type { SignInSettings } from "../../../src/providers/spec.ts";
import { createHurriedClock, createVirtualClock } from "../../fakes/clock.ts";
import {
	type IdentityProvider,
	type IdentityProviderOptions,
	startIdentityProvider,
} from "../../fakes/identity-provider.ts";

const clock = createHurriedClock(50);

async function start(options: IdentityProviderOptions = {}): Promise<IdentityProvider> {
	const peer = await startIdentityProvider({ clock, ...options });
	onTestFinished(() => peer.stop());
	return peer;
}

interface Attempt {
	readonly shown: Promise<DeviceAuthorization>;
	/** The access token, or the kind of the error. */
	readonly outcome: Promise<string>;
	abort(): void;
	/** Virtual seconds between two polls. */
	gaps(): readonly number[];
}

/** Pauses pass 50 times as fast, the deadlines of requests as they are. */
function attempt(peer: IdentityProvider, settings: Partial<SignInSettings> = {}): Attempt {
	const stop = new AbortController();
	const shown = Promise.withResolvers<DeviceAuthorization>();
	const polledAt: number[] = [];
	const server = createAuthorizationServer({
		settings: { clientId: peer.clientId, scopes: "openid offline_access", issuer: peer.issuer, ...settings },
		clock: systemClock,
		fetch(url, init) {
			if (String(url).endsWith("/token")) polledAt.push(clock.elapsed() / 1_000);
			return fetch(url, init);
		},
	});
	const outcome = signIn({ server, clock, random: () => 0 }, shown.resolve, stop.signal).then(
		({ accessToken }) => accessToken,
		(error: unknown) => (error instanceof SignInError ? error.kind : String(error)),
	);
	return {
		shown: shown.promise,
		outcome,
		abort: () => stop.abort(),
		gaps: () => polledAt.slice(1).map((at, index) => at - Number(polledAt[index])),
	};
}

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the device flow against an independent server", () => {
	it("waits while nobody has agreed, and takes the tokens once the person did", async () => {
		const peer = await start();
		const { shown, outcome } = attempt(peer);
		const { userCode, address, completeAddress } = await shown;

		await until(() => peer.polls().length >= 2);
		await peer.approve(userCode);

		expect(await peer.isValid(await outcome)).toBe(true);
		expect(address).toBe(`${peer.issuer}/device`);
		expect(completeAddress).toBe(`${address}?user_code=${userCode}`);
		expect(peer.polls()).toEqual([...peer.polls().slice(0, -1).fill("authorization_pending"), "ok"]);
	});

	it("needs no issuer where both addresses are known", async () => {
		const peer = await start();
		const { deviceUrl, tokenUrl } = peer;
		const { clientId } = peer;
		const server = createAuthorizationServer({
			settings: { clientId, scopes: "openid", deviceUrl, tokenUrl },
			clock: systemClock,
			fetch,
		});
		const tokens = signIn(
			{ server, clock, random: () => 0 },
			({ userCode }) => void peer.approve(userCode),
			new AbortController().signal,
		);
		expect(await peer.isValid((await tokens).accessToken)).toBe(true);
	});

	it("ends when the person says no", async () => {
		const peer = await start();
		const { shown, outcome } = attempt(peer);
		await peer.deny((await shown).userCode);
		expect(await outcome).toBe("denied");
	});

	it("ends by itself when the time of the code is over", async () => {
		const peer = await start({ deviceCodeSeconds: 30 });
		const { outcome } = attempt(peer);
		expect(await outcome).toBe("expired");
		expect(peer.polls().length).toBeLessThanOrEqual(6);
	});

	it.each([
		["as the server says it", undefined],
		["as others say it, with status 401", { status: 401, error: "expired_token" }],
	])("ends when the code has expired, %s", async (_, answer) => {
		const peer = await start(answer ? {} : { deviceCodeSeconds: 1, statedSeconds: 3_000 });
		if (answer) peer.force(answer);
		const { outcome } = attempt(peer);
		expect(await outcome).toBe("expired");
		expect(peer.polls().at(-1)).toBe("expired_token");
	});

	it("asks 5 seconds less often, for good, each time the server says so", async () => {
		const peer = await start({ intervalSeconds: 2 });
		peer.force({ status: 400, error: "slow_down" }, { status: 429, error: "slow_down" });
		const { shown, outcome, gaps } = attempt(peer);
		await until(() => peer.polls().length >= 4);
		await peer.approve((await shown).userCode);
		await outcome;
		expect(gaps()[0]).toBeGreaterThanOrEqual(6.9);
		for (const gap of gaps().slice(1)) expect(gap).toBeGreaterThanOrEqual(11.9);
	});

	it("stops at a 429 that says nothing of slowing down", async () => {
		const peer = await start();
		peer.force({ status: 429, error: "too_many_requests" });
		expect(await attempt(peer).outcome).toBe("busy");
		expect(peer.polls()).toHaveLength(1);
	});

	it("goes on after broken connections", async () => {
		const peer = await start();
		peer.force("hang up", "hang up");
		const { shown, outcome } = attempt(peer);
		await peer.approve((await shown).userCode);
		expect(await peer.isValid(await outcome)).toBe(true);
	});

	it("waits twice as long from one broken connection to the next, half a minute at most, and no longer afterwards", async () => {
		const virtual = createVirtualClock();
		const polledAt: number[] = [];
		const stop = new AbortController();
		const server: AuthorizationServer = {
			startDevice: async () => ({
				deviceCode: "d",
				userCode: "u",
				address: "https://id.example/",
				expiresInSeconds: 600,
				intervalSeconds: 5,
			}),
			async redeemDeviceCode() {
				polledAt.push(virtual.elapsed() / 1_000);
				throw new SignInError(polledAt.length <= 4 ? "network" : "pending");
			},
			refresh: () => Promise.reject(new Error("not asked here")),
		};
		const shown = Promise.withResolvers<void>();
		const outcome = signIn({ server, clock: virtual, random: () => 0.5 }, () => shown.resolve(), stop.signal);
		await shown.promise;
		await virtual.advance(110_000);
		stop.abort();
		await expect(outcome).rejects.toMatchObject({ kind: "aborted" });
		expect(polledAt).toEqual([5, 15.5, 36, 66.5, 97, 102, 107]);
	});

	it("is over at once when it is aborted, and leaves no timer behind", async () => {
		const peer = await start();
		const still = createVirtualClock();
		const stop = new AbortController();
		const server = createAuthorizationServer({
			settings: { clientId: peer.clientId, scopes: "openid", issuer: peer.issuer },
			clock: systemClock,
			fetch,
		});
		const outcome = signIn(
			{ server, clock: still, random: () => 0 },
			() => setImmediate(() => stop.abort()),
			stop.signal,
		);
		await expect(outcome).rejects.toMatchObject({ kind: "aborted" });
		expect(still.pendingTimers()).toBe(0);
	});

	it("is refused with another verifier than the one it began with", async () => {
		const peer = await start();
		const settings = { clientId: peer.clientId, scopes: "openid", issuer: peer.issuer };
		const server = createAuthorizationServer({ settings, clock: systemClock, fetch });
		const { signal } = new AbortController();
		const { deviceCode, userCode } = await server.startDevice("A".repeat(43), signal);
		await peer.approve(userCode);
		await expect(server.redeemDeviceCode(deviceCode, "B".repeat(43), signal)).rejects.toMatchObject({
			kind: "refused",
		});
	});

	it.each([
		["an unknown client", { clientId: "somebody-else" }, "refused"],
		["an address without https", { issuer: "http://192.0.2.1/" }, "refused"],
		["a server that is not there", { issuer: "http://127.0.0.1:1/" }, "network"],
	])("says at once that %s does not work", async (_, settings, kind) => {
		const { outcome } = attempt(await start(), settings);
		expect(await outcome).toBe(kind);
	});
});
