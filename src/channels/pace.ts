/** How fast one chat may be served. All visible calls count: sends, edits, typing. */
export interface ChatPace {
	readonly callsPerSecond: number;
	/** Calls that may follow each other at once after a rest. */
	readonly burst: number;
	/** Least gap before the 2nd, 3rd, … visible change of one answer; the last value repeats. */
	readonly editGapsSeconds: readonly number[];
}

/** typing gives way to everything, show leaves one call free, final may take the last one. */
export type CallPurpose = "typing" | "show" | "final";

/** One budget per chat over all visible calls. */
export interface Pace {
	/** Books one call now, or says in how many milliseconds this purpose may ask again. */
	take(chat: string, limits: ChatPace, purpose: CallPurpose): true | { readonly waitMilliseconds: number };
	/** The platform asked for a pause: this chat is left alone for all of it; `isGlobal` slows every chat down. */
	flood(chat: string, retryAfterSeconds: number, isGlobal: boolean): void;
	/** The platform said how many calls are left in the chat's bucket. */
	observe(chat: string, remaining: number, resetAfterSeconds: number): void;
}
