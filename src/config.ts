import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { AccessSettings } from "./assistant/access.ts";
import type { ChannelSettings } from "./channels/index.ts";
import { operatorVoice, say, type TextKey, type TextValues } from "./locale.ts";
import { type Region, regions } from "./providers/provider.ts";
import { type ProviderSettings, readProviderSettings } from "./providers/settings.ts";

/** The environment, judged as a whole and read once. */
export interface Config {
	readonly channels: ChannelSettings;
	readonly providers: readonly ProviderSettings[];
	/** What is wrong with those that are left out, as German sentences: the program starts with the others. */
	readonly providerProblems: readonly string[];
	readonly access: AccessSettings;
	/** Where messages of people who have said nothing else may be processed. */
	readonly defaultRegions: readonly Region[];
	/** Ceilings over paid providers in EUR; undefined: unlimited. */
	readonly budget: { readonly eurPerDay: number | undefined; readonly eurPerMonth: number | undefined };
	/** For price lists in USD. */
	readonly eurPerUsd: number;
	/** What `npm run model` loads instead of its own choice. */
	readonly model: { readonly url?: string; readonly sha256?: string };
	readonly dataDirectory: string;
	/** False where NO_COLOR is set. */
	readonly hasColours: boolean;
	/** Undefined: `info`, unless somebody chats in the same terminal. */
	readonly logLevel?: string;
	/** Every token and key of the environment: the log never shows them. */
	readonly secrets: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong, at once. Names variables, never their values. */
export class ConfigError extends Error {
	override readonly name = "ConfigError";
	/** One German sentence each. */
	readonly problems: readonly string[];

	constructor(problems: readonly string[]) {
		super(
			[say(operatorVoice, "config.problems", { count: problems.length }), ...problems.map((p) => `- ${p}`)].join("\n"),
		);
		this.problems = problems;
	}
}

const key = (name: TextKey): TextKey => name;
const list = v.pipe(
	v.string(),
	v.transform((text) => text.split(",").flatMap((part) => part.trim() || [])),
);
const secret = v.pipe(v.string(), v.regex(/^[^\s/]+$/, key("config.token")));
const address = v.pipe(
	v.string(),
	v.check(isWebAddress, key("config.address")),
	v.transform((text) => text.replace(/\/+$/, "")),
);
const users = v.pipe(
	list,
	v.everyItem((user) => /^(telegram|discord):\d+$/.test(user), key("config.users")),
);

const amount = v.pipe(
	v.string(),
	v.regex(/^\d{1,6}([.,]\d{1,4})?$/, key("config.amount")),
	v.transform((text) => Number(text.replace(",", "."))),
);
const ceiling = v.union(
	[
		v.pipe(
			v.literal("unlimited"),
			v.transform(() => undefined),
		),
		amount,
	],
	key("config.amountOrUnlimited"),
);
/** As of 2026-11. */
const usualEurPerUsd = "0.87";

const environmentSchema = v.object({
	TELEGRAM_BOT_TOKEN: v.optional(secret),
	TELEGRAM_API_ROOT: v.optional(address),
	TELEGRAM_DRAFTS: v.optional(v.picklist(["true", "false"], key("config.trueOrFalse")), "false"),
	DISCORD_BOT_TOKEN: v.optional(secret),
	DISCORD_API_ROOT: v.optional(address),
	ACCESS_MODE: v.optional(v.picklist(["pairing", "allowlist", "open"], key("config.accessMode")), "pairing"),
	ALLOWED_USERS: v.optional(users, ""),
	ADMIN_USERS: v.optional(users, ""),
	DEFAULT_REGIONS: v.optional(
		v.pipe(list, v.minLength(1, key("config.regions")), v.array(v.picklist(regions, key("config.regions")))),
		"local,eu,us",
	),
	BUDGET_EUR_PER_DAY: v.optional(ceiling, "2"),
	BUDGET_EUR_PER_MONTH: v.optional(ceiling, "20"),
	MODEL_URL: v.optional(v.pipe(v.string(), v.check(isWebAddress, key("config.address")))),
	MODEL_SHA256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i, key("config.checksum")), v.toLowerCase())),
	EUR_PER_USD: v.optional(v.pipe(amount, v.minValue(0.01, key("config.amount"))), usualEurPerUsd),
	DATA_DIR: v.optional(v.string(), "./data"),
	NO_COLOR: v.optional(v.string()),
	LOG_LEVEL: v.optional(
		v.picklist(["trace", "debug", "info", "warn", "error", "fatal", "silent"], key("config.logLevel")),
	),
});

function isWebAddress(text: string): boolean {
	return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Settings of the operator, in the project's root. */
export const environmentFile = join(import.meta.dirname, "../.env");

/** The process's environment, completed by the file `.env`: what is set already wins. */
export function loadEnvironment(): Environment {
	if (existsSync(environmentFile)) process.loadEnvFile(environmentFile);
	return process.env;
}

/**
 * Reads the whole environment; an empty variable counts as not set. Throws ConfigError with every problem, unless all of
 * them concern single providers and another one may work.
 * Whether at least one provider and one channel are there is for main to judge: a local server may still be found.
 */
export function readConfig(environment: Environment): Config {
	const set = Object.fromEntries(
		Object.entries(environment).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
	);
	const parsed = v.safeParse(environmentSchema, set);
	const providers = readProviderSettings(set);
	const isProviderLeft = providers.secondAccounts.length === 0 && providers.settings.length > 0;
	const providerProblems = sentencesOf(providers.problems);
	if (!parsed.success || (providerProblems.length > 0 && !isProviderLeft)) {
		throw new ConfigError([...sentencesOf(problemsOf(parsed.issues ?? [])), ...providerProblems]);
	}
	const { output } = parsed;
	return {
		channels: channelsOf(output),
		providers: providers.settings,
		providerProblems,
		access: {
			mode: output.ACCESS_MODE,
			allowedUsers: new Set(output.ALLOWED_USERS),
			adminUsers: new Set(output.ADMIN_USERS),
		},
		defaultRegions: output.DEFAULT_REGIONS,
		budget: { eurPerDay: output.BUDGET_EUR_PER_DAY, eurPerMonth: output.BUDGET_EUR_PER_MONTH },
		eurPerUsd: output.EUR_PER_USD,
		model: {
			...(output.MODEL_URL && { url: output.MODEL_URL }),
			...(output.MODEL_SHA256 && { sha256: output.MODEL_SHA256 }),
		},
		dataDirectory: output.DATA_DIR,
		hasColours: output.NO_COLOR === undefined,
		...(output.LOG_LEVEL && { logLevel: output.LOG_LEVEL }),
		secrets: Object.entries(set).flatMap(([name, value]) =>
			/(?:TOKEN|KEY|SECRET|PASSWORD)$/.test(name) ? [value] : [],
		),
	};
}

function channelsOf(output: v.InferOutput<typeof environmentSchema>): ChannelSettings {
	const { TELEGRAM_BOT_TOKEN, TELEGRAM_API_ROOT, TELEGRAM_DRAFTS, DISCORD_BOT_TOKEN, DISCORD_API_ROOT } = output;
	const telegram = TELEGRAM_BOT_TOKEN && {
		token: TELEGRAM_BOT_TOKEN,
		...(TELEGRAM_API_ROOT && { apiRoot: TELEGRAM_API_ROOT }),
		usesDrafts: TELEGRAM_DRAFTS === "true",
	};
	const discord = DISCORD_BOT_TOKEN && {
		token: DISCORD_BOT_TOKEN,
		...(DISCORD_API_ROOT && { apiRoot: DISCORD_API_ROOT }),
	};
	return { ...(telegram && { telegram }), ...(discord && { discord }) };
}

type Issues = readonly { readonly message: string; readonly path?: readonly { readonly key: unknown }[] | undefined }[];

interface Problem {
	readonly key: TextKey;
	readonly values: TextValues;
}

function sentencesOf(problems: readonly Problem[]): readonly string[] {
	return [...new Set(problems.map(({ key, values }) => say(operatorVoice, key, values)))];
}

function problemsOf(issues: Issues): readonly Problem[] {
	return issues.map((issue) => ({
		key: issue.message as TextKey,
		values: { variable: String(issue.path?.[0]?.key) },
	}));
}
