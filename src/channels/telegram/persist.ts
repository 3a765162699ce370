import { type Clock, sleep } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { TelegramError } from "./errors.ts";

export interface PersistParts {
	readonly clock: Clock;
	readonly log: Log;
	/** How long to leave the place to another program that receives with this token. */
	readonly conflictPauseSeconds: number;
	/** From 0 to 1, for the jitter of the pauses. */
	readonly random?: () => number;
}

const firstPauseSeconds = 1;
const longestPauseSeconds = 30;

/**
 * Repeats `attempt` until it returns true, the signal aborts or the token turns out to be revoked. Never rejects: every
 * other failure is waited out. The log gets one line when a trouble begins and one when it is over.
 */
export async function persist(
	parts: PersistParts,
	signal: AbortSignal,
	attempt: () => Promise<boolean>,
): Promise<void> {
	const { clock, log, conflictPauseSeconds, random = Math.random } = parts;
	let failures = 0;
	let trouble: string | undefined;

	function pauseSeconds(error: unknown): number {
		if (error instanceof TelegramError && error.kind === "flood") return error.retryAfterSeconds;
		if (error instanceof TelegramError && error.code === 409) return conflictPauseSeconds;
		const seconds = Math.min(firstPauseSeconds * 2 ** (failures - 1), longestPauseSeconds);
		return seconds * (0.5 + random() / 2);
	}

	while (!signal.aborted) {
		try {
			if (await attempt()) return;
			if (trouble !== undefined) log.info("telegram: receiving again");
			trouble = undefined;
			failures = 0;
		} catch (error) {
			if (signal.aborted) return;
			failures++;
			const seconds = pauseSeconds(error);
			if (error instanceof TelegramError && error.kind === "unauthorised") {
				log.error({ error }, "telegram: the token is not valid, nothing is received any more");
				return;
			}
			if (troubleOf(error) !== trouble) log.warn({ error, pauseSeconds: seconds }, troubleOf(error));
			trouble = troubleOf(error);
			await sleep(clock, seconds * 1_000, signal);
		}
	}
}

function troubleOf(error: unknown): string {
	if (!(error instanceof TelegramError)) return "telegram: updates could not be written down and will come again";
	if (error.isWebhookConflict) return "telegram: updates went to a web hook, which is being removed";
	if (error.code === 409) return "telegram: another program receives with the same token; only one of them may run";
	if (error.kind === "flood") return "telegram: asked too often";
	return "telegram: cannot be reached";
}
