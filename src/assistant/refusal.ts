import { say, type Voice } from "../locale.ts";
import type { Refusal } from "./stranger.ts";

/** What someone reads who may not use the bot. */
export function refusalText(voice: Voice, reason: Refusal, id: string): string {
	switch (reason.kind) {
		case "code":
			return say(voice, reason.hasAdmin ? "access.code" : "access.codeWithoutAdmin", { code: reason.code });
		case "not-listed":
			return say(voice, "access.notListed", { id });
		case "write-directly":
			return say(voice, "access.writeDirectly");
		case "wrong-code":
			return say(voice, "access.wrongCode");
	}
}
