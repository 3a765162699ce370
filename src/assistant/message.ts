/** What the inside and the channels know of each other. Messages and answers survive JSON. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What came along with the text. Its content is not fetched before the author was let in. */
export type AttachmentKind = "picture" | "voice" | "video" | "sticker" | "document" | "location" | "other";

export interface Message {
	/** The same for every delivery of the same message, e.g. `telegram:-100123:55`. The journal refuses a second one. */
	readonly id: string;
	/** Name of the channel it came by: the part of `id` before the first colon. */
	readonly channel: string;
	/** Answers of one conversation come in order, e.g. `telegram:-100123:7` (7 is the topic). */
	readonly conversation: string;
	/** Numeric identity, never a name: `telegram:4711`, `discord:815`, `terminal:local`. */
	readonly author: string;
	/** How to address the author; untrusted text, undefined when the platform says nothing. */
	readonly authorName?: string;
	/** Without the mention of the bot. Commands of every platform arrive as `/name rest`. May be empty. */
	readonly text: string;
	readonly attachments: readonly AttachmentKind[];
	/** Nobody but the author and the bot reads along. */
	readonly isDirect: boolean;
	/** False for forwarded text, inline bots, anonymous admins: such text never runs a command. */
	readonly mayCommand: boolean;
	/** Milliseconds since 1970, by the platform's clock. */
	readonly sentAt: number;
	/** What the channel itself needs to answer (chat, topic, message, interaction token). Opaque to everybody else. */
	readonly origin: Json;
}

/**
 * A finished answer as Markdown. It is written to the journal before it is delivered, so it survives JSON.
 * A link whose target is `time:` and seconds since 1970 is a moment: `[14:05](time:1795438800)`. Platforms that know a mark
 * for moments show it in the reader's own zone, the others show its text.
 */
export interface Answer {
	readonly text: string;
	/** Figures to look at: a platform that has cards shows it as one. */
	readonly isCard?: true;
	/** Stands above the text, which must then fit under a picture (1,000 characters). */
	readonly picture?: Picture;
}

export interface Picture {
	/** PNG, base64. */
	readonly png: string;
	/** For people who cannot see it. */
	readonly description: string;
}

/** The growing answer. Never throws, never blocks: what becomes visible when is decided by the channel's pace. */
export interface Live {
	/**
	 * The whole text so far, never a fragment: after a failover it simply starts again.
	 * The empty text means that work has begun: the person sees that the bot is typing.
	 */
	show(textSoFar: string): void;
}

/**
 * Answers one message. `null` says nothing at all (a stranger who was told already).
 * Resolves also for refusals and failures that have a sentence; throws only for defects, and the inbox tries again.
 * An aborted signal means that the program is ending: the promise may then reject and the row is taken up later.
 */
export type AnswerMessage = (message: Message, live: Live, signal: AbortSignal) => Promise<Answer | null>;

/** One entry of the platforms' command menus, in one language. */
export interface MenuCommand {
	/** `a-z`, `0-9`, `_`, at most 32 characters. */
	readonly name: string;
	/** At most 100 characters. */
	readonly description: string;
	/** Free text behind the command, or undefined for a command that takes none. */
	readonly argument?: {
		readonly name: string;
		readonly description: string;
		readonly isRequired: boolean;
		/** The only values allowed; undefined for free text. */
		readonly choices?: readonly string[];
	};
	/** Its answer concerns the asker alone: shown only to them where the platform can. */
	readonly isPrivate: boolean;
	/** Left out of all other menus: it needs no entry there, or should not stand in everybody's menu. */
	readonly onlyIn?: "discord";
}

/** Command menus by language. `de` is also the default of platforms that know no language. */
export type Menu = Readonly<Record<"de" | "en", readonly MenuCommand[]>>;

/** What a platform shows of the bot outside of chats. */
interface Profile {
	readonly description: string;
	readonly shortDescription: string;
}
export type Profiles = Readonly<Record<"de" | "en", Profile>>;
