import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { type Clock, sleep } from "../../clock.ts";
import type { AuthorizationServer, DeviceAuthorization, TokenAnswer } from "./authorization-server.ts";
import { SignInError } from "./sign-in-error.ts";

export interface DeviceFlowParts {
	readonly server: AuthorizationServer;
	readonly clock: Clock;
	/** 0 to 1; spreads out those who lost the connection together. */
	readonly random: () => number;
}

/** RFC 8628, 3.5: for good. */
const slowDownSeconds = 5;
const longestBackOffSeconds = 30;
const jitterSeconds = 1;

/**
 * The whole sign-in of RFC 8628 with PKCE: asks for a code, has it shown, and waits until the person has agreed. Throws
 * SignInError: denied, expired, refused, network (only at the start: later it is waited out) or aborted.
 */
export async function signIn(
	parts: DeviceFlowParts,
	show: (authorization: DeviceAuthorization) => void,
	signal: AbortSignal,
): Promise<TokenAnswer> {
	const verifier = generateRandomCodeVerifier();
	const challenge = await calculatePKCECodeChallenge(verifier);
	const authorization = await parts.server.startDevice(challenge, signal);
	show(authorization);
	return waitForConsent(parts, authorization, verifier, signal);
}

async function waitForConsent(
	{ server, clock, random }: DeviceFlowParts,
	{ deviceCode, intervalSeconds, expiresInSeconds }: DeviceAuthorization,
	verifier: string,
	signal: AbortSignal,
): Promise<TokenAnswer> {
	const end = clock.elapsed() + expiresInSeconds * 1_000;
	let interval = intervalSeconds;
	let failures = 0;

	function waitSeconds(): number {
		if (failures === 0) return interval;
		const backOff = Math.min(interval * 2 ** failures, Math.max(longestBackOffSeconds, interval));
		return backOff + random() * jitterSeconds;
	}

	for (;;) {
		await sleep(clock, Math.min(waitSeconds() * 1_000, end - clock.elapsed()), signal);
		if (signal.aborted) throw new SignInError("aborted");
		if (clock.elapsed() >= end) throw new SignInError("expired");
		try {
			return await server.redeemDeviceCode(deviceCode, verifier, signal);
		} catch (error) {
			const kind = error instanceof SignInError ? error.kind : undefined;
			if (kind !== "pending" && kind !== "slow-down" && kind !== "network") throw error;
			failures = kind === "network" ? failures + 1 : 0;
			if (kind === "slow-down") interval += slowDownSeconds;
		}
	}
}
