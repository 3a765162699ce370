import type { Answer, Message } from "../../src/assistant/message.ts";
import type { LiveReply, Replies, ReplyRecord } from "../../src/inbox/reply.ts";

/** A chat kept in memory: what a person sees of each reply, and everything that was shown on the way. */
export interface MemoryChat extends Replies {
	/** Finished answers in the order in which they landed. */
	readonly finished: { readonly id: string; readonly text: string | null; readonly record: ReplyRecord }[];
	readonly shown: { readonly id: string; readonly text: string }[];
	readonly abandoned: string[];
	/** Consulted before an answer lands; an error it returns is thrown instead. */
	refuse: (message: Message) => Error | undefined;
}

export function createMemoryChat(): MemoryChat {
	const chat: MemoryChat = {
		finished: [],
		shown: [],
		abandoned: [],
		refuse: () => undefined,
		open(message, record): LiveReply {
			return {
				show: (text) => void chat.shown.push({ id: message.id, text }),
				async finish(answer: Answer | null) {
					const error = chat.refuse(message);
					if (error) throw error;
					record.save(["1"], 1);
					chat.finished.push({ id: message.id, text: answer?.text ?? null, record });
				},
				abandon: () => void chat.abandoned.push(message.id),
			};
		},
	};
	return chat;
}

let count = 0;

/** A direct message as a channel would hand it in. */
export function messageOf(text: string, changes: Partial<Message> = {}): Message {
	count += 1;
	const channel = changes.channel ?? "memory";
	return {
		id: `${channel}:1:${count}`,
		channel,
		conversation: `${channel}:1`,
		author: `${channel}:1`,
		text,
		attachments: [],
		isDirect: true,
		mayCommand: true,
		sentAt: 0,
		origin: null,
		...changes,
	};
}
