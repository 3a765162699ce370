import type { Clock } from "../clock.ts";
import { formatDuration, operatorVoice } from "../locale.ts";
import { type Finding, fine, note } from "./finding.ts";

/** Windows and their resets are judged by this machine's clock: more than this is wrong. */
const toleratedSeconds = 60;

/** Watches what the servers that are asked take for the time. */
export interface ClockSkew {
	/** A fetch that looks at the `Date` of each answer. */
	readonly fetch: typeof globalThis.fetch;
	/** Empty when no server told the time. */
	findings(): readonly Finding[];
}

export function createClockSkew(clock: Clock, fetch: typeof globalThis.fetch): ClockSkew {
	const skews: number[] = [];
	return {
		async fetch(input, init) {
			const response = await fetch(input, init);
			const at = Date.parse(response.headers.get("date") ?? "");
			if (!Number.isNaN(at)) skews.push((clock.now() - at) / 1_000);
			return response;
		},
		findings() {
			// The middle one: a single server may be wrong.
			const skew = skews.toSorted((one, other) => one - other)[Math.floor(skews.length / 2)];
			if (skew === undefined) return [];
			if (Math.abs(skew) <= toleratedSeconds) return [fine("doctor.clock")];
			const duration = formatDuration(operatorVoice, Math.round(Math.abs(skew) / 60) * 60);
			return [note(skew > 0 ? "doctor.clockFast" : "doctor.clockSlow", { duration })];
		},
	};
}
