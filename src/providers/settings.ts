import type { Region } from "./provider.ts";

/** What the environment says about one provider. */
export interface ProviderSettings {
	/** Name in `providerSpecs`. */
	readonly name: string;
	readonly apiKey?: string;
	/** Without a final slash. */
	readonly baseUrl: string;
	/** Replaces the built-in models; in order of quality. */
	readonly models?: readonly string[];
	/** Replaces the region of the spec. */
	readonly region?: Region;
	/** Context asked of Ollama. */
	readonly contextTokens?: number;
}
