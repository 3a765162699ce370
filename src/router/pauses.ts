import type { ProviderErrorKind } from "../providers/provider.ts";
import type { Database } from "../stores/database.ts";
import type { RouteName } from "./ledger.ts";
import type { Pause } from "./route.ts";

/**
 * The pauses of routes, for all processes, each with a reason of its own: what a provider asked for stands beside what we
 * guess. An empty model stands for all of the provider.
 */
export function createPauses({ sql }: Database) {
	const read = sql.prepare(
		"SELECT until, reason FROM quota_pause WHERE provider = ? AND model IN (?, '') AND until > ? ORDER BY until DESC",
	);
	const write = sql.prepare(
		"INSERT INTO quota_pause (provider, model, reason, until) VALUES (?, ?, ?, ?) " +
			"ON CONFLICT DO UPDATE SET until = excluded.until WHERE excluded.until > until",
	);
	const lift = sql.prepare("DELETE FROM quota_pause WHERE provider = ? AND model IN (?, '') AND reason = ?");
	const liftOfProvider = sql.prepare("DELETE FROM quota_pause WHERE provider = ? AND reason = ?");
	const liftEverywhere = sql.prepare("DELETE FROM quota_pause WHERE reason = ?");

	return {
		/** Those that still run, the longest first. */
		of: ({ provider, model }: RouteName, at: number): readonly Pause[] =>
			read.all(provider, model, at) as unknown as readonly Pause[],
		/** A longer pause is never shortened. */
		pause({ provider, model }: RouteName, { until, reason }: Pause): void {
			write.run(provider, model, reason, Math.ceil(until));
		},
		/** Ends the pauses of a route for this reason. */
		resume({ provider, model }: RouteName, reason: ProviderErrorKind): void {
			lift.run(provider, model, reason);
		},
		/** Ends those of a provider and all its models, or of all providers. */
		resumeAll(reason: ProviderErrorKind, provider?: string): void {
			if (provider === undefined) liftEverywhere.run(reason);
			else liftOfProvider.run(provider, reason);
		},
	};
}

export type Pauses = ReturnType<typeof createPauses>;
