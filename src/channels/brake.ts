import type { Clock } from "../clock.ts";

/** typing gives way to everything, show leaves one call free, final may take the last one. */
export type CallPurpose = "typing" | "show" | "final";

/** Calls that must be free for this purpose to go. */
export const callsNeeded: Readonly<Record<CallPurpose, number>> = { typing: 3, show: 2, final: 1 };

/** Slows all chats down together while the platform refuses what no single chat has caused. Usually it is off. */
export interface Brake {
	/** Milliseconds until this purpose may ask again; 0 when nothing holds it back. */
	waitMilliseconds(purpose: CallPurpose): number;
	/** A call of any chat was made. */
	count(): void;
	/**
	 * A chat was refused. `isGlobal`: the platform says that everybody is meant, so nobody calls until the pause is over.
	 * Without that word, several chats refused at nearly the same time are taken as a sign.
	 */
	flood(chat: string, retryAfterSeconds: number, isGlobal: boolean): void;
}

const measuredMilliseconds = 5_000;
const suspiciousChats = 3;
const suspiciousMilliseconds = 10_000;
/** Once the pause is over the pace grows by this factor, again and again after so many milliseconds. */
const growth = 1.5;
const growthMilliseconds = 5_000;
/** Released when it would allow so many times what was called before it was set. */
const releaseFactor = 2;
const slowestCallsPerSecond = 1;
const burst = callsNeeded.typing;

interface Hold {
	/** Calls of all chats per second when it was set: what the platform did not like. */
	readonly before: number;
	readonly callsPerSecond: number;
	readonly since: number;
	readonly until: number;
	/** Nobody calls at all until then. */
	readonly stoppedUntil: number;
}

export function createBrake(clock: Clock): Brake {
	let calls: number[] = [];
	let floods: { readonly chat: string; readonly at: number; readonly until: number }[] = [];
	let hold: Hold | undefined;
	let free = { calls: 0, at: 0 };

	function recentCallsPerSecond(now: number): number {
		calls = calls.filter((at) => at > now - measuredMilliseconds);
		return (calls.length * 1_000) / measuredMilliseconds;
	}

	/** What all chats together may call now, or undefined when the brake is off. */
	function allowedPerSecond(now: number): number | undefined {
		if (!hold) return undefined;
		const steps = now < hold.until ? 0 : 1 + Math.floor((now - hold.until) / growthMilliseconds);
		const allowed = hold.callsPerSecond * growth ** steps;
		if (allowed >= hold.before * releaseFactor) hold = undefined;
		return hold && allowed;
	}

	function pull(now: number, until: number, stoppedUntil: number): void {
		const allowed = allowedPerSecond(now);
		if (hold && now - hold.since < growthMilliseconds) {
			hold = { ...hold, until: Math.max(hold.until, until), stoppedUntil: Math.max(hold.stoppedUntil, stoppedUntil) };
			return;
		}
		const before = Math.max(allowed ?? recentCallsPerSecond(now), slowestCallsPerSecond);
		hold = {
			before: Math.max(before, hold?.before ?? 0),
			callsPerSecond: Math.max(before / 2, slowestCallsPerSecond),
			since: now,
			until: Math.max(until, hold?.until ?? 0),
			stoppedUntil: Math.max(stoppedUntil, hold?.stoppedUntil ?? 0),
		};
		free = { calls: 0, at: Math.max(now, hold.stoppedUntil) };
	}

	/** Refills the shared budget up to now. */
	function freeCalls(now: number, allowed: number): number {
		const gained = (Math.max(0, now - free.at) * allowed) / 1_000;
		free = { calls: Math.min(burst, free.calls + gained), at: Math.max(now, free.at) };
		return free.calls;
	}

	return {
		waitMilliseconds(purpose) {
			const now = clock.elapsed();
			const allowed = allowedPerSecond(now);
			if (!hold || allowed === undefined) return 0;
			const missing = callsNeeded[purpose] - freeCalls(now, allowed);
			const wait = missing > 1e-6 ? Math.ceil((missing / allowed) * 1_000) : 0;
			return Math.max(wait, hold.stoppedUntil - now);
		},
		count() {
			const now = clock.elapsed();
			calls.push(now);
			if (calls.length > 1_000) recentCallsPerSecond(now);
			if (hold) free = { ...free, calls: free.calls - 1 };
		},
		flood(chat, retryAfterSeconds, isGlobal) {
			const now = clock.elapsed();
			const until = now + retryAfterSeconds * 1_000;
			if (isGlobal) return pull(now, until, until);
			floods = floods.filter((flood) => flood.chat !== chat && flood.at > now - suspiciousMilliseconds);
			floods.push({ chat, at: now, until });
			if (floods.length < suspiciousChats) return;
			pull(now, Math.min(...floods.map((flood) => flood.until)), 0);
			floods = [];
		},
	};
}
