import type { MessageEntity, Message as TelegramMessage, UserFromGetMe } from "grammy/types";

/** The bot as Telegram knows it: what mentions, commands and replies are compared with. */
export type Bot = Pick<UserFromGetMe, "id" | "username">;

/**
 * What the message says to this bot, without its name: `@bot, hallo` is `hallo`, `/status@bot alles` is `/status alles`.
 * Undefined when it is not meant for this bot: another bot's command, or a group where nobody spoke to it.
 */
export function addressedText(message: TelegramMessage, bot: Bot, mayCommand: boolean): string | undefined {
	const text = message.text ?? message.caption ?? "";
	const entities = message.entities ?? message.caption_entities ?? [];

	const command = entities.find((entity) => entity.type === "bot_command" && entity.offset === 0);
	if (command && mayCommand) return commandText(text, command, bot);
	if (message.chat.type === "private") return text;

	const mentions = entities.filter((entity) => isMention(entity, text, bot));
	if (mentions.length === 0 && !isReplyTo(message, bot)) return undefined;
	return withoutMentions(text, mentions);
}

function commandText(text: string, { length }: MessageEntity, bot: Bot): string | undefined {
	const [name = "", addressee] = text.slice(0, length).split("@");
	const isForUs = addressee === undefined || addressee.toLowerCase() === bot.username.toLowerCase();
	return isForUs ? name + text.slice(length) : undefined;
}

function isMention(entity: MessageEntity, text: string, bot: Bot): boolean {
	if (entity.type === "text_mention") return entity.user.id === bot.id;
	const name = text.slice(entity.offset, entity.offset + entity.length);
	return entity.type === "mention" && name.toLowerCase() === `@${bot.username.toLowerCase()}`;
}

/** Every message of a topic "replies" to the note that the topic was created: nobody meant the bot by that. */
function isReplyTo({ reply_to_message: replied }: TelegramMessage, bot: Bot): boolean {
	return replied?.from?.id === bot.id && replied.forum_topic_created === undefined;
}

function withoutMentions(text: string, mentions: readonly MessageEntity[]): string {
	return mentions
		.toSorted((a, b) => b.offset - a.offset)
		.reduce((rest, { offset, length }) => {
			const before = rest.slice(0, offset);
			const separator = before.trim() === "" ? /^[,:]?\s*/ : /^ /;
			return before + rest.slice(offset + length).replace(separator, "");
		}, text)
		.trim();
}
