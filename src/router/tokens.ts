/**
 * Tokens of one message by estimate: German text takes about 3.3 characters a token, and each message a few more for the
 * marks around it. The assistant composes with it, the router reserves with it.
 */
export function estimateTokens(text: string): number {
	return Math.ceil(text.length / 3.3) + 4;
}
