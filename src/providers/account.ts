import type { Clock } from "../clock.ts";
import { pageError, providerErrorOf, RefusedError } from "./errors.ts";
import type { ClientParts } from "./guards.ts";
import { type Provider, ProviderError } from "./provider.ts";

const deadlineMilliseconds = 5_000;

/** The provider's read-out of the account, if it offers one at this address. No answer takes longer than five seconds. */
export function createAccountReader(parts: ClientParts): Provider["readAccount"] {
	const { spec, settings } = parts;
	const { readAccount } = spec;
	if (!readAccount || spec.canReadAccount?.(settings) === false) return undefined;
	return async (signal) => {
		try {
			return await readAccount((url) => askJson(url, parts, signal), settings);
		} catch (error) {
			if (error instanceof ProviderError) throw error;
			throw new ProviderError("bad-answer", `${spec.name}: unreadable answer about the account`);
		}
	};
}

/** The JSON of a GET. Throws only ProviderError, by the same rules as a call of a model. */
async function askJson(url: string, parts: ClientParts, signal?: AbortSignal): Promise<unknown> {
	const { spec, settings, clock, credential } = parts;
	const deadline = withDeadline(clock, signal);
	const get = (token: string): Promise<string> => fetchText(url, token, parts, deadline.signal);
	try {
		const body = credential
			? await credential.send(({ token }) => get(token), deadline.signal)
			: await get(settings.apiKey ?? "");
		return JSON.parse(body);
	} catch (error) {
		if (signal?.aborted) throw new ProviderError("aborted", `${spec.name}: ended by the caller`);
		if (deadline.signal.aborted) throw new ProviderError("timeout", `${spec.name}: no answer in time`);
		throw providerErrorOf(error, { ...spec, apiKey: settings.apiKey, now: clock.now() });
	} finally {
		deadline.cancel();
	}
}

async function fetchText(
	url: string,
	token: string,
	{ spec, fetch }: ClientParts,
	signal: AbortSignal,
): Promise<string> {
	const headers = { accept: "application/json", authorization: `Bearer ${token}` };
	const response = await fetch(url, { headers, signal, redirect: "manual" });
	const body = await response.text();
	if (!response.ok) throw new RefusedError(response.status, body, response.headers);
	if (/^\s*</.test(body)) throw pageError(spec.name);
	return body;
}

function withDeadline(clock: Clock, signal: AbortSignal | undefined): { signal: AbortSignal; cancel: () => void } {
	const controller = new AbortController();
	const cancel = clock.after(deadlineMilliseconds, () => controller.abort());
	return { signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal, cancel };
}
