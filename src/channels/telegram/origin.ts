import type { Message } from "../../assistant/message.ts";

/** What is needed to answer a Telegram message. It stands in the journal, so it survives JSON. */
export type Origin = {
	readonly chat: number;
	/** The question. */
	readonly message: number;
	/** The topic to send to. Null outside of topics and in General: its id is refused on sends. */
	readonly sendTopic: number | null;
	/** The topic to show typing in: General has a number here. */
	readonly typingTopic: number | null;
};

/** Reads back what `toMessage` of incoming.ts wrote. */
export const originOf = (message: Message): Origin => message.origin as Origin;
