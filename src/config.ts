import type { Region } from "./providers/provider.ts";
import type { ProviderSettings } from "./providers/settings.ts";

export interface Config {
	readonly telegram?: { readonly token: string; readonly apiRoot?: string; readonly usesDrafts: boolean };
	readonly discord?: { readonly token: string; readonly apiRoot?: string };
	readonly providers: readonly ProviderSettings[];
	readonly access: AccessSettings;
	readonly defaultRegions: readonly Region[];
	readonly dataDirectory: string;
	readonly logLevel: string;
	/** Every token and key of the environment: the log never shows them. */
	readonly secrets: readonly string[];
}

export interface AccessSettings {
	readonly mode: "pairing" | "allowlist" | "open";
	/** `telegram:123`, `discord:456`. Let in under every mode, like the admins. */
	readonly allowedUsers: ReadonlySet<string>;
	readonly adminUsers: ReadonlySet<string>;
}
