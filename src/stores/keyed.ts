import { Keyv, type KeyvStorageAdapter, type KeyvStorageEntry, keyvStorageCapability } from "keyv";
import { systemClock } from "../clock.ts";
import type { Database } from "./database.ts";

/** What keyv calls of an adapter; it emits no events of its own. */
type KeyedAdapter = Required<
	Pick<
		KeyvStorageAdapter,
		"capabilities" | "get" | "getMany" | "has" | "hasMany" | "set" | "setMany" | "delete" | "deleteMany" | "clear"
	>
> & { namespace: string | undefined; iterator(): AsyncGenerator<[string, string], void> };

/**
 * A keyv instance over the table `keyed`. Different namespaces (without a colon) never see one another.
 * Every store error rejects the call that met it: an unreadable row is an error, not "nothing remembered".
 */
export function createKeyed<Value>(database: Database, namespace: string): Keyv<Value> {
	const keyed = new Keyv<Value>({ store: createKeyedAdapter(database), namespace });
	// Keyv rejects only while nobody listens for errors, so a listener added later would swallow them: the first one throws.
	keyed.on("error", (error: unknown) => {
		throw error;
	});
	return keyed;
}

/** Keyv's storage contract over the table `keyed`. Keyv sets the namespace. */
export function createKeyedAdapter({ sql, transaction, relaxed }: Database): KeyedAdapter {
	const isAlive = "(expires_at IS NULL OR expires_at > ?)";
	const read = sql.prepare(`SELECT value FROM keyed WHERE key = ? AND ${isAlive}`);
	const write = sql.prepare(
		"INSERT INTO keyed (key, value, expires_at) VALUES (?, ?, ?) " +
			"ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
	);
	const sweep = sql.prepare("DELETE FROM keyed WHERE expires_at <= ?");
	const remove = sql.prepare("DELETE FROM keyed WHERE key = ?");
	const removeRange = sql.prepare("DELETE FROM keyed WHERE key >= ? AND key < ?");
	const next = sql.prepare(
		`SELECT key, value FROM keyed WHERE key > ? AND key < ? AND ${isAlive} ORDER BY key LIMIT 1`,
	);
	/** Keyv reckons expiry by the system's time, so the rows are judged by the same. */
	const now = (): number => systemClock.now();

	const prefix = (): string => `${adapter.namespace ?? ""}:`;
	/** The first key behind all keys of the namespace: the semicolon follows the colon. */
	const rangeEnd = (): string => `${adapter.namespace ?? ""};`;
	const get = (key: string): string | undefined => {
		const value = read.get(prefix() + key, now())?.value;
		return typeof value === "string" ? value : undefined;
	};
	const set = ({ key, value, expires }: KeyvStorageEntry): true => {
		// Who writes rows that expire clears away those that have: no timer, no pass over the whole table.
		if (expires !== undefined) sweep.run(now());
		write.run(prefix() + key, String(value), expires ?? null);
		return true;
	};
	const removeOne = (key: string): boolean => remove.run(prefix() + key).changes > 0;

	const adapter: KeyedAdapter = {
		namespace: undefined,
		get capabilities() {
			return keyvStorageCapability(adapter);
		},
		get: async (key) => get(key),
		getMany: async (keys) => keys.map(get),
		has: async (key) => get(key) !== undefined,
		hasMany: async (keys) => keys.map((key) => get(key) !== undefined),
		set: async (key, value, expires) => relaxed(() => set({ key, value, ...(expires !== undefined && { expires }) })),
		setMany: async (entries) => relaxed(() => transaction(() => entries.map(set))),
		delete: async (key) => removeOne(key),
		deleteMany: async (keys) => transaction(() => keys.map(removeOne)),
		clear: async () => void removeRange.run(prefix(), rangeEnd()),
		/** Row by row, so that whoever iterates may write meanwhile. */
		async *iterator() {
			const [start, end] = [prefix(), rangeEnd()];
			for (let row = next.get(start, end, now()); row; row = next.get(String(row.key), end, now())) {
				yield [String(row.key).slice(start.length), String(row.value)];
			}
		},
	};
	return adapter;
}
