import { say, type TextKey, type Voice } from "../../locale.ts";
import type { Attempt } from "../../router/route.ts";

const names: Readonly<Record<NonNullable<Attempt["failure"]>, TextKey>> = {
	auth: "status.failedKey",
	money: "status.failedMoney",
	"rate-limit": "status.failedQuota",
	"no-quota": "status.failedQuota",
	burst: "status.failedBurst",
	"no-allowance": "status.failedModel",
	"model-gone": "status.failedModel",
	"too-large": "status.failedLength",
	context: "status.failedLength",
	overload: "status.failedOverload",
	network: "status.failedNetwork",
	timeout: "status.failedTimeout",
	content: "status.failedContent",
	"bad-request": "status.failedAnswer",
	"bad-answer": "status.failedAnswer",
	aborted: "status.failedAborted",
};

/** `überlastet`, `nicht erreichbar`: why a provider gave no answer. */
export function failureName(voice: Voice, failure: NonNullable<Attempt["failure"]>): string {
	return say(voice, names[failure]);
}
