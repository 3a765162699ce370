import type { Answer } from "../assistant/message.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { RenderedPart } from "./markdown/rendered.ts";
import type { ChatPace, Pace } from "./pace.ts";

/** What a platform offers to one reply. Its calls throw only ChannelError and never wait for the pace themselves. */
export interface Surface {
	/** Key of the pace budget: everything visible in this chat shares it. */
	readonly chat: string;
	/** How fast this chat may be served. */
	readonly limits: ChatPace;
	/** How long the platform shows "is typing" after one call. */
	readonly typingSeconds: number;
	/** The answer so far, or the finished one, as messages of the platform. Never empty for text with visible characters. */
	render(answer: Answer, isUnfinished: boolean): readonly RenderedPart[];
	/** Shows for `typingSeconds` that the bot is writing. */
	typing(): Promise<void>;
	/** Sends the placeholder of one part, counted from 0, and returns its id. A placeholder never contains answer text. */
	create(index: number): Promise<string>;
	/** Replaces all that the part shows; `asPlain`: text without any formatting. Doing it twice changes nothing. */
	edit(id: string, part: RenderedPart, asPlain: boolean): Promise<void>;
	/** Takes a part out of the chat. */
	remove(id: string): Promise<void>;
	/** A preview that needs no message (Telegram's drafts). Undefined where there is none; once refused, it is not used again. */
	readonly preview?: (part: RenderedPart) => Promise<void>;
}

/** What every reply of a channel works with. */
export interface ReplyTools {
	readonly pace: Pace;
	readonly clock: Clock;
	readonly log: Log;
}
