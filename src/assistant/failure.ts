import { formatNumber, say, type Voice } from "../locale.ts";
import type { RouterError } from "../router/route.ts";
import type { Message } from "./message.ts";
import { isToday, shortMoment } from "./moment.ts";

const maximumCharacters = 100_000;

/** The sentence for a message that no model is asked about; undefined for one that is. */
export function badInputText(voice: Voice, { text, attachments }: Message): string | undefined {
	const isEmpty = text.replace(/[\p{C}\p{Z}\s]/gu, "") === "";
	if (isEmpty) return say(voice, attachments.length > 0 ? "failure.attachment" : "failure.empty");
	// Counting characters costs time: not before the units, of which there are never fewer, are too many.
	if (text.length > maximumCharacters && [...text].length > maximumCharacters) {
		return say(voice, "failure.tooManyCharacters", { limit: formatNumber(voice, maximumCharacters) });
	}
	return undefined;
}

/** What a person reads when no route gave an answer. */
export function failureText(voice: Voice, error: RouterError, now: number): string {
	switch (error.kind) {
		case "no-provider":
			return say(voice, "failure.noProvider");
		case "too-long":
			return say(voice, "failure.tooLong");
		case "content":
			return say(voice, "failure.content");
		case "bad-request":
			return say(voice, "failure.badRequest");
		case "aborted":
			return say(voice, "assistant.stopped");
		case "budget":
			return `${say(voice, "failure.budget")} ${outlook(voice, error.nextTryAt, now)}`;
		case "share":
			return `${say(voice, "failure.share")} ${outlook(voice, error.nextTryAt, now)}`;
		case "busy":
			return `${say(voice, "failure.busy")} ${outlook(voice, error.nextTryAt, now)}`;
	}
}

function outlook(voice: Voice, nextTryAt: number | undefined, now: number): string {
	if (nextTryAt === undefined) return say(voice, "failure.nextUnknown");
	const at = Math.max(nextTryAt, now + 1);
	return isToday(voice, at, now)
		? say(voice, "failure.nextTime", { time: shortMoment(voice, at, now) })
		: say(voice, "failure.nextMoment", { moment: shortMoment(voice, at, now) });
}
