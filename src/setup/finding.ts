import { operatorVoice, say, type TextKey, type TextValues } from "../locale.ts";

/** One line for the operator: what is right, what is worth knowing, or what is wrong and how to mend it. */
export interface Finding {
	readonly mark: "✅" | "⚠️" | "⛔";
	readonly text: string;
}

export const fine = (key: TextKey, values?: TextValues): Finding => ({
	mark: "✅",
	text: say(operatorVoice, key, values),
});
export const note = (key: TextKey, values?: TextValues): Finding => ({
	mark: "⚠️",
	text: say(operatorVoice, key, values),
});
export const broken = (key: TextKey, values?: TextValues): Finding => ({
	mark: "⛔",
	text: say(operatorVoice, key, values),
});
