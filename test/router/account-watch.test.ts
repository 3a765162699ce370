import { describe, expect, it } from "vitest";
import { type AccountReading, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { createAccountWatch } from "../../src/router/account-watch.ts";
import { createQuota } from "../../src/router/quota.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { minute } from "./quota-parts.ts";
import { createScriptedProvider } from "./scripted-provider.ts";

const solvent: AccountReading = { limits: [], balance: { amount: 4.5, currency: "USD" }, hasCredit: true };
const insolvent: AccountReading = { limits: [], balance: { amount: 0, currency: "USD" }, hasCredit: false };

/** A provider whose account is read, and one that offers nothing of the kind. */
function given(answer: (signal?: AbortSignal) => Promise<AccountReading> = async () => solvent) {
	let current = answer;
	let reads = 0;
	const provider: Provider = {
		...createScriptedProvider("deepseek", { isPaid: true }),
		readAccount: async (signal) => {
			reads += 1;
			return await current(signal);
		},
	};
	const clock = createVirtualClock();
	const database = openTemporaryDatabase();
	const quota = createQuota({ database, clock, providers: [provider] });
	const lines: string[] = [];
	const write = (_: unknown, text: string): void => void lines.push(text);
	const log = { debug: write, info: write, warn: write, error: write } as unknown as Parameters<
		typeof createAccountWatch
	>[0]["log"];
	const watch = createAccountWatch({ providers: [provider, createScriptedProvider("groq")], quota, clock, log });
	const [model] = provider.models;
	if (!model) throw new Error("no model");
	return {
		watch,
		quota,
		clock,
		database,
		lines,
		route: { provider, model },
		reads: () => reads,
		answers: (next: typeof answer) => {
			current = next;
		},
		balance: () => quota.report().providers[0]?.balance,
	};
}

describe("the watch over accounts", () => {
	it("asks at its start and then every quarter of an hour", async () => {
		const { watch, clock, reads, balance } = given();
		watch.start();
		await clock.advance(0);
		expect(reads()).toBe(1);
		expect(balance()).toEqual({ amount: 4.5, currency: "USD", seenAt: clock.now() });

		await clock.advance(15 * minute - 1);
		expect(reads()).toBe(1);
		await clock.advance(1);
		expect(reads()).toBe(2);
		await clock.advance(30 * minute);
		expect(reads()).toBe(4);
		watch.stop();
	});

	it("asks soon after a call was refused for want of money, and lifts the pause when it was not true", async () => {
		const { watch, quota, clock, reads, route } = given();
		watch.start();
		await clock.advance(minute);

		quota.pause(route, clock.now() + 120 * minute, "money", "provider");
		await clock.advance(30_000);

		expect(reads()).toBe(2);
		expect(quota.pauseOf(route)).toBeUndefined();
		// It is refused again: what the account says of itself is then not asked for all the time.
		quota.pause(route, clock.now() + 120 * minute, "money", "provider");
		await clock.advance(5 * minute);
		expect(reads()).toBe(2);
		await clock.advance(10 * minute);
		expect(reads()).toBe(3);
		watch.stop();
	});

	it("brings a provider back within a quarter of an hour after it was topped up", async () => {
		const { watch, quota, clock, route, answers } = given(async () => insolvent);
		watch.start();
		await clock.advance(20 * minute);
		expect(quota.pauseOf(route)?.reason).toBe("money");

		answers(async () => solvent);
		await clock.advance(15 * minute);

		expect(quota.pauseOf(route)).toBeUndefined();
		watch.stop();
	});

	it("only logs a read-out that fails, and goes on", async () => {
		const { watch, clock, reads, lines, balance, answers } = given(async () => {
			throw new ProviderError("network", "deepseek: no connection");
		});
		watch.start();
		await clock.advance(minute);
		expect(lines).toEqual(["account not read"]);
		expect(reads()).toBe(1);

		answers(async () => solvent);
		await clock.advance(15 * minute);
		expect(balance()).toMatchObject({ amount: 4.5 });
		watch.stop();
	});

	it("does not end because the store is broken", async () => {
		const { watch, clock, database, lines } = given();
		database.close();
		watch.start();
		await clock.advance(minute);
		expect(lines).toEqual(["account not read", "account not watched", "account not watched"]);
		watch.stop();
	});

	it("leaves nothing behind when it is stopped, not even a question under way", async () => {
		const { watch, clock, lines, balance } = given(
			(signal) =>
				new Promise((_, reject) => {
					signal?.addEventListener("abort", () => reject(new ProviderError("aborted", "ended")));
				}),
		);
		watch.start();
		watch.stop();
		await clock.advance(60 * minute);

		expect(clock.pendingTimers()).toBe(0);
		expect(lines).toEqual([]);
		expect(balance()).toBeUndefined();
		await watch.refresh();
	});
});

describe("a refresh", () => {
	it("asks what was asked longer than a minute ago, and resolves with the answer", async () => {
		const { watch, clock, reads } = given();
		await watch.refresh();
		expect(reads()).toBe(1);

		await clock.advance(minute - 1);
		await watch.refresh();
		expect(reads()).toBe(1);
		await clock.advance(1);
		await watch.refresh();
		expect(reads()).toBe(2);
		expect(clock.pendingTimers()).toBe(0);
	});

	it("waits two seconds for a slow answer and asks no second time meanwhile", async () => {
		let answer = (_: AccountReading): void => undefined;
		const { watch, clock, reads, balance } = given(
			() =>
				new Promise((resolve) => {
					answer = resolve;
				}),
		);
		let isDone = false;
		const refreshed = watch.refresh().then(() => {
			isDone = true;
		});
		await clock.advance(1_999);
		expect(isDone).toBe(false);
		await clock.advance(1);
		await refreshed;

		const again = watch.refresh();
		expect(reads()).toBe(1);
		answer(solvent);
		await again;
		expect(balance()).toMatchObject({ amount: 4.5 });
	});
});
