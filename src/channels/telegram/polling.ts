import type { Update } from "grammy/types";
import type { ForeignSignal, TelegramApi } from "./api.ts";
import type { TelegramError } from "./errors.ts";
import { type PersistParts, persist } from "./persist.ts";

export interface PollingParts extends PersistParts {
	readonly api: TelegramApi;
	readonly allowedUpdates: readonly Exclude<keyof Update, "update_id">[];
	/** How long one question for updates may wait for an answer. */
	readonly pollSeconds: number;
	/** Returns after the updates are written down; throws when they are not, and they come again. */
	receive(updates: readonly Update[]): void;
}

/** Whoever ends the program waits for this. */
const goodbyeMilliseconds = 5_000;

/**
 * Receives updates until the signal aborts or the token is revoked. An update is confirmed by asking for the next one,
 * so never before `receive` has returned.
 */
export async function pollUpdates(parts: PollingParts, signal: AbortSignal): Promise<void> {
	const { api, allowedUpdates, pollSeconds } = parts;
	// Zero asks for everything unconfirmed: ids that begin again after a quiet week then cost nothing.
	let offset = 0;

	await persist(parts, signal, async () => {
		const question = { offset, timeout: pollSeconds, allowed_updates: allowedUpdates };
		const updates = await api.getUpdates(question, signal as ForeignSignal).catch(async (error: TelegramError) => {
			// As long as a web hook stands, Telegram hands out nothing here.
			if (error.isWebhookConflict) await api.deleteWebhook({}, signal as ForeignSignal);
			throw error;
		});
		if (signal.aborted) return true;
		if (updates.length > 0) parts.receive(updates);
		offset = updates.length === 0 ? 0 : Math.max(offset, ...updates.map((update) => update.update_id + 1));
		return false;
	});
	if (offset > 0) await confirm(parts, offset);
}

/** Spares the next process what is written down already. What this answers stays unconfirmed and comes again. */
async function confirm({ api, clock, log }: PollingParts, offset: number): Promise<void> {
	const deadline = new AbortController();
	const cancel = clock.after(goodbyeMilliseconds, () => deadline.abort());
	const question = { offset, timeout: 0, limit: 1 };
	await api.getUpdates(question, deadline.signal as ForeignSignal).catch((error: TelegramError) => {
		log.info({ error }, "telegram: the last updates will come again");
	});
	cancel();
}
