import type { Message } from "../../assistant/message.ts";

/** What a reply to an ordinary message needs. */
export type MessageOrigin = {
	readonly kind: "message";
	readonly channelId: string;
	readonly messageId: string;
};

/** What a reply to a slash command needs. It is kept with the message, so that another process can finish the reply. */
export type InteractionOrigin = {
	readonly kind: "interaction";
	readonly applicationId: string;
	readonly interactionId: string;
	readonly token: string;
	readonly channelId: string;
	/** Milliseconds since 1970: Discord takes no answer under this token any more. */
	readonly expiresAt: number;
	/** Only the asker sees the answer. */
	readonly isPrivate: boolean;
	/** The bot may write in the channel without the interaction. False where only the person installed it. */
	readonly isPresent: boolean;
};

/** Only `readMessage` and `readCommand` write it. */
export function originOf(message: Message): MessageOrigin | InteractionOrigin {
	return message.origin as MessageOrigin | InteractionOrigin;
}
