import type { Clock } from "../../clock.ts";
import { RefusedError } from "../errors.ts";
import { ProviderError } from "../provider.ts";
import type { ProviderSettings, ProviderSpec } from "../spec.ts";
import { apiBaseUrl } from "./api-host.ts";
import { createAuthorizationServer } from "./authorization-server.ts";
import { createFreshTokens } from "./fresh-token.ts";
import { createTokenStore, type Tokens } from "./token-store.ts";

/** Stands in place of a key where the operator signed in. */
export interface Credential {
	/**
	 * Runs `call` with a token that is valid; when it throws a RefusedError of status 401, once more with another one.
	 * Throws what `call` throws, or ProviderError: auth when somebody has to sign in, with the code SIGN_IN_NOT_TAKEN when
	 * the API refuses what the identity service holds for valid.
	 */
	send<Result>(call: (access: Access) => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

interface Access {
	readonly token: string;
	/** Without a final slash. */
	readonly baseUrl: string;
}

export interface CredentialParts {
	readonly spec: ProviderSpec;
	readonly settings: ProviderSettings;
	readonly dataDirectory: string;
	readonly clock: Clock;
	readonly fetch: typeof globalThis.fetch;
}

/**
 * The sign-in of one provider; undefined where none is configured. Reads the stored tokens at each call: after
 * `npm run login` a bot that runs goes on by itself.
 */
export function createCredential(parts: CredentialParts): Credential | undefined {
	const { spec, settings, dataDirectory, clock, fetch } = parts;
	if (!settings.signIn) return undefined;
	const fresh = createFreshTokens({
		name: spec.name,
		store: createTokenStore(dataDirectory, spec.name, clock),
		server: createAuthorizationServer({ settings: settings.signIn, clock, fetch }),
		clock,
	});
	const accessOf = ({ accessToken, resourceUrl }: Tokens): Access => ({
		token: accessToken,
		baseUrl: apiBaseUrl(resourceUrl, spec, settings),
	});

	return {
		async send(call, signal) {
			const tokens = await fresh.current(signal);
			try {
				return await call(accessOf(tokens));
			} catch (error) {
				if (!isUnauthorised(error)) throw error;
			}
			const others = await fresh.replace(tokens, signal);
			return call(accessOf(others)).catch((error: unknown) => {
				if (!isUnauthorised(error)) throw error;
				throw new ProviderError("auth", `${spec.name}: HTTP 401`, { code: "SIGN_IN_NOT_TAKEN" });
			});
		},
	};
}

function isUnauthorised(error: unknown): boolean {
	return error instanceof RefusedError && error.status === 401;
}
