import type { Message } from "./message.ts";

/** The answers that are being written, so that /stopp can end them. */
export interface Running {
	/** The signal aborts when the person stops this answer; `end` has to be called in every case. */
	begin(message: Message): { readonly signal: AbortSignal; end(): void };
	/** Stops the answers of a conversation, all of them or one person's; returns how many there were. */
	stop(conversation: string, author?: string): number;
}

export function createRunning(): Running {
	const answers = new Map<string, Set<{ readonly author: string; readonly controller: AbortController }>>();
	return {
		begin({ conversation, author }) {
			const answer = { author, controller: new AbortController() };
			const lane = answers.get(conversation) ?? new Set();
			answers.set(conversation, lane.add(answer));
			return {
				signal: answer.controller.signal,
				end() {
					lane.delete(answer);
					if (lane.size === 0 && answers.get(conversation) === lane) answers.delete(conversation);
				},
			};
		},
		stop(conversation, author) {
			const stopped = [...(answers.get(conversation) ?? [])].filter(
				(answer) => author === undefined || answer.author === author,
			);
			for (const { controller } of stopped) controller.abort();
			return stopped.length;
		},
	};
}
