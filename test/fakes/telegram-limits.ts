import type { Clock } from "../../src/clock.ts";
import { Refusal } from "./telegram-rules.ts";

/** Something that the real Telegram punishes or that must never happen: a test that sees one has failed. */
export interface Violation {
	readonly rule: "inside a flood window" | "over the chat's rate" | "link preview" | "General topic";
	readonly method: string;
	readonly chat: number;
	/** Milliseconds of the fake's clock, monotonic. */
	readonly at: number;
}

export interface Limits {
	/** The next visible call of the chat is refused, and so are all others until the time is up. */
	flood(chat: number, seconds: number): void;
	/** Throws 429 for a visible call that comes too early. */
	check(method: string, chat: number): void;
}

/** These share one budget per chat. */
const visibleMethods = new Set([
	"sendMessage",
	"editMessageText",
	"editMessageMedia",
	"sendChatAction",
	"sendMessageDraft",
]);

const privateBurst = 5;
const privatePerSecond = 1;
const groupPerMinute = 20;
/** A little less than a minute: calls may bunch up on their way. */
const groupMilliseconds = 59_500;
const penaltySeconds = 5;

export function createLimits(parts: {
	readonly clock: Clock;
	/** Refuse more than about one call a second in private chats and 20 a minute in groups. */
	readonly enforcesRates: boolean;
	readonly report: (violation: Violation) => void;
}): Limits {
	const { clock, enforcesRates, report } = parts;
	const windows = new Map<number, { readonly until: number; isKnown: boolean }>();
	const recentCalls = new Map<number, number[]>();

	function isOverRate(chat: number, now: number): boolean {
		const calls = (recentCalls.get(chat) ?? []).filter((at) => at > now - groupMilliseconds);
		recentCalls.set(chat, [...calls, now]);
		if (chat < 0) return calls.length >= groupPerMinute;
		// A bucket that leaks one call a second: how full is it after the calls of the last minute?
		let level = 0;
		let last = calls[0] ?? now;
		for (const at of [...calls, now]) {
			level = Math.max(0, level - ((at - last) / 1_000) * privatePerSecond) + 1;
			last = at;
		}
		return level > privateBurst;
	}

	function refuse(until: number, now: number): never {
		const retryAfter = Math.max(1, Math.ceil((until - now) / 1_000));
		throw new Refusal(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
	}

	return {
		flood(chat, seconds) {
			windows.set(chat, { until: clock.elapsed() + seconds * 1_000, isKnown: false });
		},
		check(method, chat) {
			if (!visibleMethods.has(method)) return;
			const now = clock.elapsed();
			const window = windows.get(chat);
			if (window && now < window.until) {
				// The first refusal tells the bot of the window: only what comes after it is its own fault.
				if (window.isKnown) report({ rule: "inside a flood window", method, chat, at: now });
				window.isKnown = true;
				refuse(window.until, now);
			}
			if (!enforcesRates || !isOverRate(chat, now)) return;
			report({ rule: "over the chat's rate", method, chat, at: now });
			const until = now + penaltySeconds * 1_000;
			windows.set(chat, { until, isKnown: true });
			refuse(until, now);
		},
	};
}
