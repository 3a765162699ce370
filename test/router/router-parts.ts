import {
	type CallOptions,
	type ChatMessage,
	ProviderError,
	type ProviderErrorKind,
} from "../../src/providers/provider.ts";
import { createBreaker } from "../../src/router/breaker.ts";
import type { Budget } from "../../src/router/budget.ts";
import { createQuota } from "../../src/router/quota.ts";
import type { Compose, Wish } from "../../src/router/route.ts";
import { createRouter } from "../../src/router/router.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import type { ScriptedProvider } from "./scripted-provider.ts";

export const compose: Compose = () => [{ role: "user", content: "Hallo" }] satisfies ChatMessage[];

export const wish: Wish = {
	author: "telegram:1",
	text: "Hallo",
	previous: [],
	regions: ["local", "eu", "us"],
	mode: "balanced",
};

/** A router over scripted providers with a real ledger, on a clock that stands still. The log's lines are kept. */
export function createRouterParts(providers: readonly ScriptedProvider[], budget?: Budget) {
	const clock = createVirtualClock();
	const database = openTemporaryDatabase();
	const quota = createQuota({ database, clock, providers, ...(budget && { budget }) });
	const lines: { readonly facts: Record<string, unknown>; readonly text: string }[] = [];
	const write = (facts: Record<string, unknown>, text: string): void => void lines.push({ facts, text });
	const log = { debug: write, info: write, warn: write, error: write } as Parameters<typeof createRouter>[0]["log"];
	const breaker = createBreaker({ quota, clock, log, random: () => 0 });
	const router = createRouter({ providers, quota, breaker, clock, log });
	const ask = (facts: Partial<Wish> = {}, options?: CallOptions) =>
		router.complete({ ...wish, ...facts }, compose, options);
	return { router, quota, breaker, clock, database, lines, ask };
}

export function failure(
	kind: ProviderErrorKind,
	facts?: ConstructorParameters<typeof ProviderError>[2],
): ProviderError {
	return new ProviderError(kind, `it failed: ${kind}`, facts);
}
