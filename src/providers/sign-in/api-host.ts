import type { ProviderSettings, ProviderSpec } from "../spec.ts";

/** Where Model Studio lives. Not all of aliyuncs.com: anybody can rent a name there. */
const modelStudio = /(^|\.)(dashscope(-[a-z]+)?|maas)\.aliyuncs\.com$/;

/**
 * The address of the API that came with the tokens, if it is one to trust with them: https, the configured host or one of
 * Model Studio, and in the configured region, which is a promise to people. Otherwise the configured address.
 */
export function apiBaseUrl(resourceUrl: string | undefined, spec: ProviderSpec, settings: ProviderSettings): string {
	const { baseUrl, region = spec.region } = settings;
	if (resourceUrl === undefined) return baseUrl;
	const address = /^[a-z]+:\/\//i.test(resourceUrl) ? resourceUrl : `https://${resourceUrl}`;
	if (!URL.canParse(address)) return baseUrl;
	const url = new URL(address);
	if (url.origin === new URL(baseUrl).origin || url.username || url.password) return baseUrl;
	if (url.protocol !== "https:" || url.port || !modelStudio.test(url.hostname)) return baseUrl;
	const location = spec.locate?.(() => undefined, `${url.origin}/v1`);
	return !location || "length" in location || location.region !== region ? baseUrl : location.baseUrl;
}
