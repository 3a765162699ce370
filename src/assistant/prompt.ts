import { formatDate, formatTime, say } from "../locale.ts";
import type { Message } from "./message.ts";
import { cleanName, type Person, voiceOf } from "./person.ts";

/** What the model is told before the conversation, in the person's language and form. `now` in milliseconds since 1970. */
export function systemText(person: Person, message: Message, now: number): string {
	const voice = voiceOf(person);
	const name = cleanName(message.authorName);
	return [
		say(voice, "assistant.system"),
		say(voice, "assistant.systemStyle"),
		...(name === undefined ? [] : [say(voice, "assistant.systemName", { name })]),
		say(voice, "assistant.systemTime", { date: formatDate(voice, now), time: formatTime(voice, now) }),
	].join("\n\n");
}
