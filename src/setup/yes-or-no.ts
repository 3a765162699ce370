import { say, type Voice } from "../locale.ts";
import type { Understood } from "./questions.ts";

/** Consent has to be said: an empty answer is none. */
export function readYesOrNo(voice: Voice): (answer: string) => Understood<boolean> {
	return (answer) => {
		if (/^(j|ja|y|yes)$/i.test(answer)) return { value: true };
		if (/^(n|nein|no)$/i.test(answer)) return { value: false };
		return { hint: say(voice, "setup.yesOrNo") };
	};
}
