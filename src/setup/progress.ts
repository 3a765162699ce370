import type { Clock } from "../clock.ts";
import { formatDuration, formatNumber, say, type Voice } from "../locale.ts";
import { formatSize } from "./sizes.ts";

export interface ProgressParts {
	readonly write: (text: string) => void;
	/** One line that changes in place; otherwise a line for every tenth. */
	readonly isTerminal: boolean;
	readonly clock: Clock;
	readonly voice: Voice;
}

export interface Progress {
	show(receivedBytes: number, totalBytes: number | undefined): void;
	/** Ends the changing line. */
	end(): void;
}

const redrawMilliseconds = 200;
/** The speed of a shorter time says little about the rest. */
const measuredMilliseconds = 2_000;
const clearLine = "\r\u001b[K";

/** Shows how far a download is: percent, bytes, and the time that the rest takes at the speed so far. */
export function createProgress({ write, isTerminal, clock, voice }: ProgressParts): Progress {
	let beginning: { readonly at: number; readonly bytes: number } | undefined;
	let drawnAt = Number.NEGATIVE_INFINITY;
	let lastTenth = -1;
	let isLineOpen = false;

	function lineOf(received: number, total: number | undefined): string {
		if (total === undefined) return say(voice, "setup.progressUnknown", { received: formatSize(voice, received) });
		const values = {
			percent: formatNumber(voice, Math.floor((100 * received) / total)),
			received: formatSize(voice, received),
			total: formatSize(voice, total),
		};
		const rest = restSeconds(received, total);
		if (rest === undefined) return say(voice, "setup.progress", values);
		return say(voice, "setup.progressRest", { ...values, rest: formatDuration(voice, rest) });
	}

	function restSeconds(received: number, total: number): number | undefined {
		if (!beginning || received >= total) return undefined;
		const milliseconds = clock.elapsed() - beginning.at;
		const loaded = received - beginning.bytes;
		if (milliseconds < measuredMilliseconds || loaded <= 0) return undefined;
		return ((total - received) / loaded) * (milliseconds / 1_000);
	}

	return {
		show(received, total) {
			beginning ??= { at: clock.elapsed(), bytes: received };
			if (isTerminal) {
				const isDue = clock.elapsed() - drawnAt >= redrawMilliseconds || received === total;
				if (!isDue) return;
				drawnAt = clock.elapsed();
				isLineOpen = true;
				return write(clearLine + lineOf(received, total));
			}
			const tenth = total === undefined ? Math.floor(received / 500e6) : Math.floor((10 * received) / total);
			if (tenth === lastTenth) return;
			lastTenth = tenth;
			write(`${lineOf(received, total)}\n`);
		},
		end() {
			if (isLineOpen) write("\n");
			isLineOpen = false;
		},
	};
}
