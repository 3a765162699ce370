import type { TextKey, TextValues } from "../locale.ts";
import type { Deadlines } from "./deadlines.ts";
import type { ErrorRule } from "./errors.ts";
import type { LimitHeaders, LimitText } from "./limit-headers.ts";
import { type AccountReading, type Limit, type Model, type Region, type Task, tasks } from "./provider.ts";

/** What the environment says about one provider. */
export interface ProviderSettings {
	/** Name in `providerSpecs`. */
	readonly name: string;
	readonly apiKey?: string;
	/** Without a final slash. Empty: to be looked for on this machine. */
	readonly baseUrl: string;
	/** Replaces the built-in models; in order of quality. */
	readonly models?: readonly string[];
	/** Replaces the region of the spec. */
	readonly region?: Region;
	/** Replaces the protocol of the spec, once the server was asked. */
	readonly protocol?: Protocol;
	/** Context asked of Ollama and of the embedded model. */
	readonly contextTokens?: number;
	/** Replaces the limits of every model: the operator knows the account's plan. Empty: unlimited. */
	readonly limits?: readonly Limit[];
	/** Replaces what the spec says: the operator knows whether the account is billed. */
	readonly isPaid?: boolean;
	/** Of the embedded model. */
	readonly modelFile?: string;
	/** Of the device flow; stands in place of `apiKey`. */
	readonly signIn?: SignInSettings;
	/** Of a provider that is a program: where it lies. */
	readonly command?: string;
}

/** The operator's own client for RFC 8628. */
export interface SignInSettings {
	readonly clientId: string;
	readonly scopes: string;
	/** Either the issuer, whose metadata names the two addresses, or both addresses. */
	readonly issuer?: string;
	readonly deviceUrl?: string;
	readonly tokenUrl?: string;
}

/**
 * How a provider is reached. `ask`: found out by asking it; `embedded`: a model file, run here; `command`: a program of
 * the operator.
 */
export type Protocol = "openai" | "ollama" | "ask" | "embedded" | "command";

/** Something wrong in the environment, as a text for the operator: it names the variable, never its value. */
export interface Problem {
	readonly key: TextKey;
	readonly values: TextValues;
}

/** What `locate` finds out beside the address: it goes into the settings. */
export interface Location
	extends Pick<ProviderSettings, "baseUrl">,
		Partial<Pick<ProviderSettings, "apiKey" | "protocol" | "models" | "modelFile" | "signIn" | "command">> {
	readonly region: Region;
}

/** What the environment says, trimmed; empty counts as missing. */
export type ReadVariable = (name: string) => string | undefined;

export interface SignInReading {
	/** Missing: none is configured, or something is wrong with it. */
	readonly signIn?: SignInSettings;
	readonly problems: readonly Problem[];
}

/** Everything that makes a provider different, as data: a new provider is a file with one of these. */
export interface ProviderSpec {
	/** Lower case; in upper case the beginning of its variables. */
	readonly name: string;
	/** As people read it. */
	readonly label: string;
	readonly region: Region;
	readonly protocol: Protocol;
	/** Without a final slash. Empty: to be looked for on this machine. */
	readonly baseUrl: string;
	readonly needsKey: boolean;
	/** Where an operator makes a key: the address of the provider's console. */
	readonly keyPage?: string;
	/** Of the prices in this file. */
	readonly currency: "USD" | "EUR";
	readonly isPaid: boolean;
	readonly priceFactor?: (at: number) => number;
	/** Reads what is left of the account. `ask` resolves with the JSON of a GET and throws only ProviderError. */
	readonly readAccount?: (
		ask: (url: string) => Promise<unknown>,
		settings: ProviderSettings,
	) => Promise<AccountReading>;
	/** False: no read-out at this address. Missing: `readAccount` works everywhere. */
	readonly canReadAccount?: (settings: ProviderSettings) => boolean;
	/** Default of `<NAME>_CONTEXT_TOKENS`; undefined: the provider has no such variable. */
	readonly contextTokens?: number;
	/** In order of quality. */
	readonly models: readonly Model[];
	/** Figures for ids that `models` does not know. */
	readonly unknownModel: Omit<Model, "id">;
	/** Ids whose calls cost nothing, whatever `unknownModel` says, and their limits; paid is the provider beside others. */
	readonly freeModels?: { readonly pattern: RegExp; readonly limits: readonly Limit[] };
	/** Body fields beyond the common ones, such as thinking switched off. */
	readonly extraBody?: (modelId: string) => Readonly<Record<string, unknown>>;
	readonly limitHeaders?: readonly LimitHeaders[];
	readonly limitTexts?: readonly LimitText[];
	/** Looked at before the common table: the first that fits decides. */
	readonly errorKinds?: readonly ErrorRule[];
	readonly deadlines?: Partial<Deadlines>;
	/** The operator's own client for a sign-in in place of a key, and what is wrong with it. */
	readonly signIn?: (read: ReadVariable) => SignInReading;
	/**
	 * Where the address depends on more than `<NAME>_BASE_URL`, or where some keys and addresses are not allowed.
	 * Undefined: the provider is not set up.
	 */
	readonly locate?: (read: ReadVariable, baseUrl: string | undefined) => Location | readonly Problem[] | undefined;
}

/** The same quality for every task, but for the exceptions. */
export function judged(quality: number, exceptions: Partial<Record<Task, number>> = {}): Record<Task, number> {
	const entries = tasks.map((task) => [task, exceptions[task] ?? quality] as const);
	return Object.fromEntries(entries) as Record<Task, number>;
}

/** Names of models that run on somebody else's machine although a local server offers them. */
export function isCloudModel(id: string): boolean {
	return /[-:]cloud$/i.test(id);
}
