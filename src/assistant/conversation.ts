import type { Keyv } from "keyv";
import type { ChatMessage } from "../providers/provider.ts";
import type { Compose, Decision } from "../router/route.ts";

/** A question and its answer. */
export interface Turn {
	/** Id of the question's message: answered anew after a crash, it replaces the first try. */
	readonly id: string;
	readonly question: string;
	readonly answer: string;
	/** How the router decided; undefined for an answer that was stopped. */
	readonly decision?: Decision;
}

/**
 * What was said, per person and conversation. In a group nobody's words come into another one's request: they may be
 * processed only where their author permits, and could otherwise give orders in another one's name.
 */
export interface Conversations {
	/** Oldest first. */
	history(conversation: string, author: string): Promise<readonly Turn[]>;
	remember(conversation: string, author: string, turn: Turn): Promise<void>;
	forget(conversation: string, author: string): Promise<void>;
}

const maximumTurns = 40;
const maximumCharacters = 200_000;

export function createConversations(store: Keyv): Conversations {
	const keyOf = (conversation: string, author: string): string => `history:${author}:${conversation}`;
	async function history(conversation: string, author: string): Promise<readonly Turn[]> {
		return (await store.get<readonly Turn[]>(keyOf(conversation, author))) ?? [];
	}
	return {
		history,
		async remember(conversation, author, turn) {
			const earlier = (await history(conversation, author)).filter(({ id }) => id !== turn.id);
			await store.set(keyOf(conversation, author), newest([...earlier, turn]));
		},
		async forget(conversation, author) {
			await store.delete(keyOf(conversation, author));
		},
	};
}

/** As many of the newest turns as the bounds allow, but always the last one. */
function newest(turns: readonly Turn[]): readonly Turn[] {
	let characters = 0;
	const recent = turns.slice(-maximumTurns).reverse();
	const tooMany = recent.findIndex(({ question, answer }, index) => {
		characters += question.length + answer.length;
		return index > 0 && characters > maximumCharacters;
	});
	return (tooMany === -1 ? recent : recent.slice(0, tooMany)).reverse();
}

/** System text, the newest turns that fit the tokens, and always the question, unchanged, as the last message. */
export function createCompose(
	system: string,
	history: readonly Turn[],
	question: string,
	estimateTokens: (text: string) => number,
): Compose {
	const fixedTokens = estimateTokens(system) + estimateTokens(question);
	const turns = history
		.map((turn) => ({ ...turn, tokens: estimateTokens(turn.question) + estimateTokens(turn.answer) }))
		.reverse();

	return (inputTokens) => {
		let left = inputTokens - fixedTokens;
		const tooLarge = turns.findIndex(({ tokens }) => {
			left -= tokens;
			return left < 0;
		});
		const fitting = (tooLarge === -1 ? turns : turns.slice(0, tooLarge)).toReversed();
		return [
			{ role: "system", content: system },
			...fitting.flatMap((turn): ChatMessage[] => [
				{ role: "user", content: turn.question },
				{ role: "assistant", content: turn.answer },
			]),
			{ role: "user", content: question },
		];
	};
}
