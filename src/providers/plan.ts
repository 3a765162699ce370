import type { Limit, LimitUnit, LimitWindow } from "./provider.ts";
import type { ProviderSpec } from "./spec.ts";

const entryPattern =
	/^(\d{1,3}(?:\.\d{3})+|\d{1,12})\s*(requests?|tokens?|credits?)\s*(?:\/|per)\s*(minute|day|month)$/;

/**
 * What `<NAME>_LIMITS` says of the account's plan, such as `30 requests/minute, 200000 tokens/day`, or `unlimited`: then it
 * is empty. Kind, time zone and scope are those of the built-in window of the same unit and length. Undefined: nothing is
 * said; null: it cannot be read.
 */
export function readLimits(spec: ProviderSpec, text: string | undefined): readonly Limit[] | undefined | null {
	if (text === undefined) return undefined;
	if (text.toLowerCase() === "unlimited") return [];
	const limits = text.split(",").map((entry) => readLimit(spec, entry.trim().toLowerCase()));
	const windows = new Set(limits.map((limit) => `${limit?.unit}/${limit?.window}`));
	return windows.size === limits.length && limits.every((limit) => limit !== undefined) ? limits : null;
}

function readLimit(spec: ProviderSpec, entry: string): Limit | undefined {
	const [, amount = "", word = "", window = ""] = entryPattern.exec(entry) ?? [];
	const maximum = Number(amount.replaceAll(".", ""));
	if (amount === "" || maximum === 0) return undefined;
	const unit = (word.endsWith("s") ? word : `${word}s`) as LimitUnit;
	const builtIn = spec.models.flatMap(({ limits }) => limits);
	const same = builtIn.find((limit) => limit.unit === unit && limit.window === window);
	const usual: Limit = { unit, window: window as LimitWindow, kind: "rolling", timeZone: "UTC", maximum };
	return { ...usual, ...(same ?? scopeOf(builtIn)), maximum };
}

/** Where everything that is known counts for the whole account, so does what is new. */
function scopeOf(limits: readonly Limit[]): Pick<Limit, "scope"> {
	return limits.length > 0 && limits.every(({ scope }) => scope === "provider") ? { scope: "provider" } : {};
}
