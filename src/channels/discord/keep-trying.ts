import { type Clock, sleep } from "../../clock.ts";
import { ChannelError } from "../channel.ts";

const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 60_000;

/**
 * Repeats `attempt` with doubling pauses until it succeeds or the signal aborts; `onFailure` hears of each failure that
 * time may mend. Rejects for the others.
 */
export async function keepTrying(
	attempt: () => Promise<void>,
	onFailure: (error: unknown) => void,
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	for (let pause = firstPauseMilliseconds; !signal.aborted; pause = Math.min(pause * 2, longestPauseMilliseconds)) {
		try {
			return await attempt();
		} catch (error) {
			if (isFinal(error)) throw error;
			onFailure(error);
		}
		await sleep(clock, pause, signal);
	}
}

function isFinal(error: unknown): boolean {
	return error instanceof ChannelError && error.kind !== "network" && error.kind !== "flood";
}
