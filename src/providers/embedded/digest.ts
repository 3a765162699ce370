import type { ChatMessage } from "../provider.ts";
import type { Sequence, Turn } from "./engine-types.ts";

/** Some seconds on a slow machine, so that an abort never waits longer. */
const sliceTokens = 128;

/**
 * Reads a question into the model in slices. What the conversation has in common with the last one stays as it is. The
 * last token is left for the answer. Throws when the signal aborts.
 */
export async function digest(
	sequence: Sequence,
	tokens: number[],
	signal: AbortSignal,
	onSlice: () => void,
): Promise<void> {
	const known = tokens.slice(0, -1);
	await sequence.adaptStateToTokens(known, false);
	while (!signal.aborted && sequence.nextTokenIndex < known.length) {
		const start = sequence.nextTokenIndex;
		await sequence.evaluateWithoutGeneratingNewTokens(known.slice(start, start + sliceTokens));
		onSlice();
	}
	signal.throwIfAborted();
}

export function turnsOf(messages: readonly ChatMessage[]): readonly Turn[] {
	return messages.map(({ role, content }) => {
		const text = content.toWellFormed();
		return role === "assistant" ? { type: "model", response: [text] } : { type: role, text };
	});
}
