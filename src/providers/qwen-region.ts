import type { Region } from "./provider.ts";
import type { Location, Problem, ReadVariable } from "./spec.ts";

interface Place {
	readonly region: Region;
	/** Part of a host's name that stands for the place. */
	readonly hosts: RegExp;
	readonly workspaceHost: string;
	/** Undefined: reachable by workspace only. */
	readonly sharedHost?: string;
}

/** As of 2026-10 (alibabacloud.com/help, Model Studio, regions). Keys are the values of QWEN_REGION. */
const places: Readonly<Record<string, Place>> = {
	frankfurt: {
		region: "eu",
		hosts: /\.eu-central-1\./,
		workspaceHost: "eu-central-1.maas.aliyuncs.com",
	},
	singapore: {
		region: "asia",
		hosts: /\.ap-southeast-1\.|^dashscope-intl\./,
		workspaceHost: "ap-southeast-1.maas.aliyuncs.com",
		sharedHost: "dashscope-intl.aliyuncs.com",
	},
	us: {
		region: "us",
		hosts: /\.us-east-1\.|^dashscope-us\./,
		workspaceHost: "us-east-1.maas.aliyuncs.com",
		sharedHost: "dashscope-us.aliyuncs.com",
	},
	beijing: {
		region: "china",
		hosts: /\.cn-beijing\.|^dashscope\./,
		workspaceHost: "cn-beijing.maas.aliyuncs.com",
		sharedHost: "dashscope.aliyuncs.com",
	},
	hongkong: {
		region: "china",
		hosts: /\.cn-hongkong\.|^cn-hongkong\./,
		workspaceHost: "cn-hongkong.maas.aliyuncs.com",
		sharedHost: "cn-hongkong.dashscope.aliyuncs.com",
	},
	tokyo: {
		region: "asia",
		hosts: /\.ap-northeast-1\./,
		workspaceHost: "ap-northeast-1.maas.aliyuncs.com",
	},
};

const path = "/compatible-mode/v1";

/**
 * A key works in one region only, and each region has hosts of its own. A known host says the region itself; beside an
 * unknown one QWEN_REGION does. The plans for coding tools are refused: their terms forbid a bot.
 */
export function locateQwen(read: ReadVariable, baseUrl: string | undefined): Location | readonly Problem[] {
	const region = read("QWEN_REGION")?.toLowerCase();
	const workspace = read("QWEN_WORKSPACE_ID");
	const place = region === undefined ? undefined : Object.entries(places).find(([name]) => name === region)?.[1];
	const problems: Problem[] = [];
	const complain = (key: Problem["key"], variable: string): void => void problems.push({ key, values: { variable } });

	if (/^sk-sp-/i.test(read("QWEN_API_KEY") ?? "")) complain("config.qwenPlan", "QWEN_API_KEY");
	if (isPlanHost(workspace ?? "")) complain("config.qwenPlan", "QWEN_WORKSPACE_ID");
	if (region !== undefined && !place) complain("config.qwenRegion", "QWEN_REGION");
	if (baseUrl !== undefined) {
		const url = new URL(baseUrl);
		if (isPlanHost(url.hostname)) complain("config.qwenPlan", "QWEN_BASE_URL");
		return problems.length > 0 ? problems : { baseUrl: withPath(url), region: regionOf(url, place) };
	}
	if (region === undefined) complain("config.qwenRegionMissing", "QWEN_REGION");
	if (workspace !== undefined && !/^[a-z0-9-]+$/i.test(workspace))
		complain("config.qwenWorkspace", "QWEN_WORKSPACE_ID");
	if (place && !place.sharedHost && workspace === undefined)
		complain("config.qwenWorkspaceMissing", "QWEN_WORKSPACE_ID");
	if (problems.length > 0 || !place) return problems;
	const host = workspace === undefined ? place.sharedHost : `${workspace}.${place.workspaceHost}`;
	return { baseUrl: `https://${host}${path}`, region: place.region };
}

/** Of the plans for coding tools: `coding.dashscope…`, `coding-intl.dashscope…`, `token-plan.cn-beijing…`. */
function isPlanHost(name: string): boolean {
	return /^(coding|token-plan)/i.test(name);
}

/** Only these answer questions about the account. */
export function isWorkspaceHost(hostname: string): boolean {
	return hostname.endsWith(".maas.aliyuncs.com");
}

/** The host decides where text is processed, whatever QWEN_REGION says. */
function regionOf({ hostname }: URL, wished: Place | undefined): Region {
	if (!hostname.endsWith(".aliyuncs.com")) return wished?.region ?? "asia";
	return Object.values(places).find(({ hosts }) => hosts.test(hostname))?.region ?? wished?.region ?? "asia";
}

function withPath(url: URL): string {
	const isBare = url.hostname.endsWith(".aliyuncs.com") && /^\/(api\/|compatible-mode)?(v1)?\/?$/.test(url.pathname);
	return isBare ? `${url.origin}${path}` : url.href;
}
