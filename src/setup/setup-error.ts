import { operatorVoice, say, type TextKey, type TextValues } from "../locale.ts";

/** Why the setup cannot go on, as one sentence for the operator that names the next step. */
export class SetupError extends Error {
	override readonly name = "SetupError";
	readonly key: TextKey;

	constructor(key: TextKey, values: TextValues = {}, cause?: unknown) {
		super(say(operatorVoice, key, values), { cause });
		this.key = key;
	}
}

/** `ENOSPC`, `EACCES` and the like, wherever they lie among the causes. */
export function systemCodeOf(error: unknown): string | undefined {
	for (let one = error; one instanceof Error; one = one.cause) {
		const { code } = one as { readonly code?: unknown };
		if (typeof code === "string") return code;
	}
	return undefined;
}
