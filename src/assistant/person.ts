import type { Region } from "../providers/provider.ts";
import type { Mode } from "../router/route.ts";

/** What one person set or was told. Kept until they ask to forget it. */
export interface Person {
	readonly id: string;
	readonly language: "de" | "en";
	readonly form: "du" | "sie";
	readonly mode: Mode;
	/** Undefined: DEFAULT_REGIONS. */
	readonly regions?: readonly Region[];
	/** The notice that this is an AI was delivered with an answer. */
	readonly wasToldAboutAi: boolean;
}
