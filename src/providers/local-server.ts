import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { unnamedModel } from "./local.ts";
import { isCloudModel, type Protocol, type ProviderSettings } from "./spec.ts";

/** Ollama, llama.cpp (since 2026-08 and before), LM Studio, vLLM. */
const usualPorts: readonly number[] = [11_434, 9_931, 8_080, 1_234, 8_000];

const askMilliseconds = 500;

export interface SearchParts {
	readonly clock: Clock;
	readonly log: Log;
	readonly fetch?: typeof globalThis.fetch;
	/** Ports of 127.0.0.1 to look at when no address is configured; in order of preference. */
	readonly ports?: readonly number[];
}

interface Server {
	readonly protocol: Protocol;
	readonly baseUrl: string;
	/** What it can answer with; the first is the choice. */
	readonly models: readonly string[];
	/** What it was started with, where it says so and cannot be asked for another. */
	readonly contextTokens?: number | undefined;
	/** False for a server that knows no list of models: only an operator who names its address can say what it is. */
	readonly saysWhatItHas: boolean;
}

/**
 * The settings of the local server with what it says of itself; undefined when none is configured and none was found.
 * A configured one that is silent is kept as it is and asked again at the first call.
 */
export async function findLocalServer(
	settings: ProviderSettings,
	{ clock, log, fetch = globalThis.fetch, ports = usualPorts }: SearchParts,
): Promise<ProviderSettings | undefined> {
	const isConfigured = settings.baseUrl !== "";
	const roots = isConfigured ? [settings.baseUrl] : ports.map((port) => `http://127.0.0.1:${port}`);
	const ask: Ask = (url) => askJson(url, settings.apiKey, clock, fetch);
	const servers = await Promise.all(roots.map((root) => askServer(root, ask)));
	const server = servers.find((one) => one && one.models.length > 0 && (isConfigured || one.saysWhatItHas));
	if (!server) return isConfigured ? { ...settings, models: settings.models ?? [unnamedModel] } : undefined;
	const isNamed = settings.models !== undefined && !settings.models.includes(unnamedModel);
	const models = isNamed ? settings.models : server.models.slice(0, 1);
	log.info({ baseUrl: server.baseUrl, protocol: server.protocol, models }, "local server found");
	const contextTokens = lowest(settings.contextTokens, server.contextTokens);
	return {
		...settings,
		baseUrl: server.baseUrl,
		protocol: server.protocol,
		models,
		...(contextTokens === undefined ? {} : { contextTokens }),
	};
}

/** Asks who is there. Undefined: nobody, or one who is not ready. */
async function askServer(root: string, ask: Ask): Promise<Server | undefined> {
	const [version, tags, loaded, list, properties] = await Promise.all([
		ask(`${root}/api/version`),
		ask(`${root}/api/tags`),
		ask(`${root}/api/ps`),
		ask(`${root}/v1/models`),
		ask(`${root}/props`),
	]);
	const installed = namesIn(tags.body, "models", "name");
	if (isRecord(version.body) && typeof version.body.version === "string" && installed) {
		const ready = (namesIn(loaded.body, "models", "name") ?? []).filter((name) => installed.includes(name));
		const models = [...inOrder(ready), ...inOrder(installed)];
		return { protocol: "ollama", baseUrl: root, models, saysWhatItHas: true };
	}
	const offered = namesIn(list.body, "data", "id");
	if (!offered && !list.isRefusal) return undefined;
	const models = offered ? inOrder(offered) : [unnamedModel];
	const contextTokens = contextOf(list.body, models[0]) ?? contextOfLlamaCpp(properties.body);
	return { protocol: "openai", baseUrl: `${root}/v1`, models, contextTokens, saysWhatItHas: offered !== undefined };
}

/** vLLM says it in its list of models. */
function contextOf(list: unknown, id: string | undefined): number | undefined {
	const entries: readonly unknown[] = isRecord(list) && Array.isArray(list.data) ? list.data : [];
	const entry = entries.find((one) => isRecord(one) && one.id === id);
	return isRecord(entry) ? countIn(entry.max_model_len) : undefined;
}

/** llama.cpp says it for each of its slots. */
function contextOfLlamaCpp(properties: unknown): number | undefined {
	const settings = isRecord(properties) ? properties.default_generation_settings : undefined;
	return isRecord(settings) ? countIn(settings.n_ctx) : undefined;
}

function countIn(value: unknown): number | undefined {
	return Number.isInteger(value) && Number(value) > 0 ? Number(value) : undefined;
}

function lowest(one: number | undefined, other: number | undefined): number | undefined {
	return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

interface Reply {
	/** Undefined without a readable answer. */
	readonly body?: unknown;
	/** The server is there and does not know or not allow this path. */
	readonly isRefusal: boolean;
}

type Ask = (url: string) => Promise<Reply>;

async function askJson(
	url: string,
	apiKey: string | undefined,
	clock: Clock,
	fetch: typeof globalThis.fetch,
): Promise<Reply> {
	const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
	const controller = new AbortController();
	const cancelTimer = clock.after(askMilliseconds, () => controller.abort());
	try {
		const response = await fetch(url, { headers, signal: controller.signal, redirect: "error" });
		if (response.ok) return { body: await response.json(), isRefusal: false };
		return { isRefusal: response.status >= 400 && response.status < 500 };
	} catch {
		return { isRefusal: false };
	} finally {
		cancelTimer();
	}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}

/** The names in `{[list]: [{[field]: name}, …]}`, without models of other machines; undefined for any other shape. */
function namesIn(body: unknown, list: string, field: string): readonly string[] | undefined {
	const entries = isRecord(body) ? body[list] : undefined;
	if (!Array.isArray(entries)) return undefined;
	return entries.flatMap((entry: unknown) => {
		const name = isRecord(entry) ? entry[field] : undefined;
		const isElsewhere = isRecord(entry) && typeof entry.remote_host === "string" && entry.remote_host !== "";
		return typeof name === "string" && !isElsewhere && !isCloudModel(name) ? name : [];
	});
}

/** Families by how well they chat in German; what comes later in the list is worse, unknown ones come last. */
const families: readonly RegExp[] = [
	/gemma-?4/i,
	/gemma/i,
	/ministral|mistral/i,
	/qwen-?3/i,
	/gpt-oss/i,
	/llama-?[34]/i,
];
const noChatModel = /embed|minilm|\bbge\b|\be5\b|rerank|whisper|\btts\b|guard|clip|ocr/i;

function inOrder(names: readonly string[]): readonly string[] {
	const rank = (name: string): number => {
		const family = families.findIndex((pattern) => pattern.test(name));
		return (family < 0 ? families.length : family) + (/cod(e|er)\b/i.test(name) ? 0.5 : 0);
	};
	return names.filter((name) => !noChatModel.test(name)).toSorted((one, other) => rank(one) - rank(other));
}
