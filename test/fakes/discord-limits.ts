import type { FakeState } from "./discord-state.ts";

export interface Bucket {
	readonly limit: number;
	readonly windowMilliseconds: number;
}

export interface BucketAnswer {
	readonly headers: Readonly<Record<string, string>>;
	/** Undefined: the request may pass. */
	readonly retryAfterSeconds?: number;
}

/**
 * Discord's rate limits: one window per route and channel, on the real clock as discord.js reckons with it. A refused
 * request does not count again, but it is a fault of ours and written down.
 */
export function createLimits(state: FakeState): {
	bucket?: Bucket;
	take(route: string): BucketAnswer;
} {
	const windows = new Map<string, { used: number; resetAt: number }>();
	const limits: { bucket?: Bucket; take(route: string): BucketAnswer } = {
		take(route) {
			const { bucket } = limits;
			if (bucket === undefined) return { headers: {} };
			const now = Date.now();
			const known = windows.get(route);
			const window = known && known.resetAt > now ? known : { used: 0, resetAt: now + bucket.windowMilliseconds };
			windows.set(route, window);
			const isFull = window.used >= bucket.limit;
			if (!isFull) window.used++;
			const resetAfterSeconds = (window.resetAt - now) / 1_000;
			const headers = {
				"x-ratelimit-limit": String(bucket.limit),
				"x-ratelimit-remaining": String(bucket.limit - window.used),
				"x-ratelimit-reset": String(window.resetAt / 1_000),
				"x-ratelimit-reset-after": String(resetAfterSeconds),
				"x-ratelimit-bucket": route.replaceAll(/\d{17,19}/g, "id").replaceAll(/\W+/g, "-"),
			};
			if (!isFull) return { headers };
			state.violations.push(`request inside a rate limit: ${route}`);
			return {
				headers: { ...headers, "retry-after": String(resetAfterSeconds), "x-ratelimit-scope": "user" },
				retryAfterSeconds: resetAfterSeconds,
			};
		},
	};
	return limits;
}
