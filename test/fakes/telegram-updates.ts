import type { Update } from "grammy/types";
import type { Clock } from "../../src/clock.ts";
import { Refusal } from "./telegram-rules.ts";

/** An update as a test gives it: the number comes from the queue. */
export type NewUpdate = Omit<Update, "update_id">;

export interface UpdateQueue {
	push<Kind extends NewUpdate>(update: Kind): Kind & { readonly update_id: number };
	/** Sends an update once more, whether it was confirmed or not. */
	redeliver(updateId: number): void;
	/** The next update has this number, lower or higher than the last one. */
	restartIds(updateId: number): void;
	/**
	 * Waits up to `timeout` seconds and answers at once when there is something. Only a higher `offset` confirms.
	 * A second caller ends the wait of the first with 409. `closed` resolves when the caller hangs up.
	 */
	poll(question: PollQuestion, closed: Promise<unknown>): Promise<readonly Update[]>;
	/** Not yet confirmed. */
	unconfirmed(): readonly Update[];
}

interface PollQuestion {
	readonly offset?: number;
	readonly limit?: number;
	readonly timeout?: number;
	readonly allowed_updates?: readonly string[];
}

const unaskedKinds = ["chat_member", "message_reaction", "message_reaction_count"];

export function createUpdateQueue(clock: Clock): UpdateQueue {
	const all = new Map<number, Update>();
	let pending: Update[] = [];
	let repeats: Update[] = [];
	let nextId = 1_000;
	let allowedKinds: readonly string[] = [];
	let waiter: { wake(): void; dismiss(): void } | undefined;

	function isWanted(update: Update): boolean {
		const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
		return allowedKinds.length === 0 ? !unaskedKinds.includes(kind) : allowedKinds.includes(kind);
	}

	/** `"full"`: something may have come; `"over"`: the time is up or the caller gone; `"conflict"`: somebody else asked. */
	function wait(seconds: number, closed: Promise<unknown>): Promise<"full" | "over" | "conflict"> {
		return new Promise((resolve) => {
			const end = (outcome: "full" | "over" | "conflict"): void => {
				cancel();
				if (waiter === self) waiter = undefined;
				resolve(outcome);
			};
			const self = { wake: () => end("full"), dismiss: () => end("conflict") };
			const cancel = clock.after(seconds * 1_000, () => end("over"));
			waiter = self;
			void closed.then(() => end("over"));
		});
	}

	return {
		push(update) {
			const numbered = { ...update, update_id: nextId++ };
			all.set(numbered.update_id, numbered);
			if (isWanted(numbered)) {
				pending.push(numbered);
				waiter?.wake();
			}
			return numbered;
		},
		redeliver(updateId) {
			const update = all.get(updateId);
			if (!update) throw new Error(`there was no update ${updateId}`);
			repeats.push(update);
			waiter?.wake();
		},
		restartIds(updateId) {
			nextId = updateId;
		},
		async poll({ offset = 0, limit = 100, timeout = 0, allowed_updates }, closed) {
			waiter?.dismiss();
			if (allowed_updates) allowedKinds = allowed_updates;
			if (offset > 0) pending = pending.filter((update) => update.update_id >= offset);
			if (pending.length + repeats.length === 0 && timeout > 0) {
				const outcome = await wait(timeout, closed);
				if (outcome === "conflict")
					throw new Refusal(
						409,
						"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
					);
			}
			const batch = [...repeats, ...pending].slice(0, limit);
			repeats = [];
			return batch;
		},
		unconfirmed: () => pending,
	};
}
