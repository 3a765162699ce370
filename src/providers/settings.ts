import { providerSpecs } from "./index.ts";
import type { Location, Problem, ProviderSettings, ProviderSpec, ReadVariable } from "./spec.ts";

export type { ProviderSettings } from "./spec.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Reading {
	readonly settings: readonly ProviderSettings[];
	readonly problems: readonly Problem[];
}

/** What the environment says about the providers, and everything that is wrong with it. White space around is ignored. */
export function readProviderSettings(environment: Environment): Reading {
	const readings = providerSpecs.map((spec) => readProvider(spec, environment));
	return {
		settings: readings.flatMap(({ settings }) => settings),
		problems: readings.flatMap(({ problems }) => problems),
	};
}

function readProvider(spec: ProviderSpec, environment: Environment): Reading {
	const prefix = spec.name.toUpperCase();
	const read: ReadVariable = (name) => environment[name]?.trim() || undefined;
	const apiKey = read(`${prefix}_API_KEY`);
	const address = read(`${prefix}_BASE_URL`);
	const models = listOf(read(`${prefix}_MODEL`));
	const accounts = secondAccounts(spec, environment, read);
	const nothing = { settings: [], problems: accounts };

	if (spec.needsKey && apiKey === undefined) {
		const other = [address && `${prefix}_BASE_URL`, models && `${prefix}_MODEL`].find(Boolean);
		if (!other) return nothing;
		return { settings: [], problems: [...accounts, problem("config.keyMissing", `${prefix}_API_KEY`, { other })] };
	}
	if (!spec.needsKey && address?.toLowerCase() === "off") return nothing;

	const problems = [...accounts];
	if (accounts.length === 0 && apiKey && !/^[\x21-\x7e]+$/.test(apiKey)) {
		problems.push(problem("config.keyCharacters", `${prefix}_API_KEY`));
	}
	const baseUrl = address === undefined ? undefined : normaliseUrl(address, spec.baseUrl);
	const isUrlWrong = address !== undefined && baseUrl === undefined;
	if (isUrlWrong) problems.push(problem("config.address", `${prefix}_BASE_URL`));
	const location = isUrlWrong ? [] : locate(spec, read, baseUrl);
	if ("length" in location) problems.push(...location);
	const contextTokens = readContext(spec, read);
	if (contextTokens === null) problems.push(problem("config.wholeNumber", `${prefix}_CONTEXT_TOKENS`));
	if (problems.length > 0 || "length" in location) return { settings: [], problems };
	const settings = {
		name: spec.name,
		...location,
		...(spec.needsKey && apiKey ? { apiKey } : {}),
		...(models ? { models } : {}),
		...(contextTokens ? { contextTokens } : {}),
	};
	return { settings: [settings], problems };
}

function problem(key: Problem["key"], variable: string, values: Problem["values"] = {}): Problem {
	return { key, values: { variable, ...values } };
}

/** Every way in which more than one account of a provider could be given. */
function secondAccounts(spec: ProviderSpec, environment: Environment, read: ReadVariable): readonly Problem[] {
	if (!spec.needsKey) return [];
	const prefix = spec.name.toUpperCase();
	const only = `${prefix}_API_KEY`;
	const more = new RegExp(
		`^${prefix}(?!_API_KEY$)(?:\\w*API_?KEY\\w*|\\w*_(?:KEY|TOKEN|ACCOUNT)S?_?\\d+|_OAUTH\\w*\\d+)$`,
		"i",
	);
	const names = Object.keys(environment).filter((name) => read(name) !== undefined && more.test(name));
	if (/[\s,;|]/.test(read(only) ?? "")) names.push(only);
	return names.map((name) => problem("config.secondAccount", name, { label: spec.label }));
}

function locate(spec: ProviderSpec, read: ReadVariable, baseUrl: string | undefined): Location | readonly Problem[] {
	return spec.locate?.(read, baseUrl) ?? { baseUrl: baseUrl ?? spec.baseUrl, region: spec.region };
}

/** Without final slash and method; with the version where the usual address has one and this names none at all. */
function normaliseUrl(address: string, usual: string): string | undefined {
	if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
	const url = new URL(address);
	if (url.username || url.password || url.search || url.hash) return undefined;
	const path = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
	const isVersionMissing = usual.endsWith("/v1") && !/\/v\d/.test(path);
	return `${url.origin}${path}${isVersionMissing ? "/v1" : ""}`;
}

/** Undefined: the provider knows no such variable; null: it is set and wrong. */
function readContext(spec: ProviderSpec, read: ReadVariable): number | undefined | null {
	if (spec.contextTokens === undefined) return undefined;
	const text = read(`${spec.name.toUpperCase()}_CONTEXT_TOKENS`);
	if (text === undefined) return spec.contextTokens;
	return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function listOf(text: string | undefined): readonly string[] | undefined {
	const parts = (text ?? "").split(",").flatMap((part) => part.trim() || []);
	return parts.length > 0 ? [...new Set(parts)] : undefined;
}
