import { providerSpecs } from "./index.ts";
import { readPlan } from "./plan.ts";
import type { Location, Problem, ProviderSettings, ProviderSpec, ReadVariable } from "./spec.ts";

export type { ProviderSettings } from "./spec.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Reading {
	readonly settings: readonly ProviderSettings[];
	/** A provider with a problem is not among the settings. */
	readonly problems: readonly Problem[];
	/** Those of the problems that forbid a start: only one account of each provider is authorised. */
	readonly secondAccounts: readonly Problem[];
}

/** What the environment says about the providers, and everything that is wrong with it. White space around is ignored. */
export function readProviderSettings(environment: Environment): Reading {
	const readings = providerSpecs.map((spec) => readProvider(spec, environment));
	return {
		settings: readings.flatMap(({ settings }) => settings),
		problems: readings.flatMap(({ problems }) => problems),
		secondAccounts: readings.flatMap(({ secondAccounts }) => secondAccounts),
	};
}

function readProvider(spec: ProviderSpec, environment: Environment): Reading {
	const prefix = prefixOf(spec);
	const read: ReadVariable = (name) => environment[name]?.trim() || undefined;
	const apiKey = read(`${prefix}_API_KEY`);
	const address = read(`${prefix}_BASE_URL`);
	const models = listOf(read(`${prefix}_MODEL`));
	const secondAccounts = findSecondAccounts(spec, environment);
	const problems = [...secondAccounts];
	const { signIn, problems: signInProblems } = spec.signIn?.(read) ?? { problems: [] };
	problems.push(...signInProblems);

	if (spec.needsKey && apiKey === undefined && signIn === undefined) {
		const other = [address && `${prefix}_BASE_URL`, models && `${prefix}_MODEL`].find(Boolean);
		if (other) problems.push(problem("config.keyMissing", `${prefix}_API_KEY`, { other }));
		return { settings: [], problems, secondAccounts };
	}
	const isOff = !spec.needsKey && address?.toLowerCase() === "off";
	if (secondAccounts.length === 0 && apiKey && !/^[\x21-\x7e]+$/.test(apiKey)) {
		problems.push(problem("config.keyCharacters", `${prefix}_API_KEY`));
	}
	const baseUrl = address === undefined || isOff ? undefined : normaliseUrl(address, spec.baseUrl);
	const isUrlWrong = address !== undefined && !isOff && baseUrl === undefined;
	if (isUrlWrong) problems.push(problem("config.address", `${prefix}_BASE_URL`));
	const location = isUrlWrong ? [] : locate(spec, read, baseUrl);
	if (location === undefined) return { settings: [], problems, secondAccounts };
	if ("length" in location) problems.push(...location);
	const contextTokens = readContext(spec, read);
	if (contextTokens === null) problems.push(problem("config.wholeNumber", `${prefix}_CONTEXT_TOKENS`));
	const plan = readPlan(spec, read(`${prefix}_LIMITS`));
	if (plan === null) problems.push(problem("config.limits", `${prefix}_LIMITS`));
	if (problems.length > 0 || "length" in location) return { settings: [], problems, secondAccounts };
	const settings = {
		name: spec.name,
		...location,
		...(apiKey ? { apiKey } : {}),
		...(models ? { models } : {}),
		...(contextTokens ? { contextTokens } : {}),
		...plan,
		...(signIn ? { signIn } : {}),
	};
	return { settings: [settings], problems, secondAccounts };
}

function prefixOf({ name }: ProviderSpec): string {
	return name.toUpperCase().replaceAll("-", "_");
}

function problem(key: Problem["key"], variable: string, values: Problem["values"] = {}): Problem {
	return { key, values: { variable, ...values } };
}

/** Every way in which more than one account of a provider could be given. */
function findSecondAccounts(spec: ProviderSpec, environment: Environment): readonly Problem[] {
	if (!spec.needsKey) return [];
	const prefix = prefixOf(spec);
	const only = [`${prefix}_API_KEY`, `${prefix}_ACCOUNT_ID`];
	const more = new RegExp(
		`^${prefix}(?!_API_KEY$|_ACCOUNT_ID$)(?:\\w*API_?KEY\\w*|\\w*ACCOUNT_?ID\\w*|\\w*_(?:KEY|TOKEN|ACCOUNT)S?_?\\d+|_OAUTH\\w*\\d+)$`,
		"i",
	);
	const set = Object.entries(environment).filter(([, value]) => value?.trim());
	const names = set.filter(([name, value = ""]) =>
		only.includes(name) ? /[\s,;|]/.test(value.trim()) : more.test(name),
	);
	return names.map(([name]) => problem("config.secondAccount", name, { label: spec.label }));
}

function locate(
	spec: ProviderSpec,
	read: ReadVariable,
	baseUrl: string | undefined,
): Location | readonly Problem[] | undefined {
	if (spec.locate) return spec.locate(read, baseUrl);
	return { baseUrl: baseUrl ?? spec.baseUrl, region: spec.region };
}

/**
 * Without final slash and method; with the version where the usual address has one and this names none at all. At the
 * provider's own host a beginning of the usual path is enough.
 */
function normaliseUrl(address: string, usual: string): string | undefined {
	if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
	const url = new URL(address);
	if (url.username || url.password || url.search || url.hash) return undefined;
	const path = url.pathname
		.replace(/\/{2,}/g, "/")
		.replace(/\/$/, "")
		.replace(/\/(chat\/completions|completions|models)$/, "");
	const isBeginning = path === "/v1" || `${usual}/`.startsWith(`${url.origin}${path}/`);
	if (usual !== "" && url.origin === new URL(usual).origin && isBeginning) return usual;
	const isVersionMissing = usual.endsWith("/v1") && !/\/v\d/.test(path);
	return `${url.origin}${path}${isVersionMissing ? "/v1" : ""}`;
}

/** Undefined: the provider knows no such variable; null: it is set and wrong. */
function readContext(spec: ProviderSpec, read: ReadVariable): number | undefined | null {
	if (spec.contextTokens === undefined) return undefined;
	const text = read(`${prefixOf(spec)}_CONTEXT_TOKENS`);
	if (text === undefined) return spec.contextTokens;
	return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function listOf(text: string | undefined): readonly string[] | undefined {
	const parts = (text ?? "").split(",").flatMap((part) => part.trim() || []);
	return parts.length > 0 ? [...new Set(parts)] : undefined;
}
