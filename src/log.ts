import { AsyncLocalStorage } from "node:async_hooks";
import { type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

const currentMessage = new AsyncLocalStorage<string>();

/** Every line written inside `action`, in whatever layer, carries this message id. */
export function withMessage<Result>(messageId: string, action: () => Result): Result {
	return currentMessage.run(messageId, action);
}

/** Telegram's token stands in URLs and error texts; keys have well-known beginnings; bearer headers carry the rest. */
const secretShapes =
	/\d{6,12}(?::|%3A)[A-Za-z0-9_-]{30,}|(?<![A-Za-z])(?:sk|gsk|pk|xai)[-_][A-Za-z0-9_-]{8,}|Bearer\s+[^\s"\\]+|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g;

/** Replaces the given secrets and everything that looks like one. */
function createRedactor(secrets: readonly string[]): (text: string) => string {
	const known = secrets
		.filter((secret) => secret.length >= 4)
		.flatMap((secret) => [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])]);
	return (text) =>
		known.reduce((line, secret) => line.replaceAll(secret, "[redacted]"), text).replace(secretShapes, "[redacted]");
}

/**
 * One JSON line per event to `write` (standard error by default). Callers pass ids, kinds and figures, never message text,
 * and what was thrown as `error`, of which the line shows name and message. The whole line goes through the redactor, so
 * that no error text carries a token outside.
 */
export function createLog(
	level: string,
	secrets: readonly string[],
	write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
	const redact = createRedactor(secrets);
	return pino(
		{
			level,
			base: null,
			timestamp: () => `,"time":"${new Date().toISOString()}"`,
			formatters: { level: (label) => ({ level: label }) },
			serializers: { error: String },
			mixin: () => {
				const message = currentMessage.getStore();
				return message === undefined ? {} : { message };
			},
		},
		{ write: (line: string) => write(redact(line)) },
	);
}

/** For whoever chats in the same terminal: a sentence for the operator alone; what has none stays the line that it is. */
export function writeSentence(line: string): void {
	const { msg, provider, error } = JSON.parse(line) as Partial<Record<string, string>>;
	const isSentence = provider !== undefined || error === undefined;
	process.stderr.write(isSentence && msg !== undefined ? `\n${msg}\n` : line);
}
