import type { Clock } from "../../clock.ts";
import { ProviderError } from "../provider.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { LockedError } from "./lock.ts";
import { SignInError } from "./sign-in-error.ts";
import { TokenFileError, type TokenStore, type Tokens, tokensOf } from "./token-store.ts";

export interface FreshTokenParts {
	/** For messages. */
	readonly name: string;
	readonly store: TokenStore;
	readonly server: AuthorizationServer;
	readonly clock: Clock;
}

/**
 * Tokens that are worth a call. Throws only ProviderError: network, aborted, or auth with the code SIGN_IN_MISSING,
 * SIGN_IN_OVER or SIGN_IN_DAMAGED when somebody has to sign in.
 */
export interface FreshTokens {
	/** Those of the store, refreshed when their end is near. */
	current(signal: AbortSignal): Promise<Tokens>;
	/** Others than these, which the API refused with 401. */
	replace(refused: Tokens, signal: AbortSignal): Promise<Tokens>;
}

/**
 * One refresh at a time, whoever asks: within the process by one shared promise, between processes by the lock. Whoever
 * comes second adopts what the first one stored. A refresh token is sent once only, for its reuse revokes the whole family.
 */
export function createFreshTokens(parts: FreshTokenParts): FreshTokens {
	const { name, clock } = parts;
	let refreshing: Promise<Tokens> | undefined;

	function refreshOnce(stale: Tokens): Promise<Tokens> {
		refreshing ??= refresh(parts, stale).finally(() => {
			refreshing = undefined;
		});
		return refreshing;
	}

	async function current(): Promise<Tokens> {
		const tokens = readSignedIn(parts);
		if (!isDue(tokens, clock)) return tokens;
		try {
			return await refreshOnce(tokens);
		} catch (error) {
			const isOnlyLate = error instanceof ProviderError && error.kind === "network" && !isOver(tokens, clock);
			if (isOnlyLate) return tokens;
			throw error;
		}
	}

	return {
		current: (signal) => unlessAborted(name, signal, current),
		replace: (refused, signal) =>
			unlessAborted(name, signal, async () => {
				const stored = readSignedIn(parts);
				return stored.accessToken === refused.accessToken ? refreshOnce(stored) : stored;
			}),
	};
}

async function refresh(parts: FreshTokenParts, stale: Tokens): Promise<Tokens> {
	const { store, server, clock } = parts;
	try {
		return await store.locked(async () => {
			const stored = readSignedIn(parts);
			if (stored.accessToken !== stale.accessToken && !isOver(stored, clock)) return stored;
			if (stored.refreshToken === undefined) throw new SignInError("refused", "no refresh token");
			// Whoever cannot save the next token must not spend this one.
			store.write(stored);
			const answer = await server.refresh(stored.refreshToken, new AbortController().signal).catch((error) => {
				if (isRefusal(error)) store.write({ ...stored, isRefused: true });
				throw error;
			});
			const tokens = tokensOf(answer, clock.now(), stored);
			store.write(tokens);
			return tokens;
		});
	} catch (error) {
		throw providerErrorOf(parts.name, error);
	}
}

function readSignedIn({ name, store }: FreshTokenParts): Tokens {
	const tokens = readStored(name, store);
	if (tokens === undefined) {
		throw new ProviderError("auth", `${name}: nobody has signed in`, { code: "SIGN_IN_MISSING" });
	}
	if (tokens.isRefused) throw new ProviderError("auth", `${name}: the sign-in is over`, { code: "SIGN_IN_OVER" });
	return tokens;
}

function readStored(name: string, store: TokenStore): Tokens | undefined {
	try {
		return store.read();
	} catch (error) {
		throw providerErrorOf(name, error);
	}
}

function isDue({ refreshAt, refreshToken, expiresAt }: Tokens, clock: Clock): boolean {
	const end = refreshToken === undefined ? expiresAt : refreshAt;
	return end !== undefined && clock.now() >= end;
}

function isOver({ expiresAt }: Tokens, clock: Clock): boolean {
	return expiresAt !== undefined && clock.now() >= expiresAt;
}

function isRefusal(error: unknown): boolean {
	return error instanceof SignInError && ["refused", "denied", "expired"].includes(error.kind);
}

function providerErrorOf(name: string, error: unknown): ProviderError {
	if (error instanceof ProviderError) return error;
	if (error instanceof TokenFileError) {
		return new ProviderError("auth", `${name}: ${error.message}`, { code: "SIGN_IN_DAMAGED" });
	}
	if (isRefusal(error)) return new ProviderError("auth", `${name}: the sign-in is over`, { code: "SIGN_IN_OVER" });
	const isKnown = error instanceof SignInError || error instanceof LockedError;
	return new ProviderError("network", `${name}: ${isKnown ? error.message : "the tokens cannot be stored"}`);
}

/** A caller who gives up waits no longer; the refresh itself goes on for the others, or its token would be lost. */
async function unlessAborted<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
	const aborted = Promise.withResolvers<never>();
	const giveUp = (): void => aborted.reject(new ProviderError("aborted", `${name}: ended by the caller`));
	if (signal.aborted) throw new ProviderError("aborted", `${name}: ended before the call`);
	signal.addEventListener("abort", giveUp, { once: true });
	try {
		return await Promise.race([aborted.promise, work()]);
	} finally {
		signal.removeEventListener("abort", giveUp);
	}
}
