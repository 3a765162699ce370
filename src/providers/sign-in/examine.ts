import type { TextKey } from "../../locale.ts";
import { TokenFileError, type TokenStore, type Tokens } from "./token-store.ts";

/** What the operator has to do about a stored sign-in, with the value `path`; undefined: nothing that could be seen here. */
export function examineSignIn(store: TokenStore): TextKey | undefined {
	let tokens: Tokens | undefined;
	try {
		tokens = store.read();
	} catch (error) {
		if (error instanceof TokenFileError) return "login.damaged";
		throw error;
	}
	if (tokens === undefined) return "login.missing";
	return tokens.isRefused ? "login.over" : undefined;
}
