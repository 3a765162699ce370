import type { Clock } from "../clock.ts";
import { type CallPurpose, callsNeeded, createBrake } from "./brake.ts";

export type { CallPurpose };

/** How fast one chat may be served. All visible calls count: sends, edits, typing. */
export interface ChatPace {
	readonly callsPerSecond: number;
	/** Calls that may follow each other at once after a rest. */
	readonly burst: number;
	/** Least gap before the 2nd, 3rd, … visible change of one answer; the last value repeats. */
	readonly editGapsSeconds: readonly number[];
}

export const telegramPrivatePace: ChatPace = { callsPerSecond: 1, burst: 4, editGapsSeconds: [1, 1, 1.5, 2, 3] };
/** With the burst at most 20 calls in any minute. */
export const telegramGroupPace: ChatPace = { callsPerSecond: 0.25, burst: 5, editGapsSeconds: [4] };
export const discordPace: ChatPace = { callsPerSecond: 1, burst: 5, editGapsSeconds: [1.2] };

/** What a platform says about the limit of all chats together. */
export interface SharedLimit {
	readonly callsPerSecond: number;
	readonly burst: number;
}

/** Discord takes 50 calls in any second and names the one chat or everybody in each refusal. Telegram does neither. */
export const discordSharedLimit: SharedLimit = { callsPerSecond: 40, burst: 10 };

/** One budget per chat over all visible calls. */
export interface Pace {
	/** Books one call now, or says in how many milliseconds this purpose may ask again. */
	take(chat: string, limits: ChatPace, purpose: CallPurpose): true | { readonly waitMilliseconds: number };
	/**
	 * The platform asked for a pause: this chat is left alone for all of it. `isGlobal` stops every chat for as long and
	 * slows them down afterwards; several chats refused at nearly the same time slow every chat down as well.
	 */
	flood(chat: string, retryAfterSeconds: number, isGlobal: boolean): void;
	/** The platform said how many calls are left in the chat's bucket. */
	observe(chat: string, remaining: number, resetAfterSeconds: number): void;
}

interface Budget {
	/** When it is full again: one call moves it on by the time that earns one call. */
	fullAt: number;
}

interface Chat extends Budget {
	limits?: ChatPace;
	silentUntil: number;
	/** The platform's own count, as long as it holds. */
	bucket: { readonly left: number; readonly until: number };
}

/** Two sightings of one bucket never give quite the same end. */
const sameBucketMilliseconds = 1_000;
const fewChats = 1_000;

/**
 * Chats at rest are forgotten: a fresh one is their equal. `shared`: the limit that a platform names; nothing has to be
 * guessed there from several refusals.
 */
export function createPace(clock: Clock, shared?: SharedLimit): Pace {
	const chats = new Map<string, Chat>();
	const everybody: Budget = { fullAt: 0 };
	const brake = createBrake(clock);
	let tidyAt = fewChats;

	function forgetThoseAtRest(now: number): void {
		for (const [name, chat] of chats)
			if (Math.max(chat.fullAt, chat.silentUntil, chat.bucket.until) <= now) chats.delete(name);
		tidyAt = Math.max(fewChats, chats.size * 2);
	}

	function chatOf(name: string): Chat {
		const known = chats.get(name);
		if (known) return known;
		if (chats.size >= tidyAt) forgetThoseAtRest(clock.elapsed());
		const chat: Chat = { fullAt: 0, silentUntil: 0, bucket: { left: 0, until: 0 } };
		chats.set(name, chat);
		return chat;
	}

	return {
		take(name, limits, purpose) {
			const now = clock.elapsed();
			const chat = chatOf(name);
			chat.limits = limits;
			const waits = [
				budgetWait(chat, limits, purpose, now),
				chat.silentUntil - now,
				bucketWait(chat, purpose, now),
				shared ? budgetWait(everybody, shared, purpose, now) : 0,
				brake.waitMilliseconds(purpose),
			];
			const waitMilliseconds = Math.max(...waits);
			if (waitMilliseconds > 0) return { waitMilliseconds };
			spend(chat, limits, now);
			if (shared) spend(everybody, shared, now);
			chat.bucket = { ...chat.bucket, left: chat.bucket.left - 1 };
			brake.count();
			return true;
		},
		flood(name, retryAfterSeconds, isGlobal) {
			const chat = chatOf(name);
			chat.silentUntil = Math.max(chat.silentUntil, clock.elapsed() + retryAfterSeconds * 1_000);
			// Afterwards one call is free for the final text; the burst has to be earned again.
			const spent = chat.limits ? ((chat.limits.burst - 1) * 1_000) / chat.limits.callsPerSecond : 0;
			chat.fullAt = Math.max(chat.fullAt, chat.silentUntil + spent);
			if (isGlobal || !shared) brake.flood(name, retryAfterSeconds, isGlobal);
		},
		observe(name, remaining, resetAfterSeconds) {
			const now = clock.elapsed();
			const chat = chatOf(name);
			const until = now + resetAfterSeconds * 1_000;
			const isSame = now < chat.bucket.until && until < chat.bucket.until + sameBucketMilliseconds;
			// Calls still on their way are in our count but not yet in the platform's.
			chat.bucket = { left: isSame ? Math.min(chat.bucket.left, remaining) : remaining, until };
		},
	};
}

function spend(budget: Budget, { callsPerSecond }: SharedLimit, now: number): void {
	budget.fullAt = Math.max(now, budget.fullAt) + 1_000 / callsPerSecond;
}

function budgetWait(budget: Budget, limits: SharedLimit, purpose: CallPurpose, now: number): number {
	const free = limits.burst - (Math.max(0, budget.fullAt - now) * limits.callsPerSecond) / 1_000;
	const missing = Math.min(callsNeeded[purpose], limits.burst) - free;
	return missing > 1e-6 ? Math.ceil((missing * 1_000) / limits.callsPerSecond) : 0;
}

function bucketWait(chat: Chat, purpose: CallPurpose, now: number): number {
	return chat.bucket.left >= callsNeeded[purpose] ? 0 : chat.bucket.until - now;
}
