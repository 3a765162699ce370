import type { Provider, ProviderErrorKind } from "../providers/provider.ts";
import type { AllowancesOf } from "./allowance.ts";
import { exhaustedAt } from "./forecast.ts";
import type { Ledger } from "./ledger.ts";
import type { Pause, ProviderReport, QuotaReport, WindowReport } from "./route.ts";
import { windowMilliseconds } from "./window.ts";

const states: Partial<Record<ProviderErrorKind, ProviderReport["state"]>> = { auth: "refused-key", money: "no-credit" };

/** What is known of each provider at this moment; a model without any known limit shows its own count of the day. */
export function reportOf(
	providers: readonly Provider[],
	ledger: Ledger,
	allowancesOf: AllowancesOf,
	now: number,
): QuotaReport {
	return providers.map((provider) => {
		const pause = pauseOfAll(provider, ledger, now);
		return {
			name: provider.name,
			label: provider.label,
			region: provider.region,
			state: pause ? (states[pause.reason] ?? "paused") : "ready",
			pausedUntil: pause?.until,
			windows: provider.models.flatMap((model): WindowReport[] => {
				const name = { provider: provider.name, model: model.id };
				const windows = allowancesOf({ provider, model }, now).map((allowance) => {
					const { unit, window, used, maximum, resetAt, source, seenAt } = allowance;
					const endsAt = exhaustedAt(ledger, name, allowance, now);
					const forecast = endsAt === undefined ? {} : { exhaustedAt: endsAt };
					return { model: model.id, unit, window, used, limit: maximum, resetAt, source, seenAt, ...forecast };
				});
				if (windows.length > 0) return windows;
				const used = ledger.slotsSince(name, now - windowMilliseconds.day).requests;
				const nothing = { limit: undefined, resetAt: undefined, seenAt: undefined };
				return [{ model: model.id, unit: "requests", window: "day", used, source: "own-count", ...nothing }];
			}),
		};
	});
}

/** A provider pauses when all its models do: until the first of them is back. */
function pauseOfAll(provider: Provider, ledger: Ledger, now: number): Pause | undefined {
	const pauses = provider.models.map((model) => ledger.pauseOf({ provider: provider.name, model: model.id }, now));
	return pauses.reduce(
		(first, pause) => (first && pause && pause.until < first.until ? pause : pause && first),
		pauses[0],
	);
}
