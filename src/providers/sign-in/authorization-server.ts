import * as oauth from "oauth4webapi";
import type { Clock } from "../../clock.ts";
import type { SignInSettings } from "../spec.ts";
import { isSafeAddress } from "./safe-address.ts";
import { SignInError, type SignInErrorKind } from "./sign-in-error.ts";

/** The two ends of RFC 8628 that we call. Every method throws only SignInError. */
export interface AuthorizationServer {
	/** `challenge`: the S256 challenge of RFC 7636. */
	startDevice(challenge: string, signal: AbortSignal): Promise<DeviceAuthorization>;
	redeemDeviceCode(deviceCode: string, verifier: string, signal: AbortSignal): Promise<TokenAnswer>;
	refresh(refreshToken: string, signal: AbortSignal): Promise<TokenAnswer>;
}

export interface DeviceAuthorization {
	readonly deviceCode: string;
	readonly userCode: string;
	/** Where the person types the code. */
	readonly address: string;
	/** The same with the code in it. */
	readonly completeAddress?: string;
	readonly expiresInSeconds: number;
	readonly intervalSeconds: number;
}

export interface TokenAnswer {
	readonly accessToken: string;
	readonly refreshToken?: string;
	readonly expiresInSeconds?: number;
	/** The API's host, as some servers send it: untrusted. */
	readonly resourceUrl?: string;
}

export interface AuthorizationServerParts {
	readonly settings: SignInSettings;
	readonly clock: Clock;
	readonly fetch: typeof globalThis.fetch;
}

/** RFC 8628, 3.2. */
const usualIntervalSeconds = 5;
const requestMilliseconds = 15_000;

/** Nothing is called before the first method is; the addresses are asked of the issuer once. */
export function createAuthorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
	const { settings } = parts;
	const client: oauth.Client = { client_id: settings.clientId };
	let known: oauth.AuthorizationServer | undefined;

	async function ask<Result>(
		signal: AbortSignal,
		request: (server: oauth.AuthorizationServer, options: Options) => Promise<Result>,
	): Promise<Result> {
		return withinDeadline(parts.clock, signal, async (inTime) => {
			const options = optionsOf(parts.fetch, inTime);
			known ??= await findServer(settings, options);
			return request(known, options);
		});
	}

	return {
		startDevice: (challenge, signal) =>
			ask(signal, async (server, options) => {
				const fields = {
					...(settings.scopes && { scope: settings.scopes }),
					code_challenge: challenge,
					code_challenge_method: "S256",
				};
				const response = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), fields, options);
				return deviceOf(await oauth.processDeviceAuthorizationResponse(server, client, await plain(response)));
			}),
		redeemDeviceCode: (deviceCode, verifier, signal) =>
			ask(signal, async (server, options) => {
				const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), deviceCode, {
					...options,
					additionalParameters: { code_verifier: verifier },
				});
				return tokensOf(await oauth.processDeviceCodeResponse(server, client, await plain(response)));
			}),
		refresh: (refreshToken, signal) =>
			ask(signal, async (server, options) => {
				const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options);
				return tokensOf(await oauth.processRefreshTokenResponse(server, client, await plain(response)));
			}),
	};
}

type Init = oauth.CustomFetchOptions<"GET" | "POST", URLSearchParams | undefined>;

interface Options {
	readonly signal: AbortSignal;
	readonly [oauth.customFetch]: (url: string, init: Init) => Promise<Response>;
	readonly [oauth.allowInsecureRequests]: true;
}

/** The library would take http to anywhere or to nowhere: which addresses are safe is decided here for each request. */
function optionsOf(fetch: typeof globalThis.fetch, signal: AbortSignal): Options {
	return {
		signal,
		async [oauth.customFetch](url, init) {
			if (!isSafeAddress(url)) throw new SignInError("refused", "an address without https");
			return fetch(url, { ...init, body: init.body ?? null });
		},
		[oauth.allowInsecureRequests]: true,
	};
}

/** The two addresses as configured, and what is missing from the issuer's metadata, in either of its two places. */
async function findServer(settings: SignInSettings, options: Options): Promise<oauth.AuthorizationServer> {
	const { issuer, deviceUrl, tokenUrl } = settings;
	const addresses = {
		...(deviceUrl && { device_authorization_endpoint: deviceUrl }),
		...(tokenUrl && { token_endpoint: tokenUrl }),
	};
	if (deviceUrl && tokenUrl) return { issuer: issuer ?? new URL(tokenUrl).origin, ...addresses };
	if (!issuer) throw new SignInError("refused", "no issuer");
	const address = new URL(issuer);
	const first = await oauth.discoveryRequest(address, options);
	if (first.ok) return { ...(await oauth.processDiscoveryResponse(address, first)), ...addresses };
	await first.body?.cancel();
	const second = await oauth.discoveryRequest(address, { ...options, algorithm: "oauth2" });
	return { ...(await oauth.processDiscoveryResponse(address, second)), ...addresses };
}

async function withinDeadline<Result>(
	clock: Clock,
	caller: AbortSignal,
	work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const deadline = new AbortController();
	const cancel = clock.after(requestMilliseconds, () => deadline.abort());
	try {
		return await work(AbortSignal.any([caller, deadline.signal]));
	} catch (error) {
		if (caller.aborted) throw new SignInError("aborted");
		throw signInErrorOf(error);
	} finally {
		cancel();
	}
}

/**
 * Status, type and body alone, without the id token: who the person is does not matter here, and its issuer is unknown
 * where only the two addresses are configured. Without the challenge header, because the body says why.
 */
async function plain(response: Response): Promise<Response> {
	const text = await response.text();
	const init = { status: response.status, headers: { "content-type": response.headers.get("content-type") ?? "" } };
	if (!response.ok) return new Response(text, init);
	const { id_token: _, ...body } = Object(JSON.parse(text)) as Record<string, unknown>;
	return new Response(JSON.stringify(body), init);
}

const kinds: Readonly<Record<string, SignInErrorKind>> = {
	authorization_pending: "pending",
	slow_down: "slow-down",
	access_denied: "denied",
	expired_token: "expired",
};

function signInErrorOf(error: unknown): SignInError {
	if (error instanceof SignInError) return error;
	if (error instanceof oauth.ResponseBodyError) {
		const word = /^[a-z_]{1,40}$/.test(error.error) ? error.error : "unknown";
		return new SignInError(kinds[error.error] ?? kindOfStatus(error.status), `HTTP ${error.status} ${word}`);
	}
	const { cause } = error instanceof oauth.OperationProcessingError ? error : {};
	const status = cause instanceof Response ? cause.status : undefined;
	if (status === undefined || status >= 500) return new SignInError("network", "no answer that can be read");
	return new SignInError(kindOfStatus(status), `HTTP ${status}`);
}

function kindOfStatus(status: number): SignInErrorKind {
	return status === 429 ? "busy" : "refused";
}

function deviceOf(answer: oauth.DeviceAuthorizationResponse): DeviceAuthorization {
	return {
		deviceCode: answer.device_code,
		userCode: answer.user_code,
		address: answer.verification_uri,
		...(answer.verification_uri_complete && { completeAddress: answer.verification_uri_complete }),
		expiresInSeconds: answer.expires_in,
		intervalSeconds: answer.interval ?? usualIntervalSeconds,
	};
}

function tokensOf(answer: oauth.TokenEndpointResponse): TokenAnswer {
	const resourceUrl = answer.resource_url;
	return {
		accessToken: answer.access_token,
		...(answer.refresh_token && { refreshToken: answer.refresh_token }),
		...(answer.expires_in && { expiresInSeconds: answer.expires_in }),
		...(typeof resourceUrl === "string" && { resourceUrl }),
	};
}
