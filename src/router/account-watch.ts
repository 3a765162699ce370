import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Provider } from "../providers/provider.ts";
import type { Quota } from "./route.ts";

export interface AccountWatchParts {
	readonly providers: readonly Provider[];
	readonly quota: Pick<Quota, "observeAccount" | "pausesOf">;
	readonly clock: Clock;
	readonly log: Log;
}

/** Asks the providers now and then what is left of their accounts. A read-out that fails is only logged. */
export interface AccountWatch {
	/** Asks at once, then regularly. */
	start(): void;
	/** Ends what is under way; nothing is asked afterwards. */
	stop(): void;
	/** Asks those whose last answer is older than a minute; resolves when all have answered, at the latest after two seconds. */
	refresh(): Promise<void>;
}

const lookMilliseconds = 30_000;
const regularMilliseconds = 15 * 60_000;
const freshMilliseconds = 60_000;
const patienceMilliseconds = 2_000;

/** What is known of one provider; times by the monotonic clock. */
interface Account {
	readonly provider: Provider;
	askedAt: number;
	/** Asked out of turn because a call was refused for want of money. */
	askedSoonAt: number;
	asking: Promise<void> | undefined;
}

export function createAccountWatch({ providers, quota, clock, log }: AccountWatchParts): AccountWatch {
	const never = Number.NEGATIVE_INFINITY;
	const accounts = providers
		.filter(({ readAccount }) => readAccount)
		.map((provider): Account => ({ provider, askedAt: never, askedSoonAt: never, asking: undefined }));
	const stopped = new AbortController();
	let cancelLook = (): void => undefined;

	/** One read-out at a time for each provider. Never rejects. */
	function ask(account: Account): Promise<void> {
		account.askedAt = clock.elapsed();
		account.asking ??= read(account.provider).finally(() => {
			account.asking = undefined;
		});
		return account.asking;
	}

	async function read(provider: Provider): Promise<void> {
		try {
			const reading = await provider.readAccount?.(stopped.signal);
			if (reading && !stopped.signal.aborted) quota.observeAccount(provider, reading);
		} catch (error) {
			if (!stopped.signal.aborted) log.warn({ provider: provider.name, error }, "account not read");
		}
	}

	function look(): void {
		const now = clock.elapsed();
		for (const account of accounts) {
			if (now - account.askedAt >= regularMilliseconds) void ask(account);
			// At most once in a regular interval: some accounts call themselves solvent and refuse all the same.
			else if (now - account.askedSoonAt >= regularMilliseconds && isWithoutMoney(account)) {
				account.askedSoonAt = now;
				void ask(account);
			}
		}
		cancelLook = clock.after(lookMilliseconds, look);
	}

	/** False where the store cannot be read: nothing is called then anyway, and the next look finds out. */
	function isWithoutMoney({ provider }: Account): boolean {
		try {
			return provider.models.some((model) =>
				quota.pausesOf({ provider, model }).some(({ reason }) => reason === "money"),
			);
		} catch (error) {
			log.warn({ provider: provider.name, error }, "account not watched");
			return false;
		}
	}

	return {
		start() {
			if (accounts.length > 0) look();
		},
		stop() {
			cancelLook();
			stopped.abort();
		},
		async refresh() {
			const due = accounts.filter(({ askedAt, asking }) => asking || clock.elapsed() - askedAt >= freshMilliseconds);
			if (due.length === 0 || stopped.signal.aborted) return;
			const patience = new AbortController();
			await Promise.race([
				Promise.all(due.map((account) => account.asking ?? ask(account))),
				sleep(clock, patienceMilliseconds, patience.signal),
			]);
			patience.abort();
		},
	};
}
