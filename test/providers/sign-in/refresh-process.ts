/**
 * A process of its own that wants a valid token without end: `node refresh-process.ts DATA_DIR ISSUER CLIENT BASE FACTOR
 * TOKENS`. Its wall time begins at BASE and passes FACTOR times as fast. Ends after so many different tokens and prints
 * how many of them it had to be given (`auth` when it has to sign in again).
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { createAuthorizationServer } from "../../../src/providers/sign-in/authorization-server.ts";
import { createFreshTokens } from "../../../src/providers/sign-in/fresh-token.ts";
import { createTokenStore } from "../../../src/providers/sign-in/token-store.ts";

const [dataDirectory = "", issuer = "", clientId = "", base = "0", factor = "1", count = "1"] = process.argv.slice(2);
const clock: Clock = { ...systemClock, now: () => Number(base) + (Date.now() - Number(base)) * Number(factor) };
const fresh = createFreshTokens({
	name: "qwen",
	store: createTokenStore(dataDirectory, "qwen", clock),
	server: createAuthorizationServer({ settings: { clientId, scopes: "openid", issuer }, clock, fetch }),
	clock,
});
const { signal } = new AbortController();
const seen = new Set<string>();

while (seen.size < Number(count)) {
	seen.add((await fresh.current(signal)).accessToken);
	await wait(1);
}
process.stdout.write(`${seen.size}\n`);
