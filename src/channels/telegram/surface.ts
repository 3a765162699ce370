import { InputFile } from "grammy";
import type { Answer } from "../../assistant/message.ts";
import { renderTelegram, renderTelegramCaption } from "../markdown/markdown.ts";
import type { RenderedPart } from "../markdown/rendered.ts";
import { telegramGroupPace, telegramPrivatePace } from "../pace.ts";
import type { Surface } from "../surface.ts";
import type { TelegramApi } from "./api.ts";
import { TelegramError } from "./errors.ts";
import type { Origin } from "./origin.ts";

const placeholder = "…";
/** A preview fetches the address, and with it whatever a model was talked into putting there. */
const withoutPreview = { link_preview_options: { is_disabled: true } } as const;

/** One reply as Telegram shows it: a placeholder that is edited, or a draft in a private chat. */
export function createSurface(parts: {
	readonly api: TelegramApi;
	readonly origin: Origin;
	readonly isDirect: boolean;
	readonly usesDrafts: boolean;
}): Surface {
	const { api, origin, isDirect } = parts;
	const sendTopic = origin.sendTopic === null ? {} : { message_thread_id: origin.sendTopic };
	const typingTopic = origin.typingTopic === null ? {} : { message_thread_id: origin.typingTopic };
	let chat = origin.chat;

	/** A group that became a supergroup is followed once. */
	async function inChat<Result>(call: (chat_id: number) => Promise<Result>): Promise<Result> {
		try {
			return await call(chat);
		} catch (error) {
			if (!(error instanceof TelegramError) || error.migratedTo === undefined) throw error;
			chat = error.migratedTo;
			return call(chat);
		}
	}

	const surface: Surface = {
		chat: `telegram:${origin.chat}`,
		limits: isDirect ? telegramPrivatePace : telegramGroupPace,
		typingSeconds: 5,
		render,

		async typing() {
			await inChat((chat_id) => api.sendChatAction({ chat_id, action: "typing", ...typingTopic }));
		},

		async create(index) {
			const isReply = !isDirect && index === 0;
			const reply_parameters = { message_id: origin.message, allow_sending_without_reply: true };
			const sent = await inChat((chat_id) =>
				api.sendMessage({
					chat_id,
					text: placeholder,
					...withoutPreview,
					...sendTopic,
					...(isReply ? { reply_parameters } : {}),
				}),
			);
			return String(sent.message_id);
		},

		async edit(id, part, asPlain) {
			const { picture } = part;
			const message_id = Number(id);
			const { text, ...mode } = textOf(part, asPlain);
			await inChat((chat_id) => {
				if (!picture) return api.editMessageText({ chat_id, message_id, text, ...mode, ...withoutPreview });
				const file = new InputFile(Buffer.from(picture.png, "base64"), "picture.png");
				return api.editMessageMedia({
					chat_id,
					message_id,
					media: { type: "photo", media: file, caption: text, ...mode },
				});
			});
		},

		async remove(id) {
			await inChat((chat_id) => api.deleteMessage({ chat_id, message_id: Number(id) }));
		},
	};
	if (!parts.usesDrafts || !isDirect) return surface;

	return {
		...surface,
		async preview(part) {
			// The question's number: the same for every draft of one answer, so that Telegram animates the change.
			const draft = { draft_id: origin.message, can_stop: true };
			await api.sendMessageDraft({ chat_id: chat, ...draft, ...textOf(part, false), ...sendTopic });
		},
	};
}

/** Telegram has no cards. A picture is the first message, with the beginning of the text below it. */
function render({ text, picture }: Answer, isUnfinished: boolean): readonly RenderedPart[] {
	if (!picture) return renderTelegram(text, isUnfinished);
	const [first = { markup: "", plain: "" }, ...others] = renderTelegramCaption(text);
	return [{ ...first, picture }, ...others];
}

/** Telegram refuses lone surrogates, with or without markup. */
function textOf(part: RenderedPart, asPlain: boolean): { text: string; parse_mode?: "HTML" } {
	return asPlain ? { text: part.plain.toWellFormed() } : { text: part.markup.toWellFormed(), parse_mode: "HTML" };
}
