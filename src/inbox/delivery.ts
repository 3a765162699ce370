import { type Clock, sleep } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Journal, Row } from "./journal.ts";
import { ChannelError, type LiveReply, type Replies, type ReplyRecord } from "./reply.ts";

/** Brings stored answers into the chats, however long a platform asks to wait. */
export interface Delivery {
	/** The growing reply of a row; the same object until the row is done. */
	reply(row: Row): LiveReply;
	/** Resolves once the answer stands in the chat, cannot ever stand there, or the program is stopping. */
	deliver(row: Row, stored: NonNullable<Row["stored"]>): Promise<void>;
	/** Ends all replies without a final text. */
	abandon(): void;
}

const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 60_000;

export function createDelivery(parts: {
	journal: Journal;
	channels: ReadonlyMap<string, Replies>;
	clock: Clock;
	log: Log;
	signal: AbortSignal;
}): Delivery {
	const { journal, channels, clock, log, signal } = parts;
	const replies = new Map<number, LiveReply>();

	function reply(row: Row): LiveReply {
		const known = replies.get(row.position);
		if (known !== undefined) return known;
		const channel = channels.get(row.message.channel);
		if (channel === undefined) throw new Error(`no channel ${row.message.channel}`);
		const opened = channel.open(row.message, recordOf(row));
		replies.set(row.position, opened);
		return opened;
	}

	function recordOf(row: Row): ReplyRecord {
		return {
			parts: row.parts,
			deliveredParts: row.deliveredParts,
			save: (ids, delivered) => journal.saveParts(row.position, ids, delivered),
		};
	}

	/** Undefined: done, one way or the other. Otherwise the pause before the next try. */
	async function attempt(row: Row, stored: NonNullable<Row["stored"]>, tries: number): Promise<number | undefined> {
		try {
			await reply(row).finish(stored.answer);
			journal.end(row.position, stored.ending);
			log.info({ tries }, stored.ending);
			return undefined;
		} catch (error) {
			const pause = Math.min(firstPauseMilliseconds * 2 ** (tries - 1), longestPauseMilliseconds);
			if (!(error instanceof ChannelError)) {
				log.error({ tries, error }, "delivery store failed");
				return pause;
			}
			log.warn({ kind: error.kind, tries, error }, "delivery refused");
			if (error.kind === "flood") return error.retryAfterSeconds * 1_000;
			if (error.kind === "network") return pause;
			// A new token needs a new start, which takes the stored answer up again.
			if (error.kind !== "unauthorised") journal.end(row.position, "failed");
			return undefined;
		}
	}

	return {
		reply,
		async deliver(row, stored) {
			for (let tries = 1; !signal.aborted; tries++) {
				const pause = await attempt(row, stored, tries);
				if (pause === undefined) break;
				await sleep(clock, pause, signal);
			}
			replies.delete(row.position);
		},
		abandon() {
			for (const open of replies.values()) open.abandon();
		},
	};
}
