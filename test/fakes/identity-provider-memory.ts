import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** What oidc-provider has issued, for as long as the test runs; its own memory forgets after a thousand entries. */
export function createMemory(): AdapterFactory {
	const entries = new Map<string, AdapterPayload>();
	const find = async (fits: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> =>
		[...entries.values()].find(fits);

	return (kind): Adapter => {
		const keyOf = (id: string): string => `${kind}:${id}`;
		return {
			upsert: async (id, payload) => void entries.set(keyOf(id), payload),
			find: async (id) => entries.get(keyOf(id)),
			findByUid: (uid) => find((payload) => payload.kind === kind && payload.uid === uid),
			findByUserCode: (userCode) => find((payload) => payload.kind === kind && payload.userCode === userCode),
			async consume(id) {
				Object.assign(entries.get(keyOf(id)) ?? {}, { consumed: Math.floor(Date.now() / 1_000) });
			},
			destroy: async (id) => void entries.delete(keyOf(id)),
			async revokeByGrantId(grantId) {
				for (const [key, payload] of entries) if (payload.grantId === grantId) entries.delete(key);
			},
		};
	};
}
