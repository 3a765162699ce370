import type { Answer, Live, Message } from "../assistant/message.ts";

/** What the inbox asks of a channel. */
export interface Replies {
	/** Prepares the reply to a message. Sends nothing yet. Called again with the recorded parts after a crash. */
	open(message: Message, record: ReplyRecord): LiveReply;
}

/** One message that grows. Latest wins; the final text always lands. */
export interface LiveReply extends Live {
	/**
	 * Resolves once every part of the answer stands in the chat; doing it twice changes nothing.
	 * `null` removes what the platform shows of the attempt. Rejects with a ChannelError.
	 */
	finish(answer: Answer | null): Promise<void>;
	/** Ends typing and pending edits without a final text: the process is stopping. */
	abandon(): void;
}

/** What the journal remembers of a reply: platform ids of its messages in order, and how many are final. */
export interface ReplyRecord {
	readonly parts: readonly string[];
	readonly deliveredParts: number;
	/** Returns after the row is written. */
	save(parts: readonly string[], deliveredParts: number): void;
}

/**
 * flood: wait `retryAfterSeconds` · unchanged: it stands there already · missing: the message to edit is gone ·
 * markup: the platform could not read our formatting · forbidden: blocked, kicked, no right to write ·
 * network: it is unknown whether the call arrived · unauthorised: the token is no longer valid ·
 * expired: an interaction is over · rejected: everything else that a repetition would not mend
 */
export type ChannelErrorKind =
	| "flood"
	| "unchanged"
	| "missing"
	| "markup"
	| "forbidden"
	| "network"
	| "unauthorised"
	| "expired"
	| "rejected";

/** The only error that leaves a channel. Its message carries no token and no text of the chat. */
export class ChannelError extends Error {
	override readonly name = "ChannelError";
	readonly kind: ChannelErrorKind;
	/** Only with `flood`. */
	readonly retryAfterSeconds: number;
	/** The wait is not this chat's own: it holds for the whole bot. Only with `flood`. */
	readonly isGlobal: boolean;

	constructor(
		kind: ChannelErrorKind,
		message: string,
		options: { cause?: unknown; retryAfterSeconds?: number; isGlobal?: boolean } = {},
	) {
		super(message, { cause: options.cause });
		this.kind = kind;
		this.retryAfterSeconds = options.retryAfterSeconds ?? 0;
		this.isGlobal = options.isGlobal ?? false;
	}
}
