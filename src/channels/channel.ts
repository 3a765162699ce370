import type { Message } from "../assistant/message.ts";
import type { Replies } from "../inbox/reply.ts";
import type { TextKey, TextValues } from "../locale.ts";

export { ChannelError, type ChannelErrorKind, type LiveReply, type ReplyRecord } from "../inbox/reply.ts";

/** Short texts that a channel keeps across restarts, such as which menu it has published. */
export interface Notes {
	get(key: string): string | undefined;
	set(key: string, value: string): void;
}

/** What a platform says of the bot when the operator asks: its name there, and what is worth knowing. */
export interface ChannelCheck {
	readonly name: string;
	readonly remarks: readonly ChannelRemark[];
}
export interface ChannelRemark {
	readonly key: TextKey;
	readonly values?: TextValues;
	/** Something to mend. */
	readonly isHarmful: boolean;
}

/** A place where people write: Telegram, Discord, the terminal. */
export interface Channel extends Replies {
	readonly name: string;
	/**
	 * Begins to receive and resolves once messages can arrive. Rejects only for what no waiting mends (a revoked token).
	 * `accept` returns after the rows are written and throws when they could not be: only then may the platform be told.
	 */
	start(accept: (messages: readonly Message[]) => void): Promise<void>;
	/** Ends the intake and resolves once no further message will be accepted. Replies can still be finished. */
	stop(): Promise<void>;
	/** Frees connections. Called after the last reply. */
	close(): Promise<void>;
}
