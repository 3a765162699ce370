import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Outcome, Question } from "./attempt.ts";

/** It has shown nothing yet. The call goes on, and whoever finds nobody better may come back to it. */
interface Late {
	readonly kind: "late";
	/** Shows what it has shown meanwhile and from now on; resolves with its end. */
	rejoin(): Promise<Outcome>;
}

export type Attempted = Outcome | Late;

/** What a person hardly notices. */
const headStartMilliseconds = 200;

/**
 * Tries whether a route that kept somebody waiting is back, at the cost of a blink: unless it begins within its head start,
 * the person is served elsewhere, and the call goes on by itself so that it can be found well again.
 */
export async function withHeadStart(
	call: (question: Question) => Promise<Outcome>,
	question: Question,
	clock: Clock,
	log: Log,
): Promise<Attempted> {
	const begun = Promise.withResolvers<void>();
	const wait = new AbortController();
	let isLate = false;
	let latest: string | undefined;
	const show = (textSoFar: string): void => {
		latest = textSoFar;
		if (!isLate) question.options.onText?.(textSoFar);
		begun.resolve();
	};
	const outcome = call({ ...question, options: { ...question.options, onText: show } });
	const ended = outcome.then(
		() => true,
		() => true,
	);
	const isInTime = await Promise.race([
		ended,
		begun.promise.then(() => true),
		sleep(clock, headStartMilliseconds, wait.signal).then(() => latest !== undefined),
	]);
	wait.abort();
	if (isInTime) return outcome;

	isLate = true;
	outcome.catch((error: unknown) => log.error({ error }, "late call not entered"));
	return {
		kind: "late",
		rejoin() {
			isLate = false;
			if (latest !== undefined) question.options.onText?.(latest);
			return outcome;
		},
	};
}
