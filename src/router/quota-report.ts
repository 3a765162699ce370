import type { Provider, ProviderErrorKind } from "../providers/provider.ts";
import { type Allowance, type AllowancesOf, freeAt } from "./allowance.ts";
import { exhaustedAt } from "./forecast.ts";
import type { Ledger, RouteName } from "./ledger.ts";
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
		const models = provider.models.map((model) => {
			const name = { provider: provider.name, model: model.id };
			return { name, allowances: allowancesOf({ provider, model }, now) };
		});
		const rest = soonest(models.map(({ name, allowances }) => restOf(ledger.pauseOf(name, now), allowances, now)));
		return {
			name: provider.name,
			label: provider.label,
			region: provider.region,
			state: rest?.state ?? "ready",
			pausedUntil: rest && Number.isFinite(rest.until) ? rest.until : undefined,
			windows: models.flatMap(({ name, allowances }) => windowsOf(ledger, name, allowances, now)),
		};
	});
}

interface Rest {
	readonly until: number;
	readonly state: ProviderReport["state"];
}

/** Until when a model is left alone: because of a failure, or because a window has no room for one request more. */
function restOf(pause: Pause | undefined, allowances: readonly Allowance[], now: number): Rest | undefined {
	const until = Math.max(pause?.until ?? now, freeAt(allowances, 1, now));
	return until > now ? { until, state: (pause && states[pause.reason]) ?? "paused" } : undefined;
}

/** A provider rests when all its models do: until the first of them is back. */
function soonest(rests: readonly (Rest | undefined)[]): Rest | undefined {
	return rests.reduce((first, rest) => (first && rest && rest.until < first.until ? rest : rest && first), rests[0]);
}

function windowsOf(
	ledger: Ledger,
	name: RouteName,
	allowances: readonly Allowance[],
	now: number,
): readonly WindowReport[] {
	const { model } = name;
	if (allowances.length === 0) {
		const used = ledger.slotsSince(name, now - windowMilliseconds.day).requests;
		const nothing = { limit: undefined, resetAt: undefined, seenAt: undefined };
		return [{ model, unit: "requests", window: "day", used, source: "own-count", ...nothing }];
	}
	return allowances.map((allowance) => {
		const { unit, window, used, maximum, resetAt, source, seenAt } = allowance;
		const endsAt = exhaustedAt(ledger, name, allowance, now);
		const forecast = endsAt === undefined ? {} : { exhaustedAt: endsAt };
		return { model, unit, window, used, limit: maximum, resetAt, source, seenAt, ...forecast };
	});
}
