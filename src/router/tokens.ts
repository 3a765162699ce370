import type { ChatMessage } from "../providers/provider.ts";

/**
 * Tokens of one message by estimate: German text takes about 3.3 characters a token, and each message a few more for the
 * marks around it. The assistant composes with it, the router reserves with it.
 */
export function estimateTokens(text: string): number {
	return Math.ceil(text.length / 3.3) + 4;
}

/** The marks around a message, and what some servers put before the first one. */
const marksOfMessage = 16;
const marksOfRequest = 256;

/** No tokenizer makes more of these messages: none needs more than one token for a byte of UTF-8. */
export function mostTokens(messages: readonly ChatMessage[]): number {
	return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + marksOfMessage, marksOfRequest);
}
