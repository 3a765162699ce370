import type { Limit, LimitUnit, LimitWindow } from "./provider.ts";
import type { ProviderSettings, ProviderSpec } from "./spec.ts";

const entryPattern =
	/^(\d{1,3}(?:\.\d{3})+|\d{1,12})\s*(requests?|tokens?|credits?)\s*(?:\/|per)\s*(minute|day|month)$/;

/** What the operator says of the account's plan. */
type Plan = Pick<ProviderSettings, "limits" | "isPaid">;

/**
 * What `<NAME>_LIMITS` says, such as `30 requests/minute, 200000 tokens/day`, or `unlimited`: then the limits are empty. The
 * word `paid` or `free` among them says whether calls are billed. Kind, time zone and scope are those of the built-in window
 * of the same unit and length. Null: it cannot be read.
 */
export function readPlan(spec: ProviderSpec, text: string | undefined): Plan | null {
	const entries = text?.split(",").map((entry) => entry.trim().toLowerCase()) ?? [];
	const isBill = (entry: string): boolean => entry === "paid" || entry === "free";
	const bills = entries.filter((entry) => isBill(entry));
	const limits = readLimits(
		spec,
		entries.filter((entry) => !isBill(entry)),
	);
	if (bills.length > 1 || limits === null) return null;
	return { ...(bills[0] ? { isPaid: bills[0] === "paid" } : {}), ...(limits ? { limits } : {}) };
}

function readLimits(spec: ProviderSpec, entries: readonly string[]): readonly Limit[] | undefined | null {
	if (entries.length === 0) return undefined;
	if (entries.length === 1 && entries[0] === "unlimited") return [];
	const limits = entries.map((entry) => readLimit(spec, entry));
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
