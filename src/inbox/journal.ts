import type { Answer, Message } from "../assistant/message.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../stores/database.ts";

/** How a row ends once its stored answer stands in the chat: `failed` when the answer is only an apology. */
type Ending = "delivered" | "failed";

/** One message and how far it got. Text is forgotten when a row is delivered; its id stays for a while against doubles. */
export interface Row {
	readonly position: number;
	readonly message: Message;
	/** Starts of an answer, this one included; a process that died counts, one that was stopped does not. */
	readonly attempts: number;
	/** Undefined as long as no answer is stored; `answer: null` says nothing. */
	readonly stored: { readonly answer: Answer | null; readonly ending: Ending } | undefined;
	readonly parts: readonly string[];
	readonly deliveredParts: number;
}

/**
 * The rows behind the inbox. Every method is one transaction and throws when the store cannot keep it. What must survive a
 * power loss is durable at once: messages, answers and the ids of sent parts. The rest is repeated without harm.
 */
export interface Journal {
	/** Writes all messages or none, and returns rows for those that were not known before. */
	write(messages: readonly Message[]): readonly Row[];
	/** Unfinished rows of a channel, oldest first. */
	unfinished(channel: string): readonly Row[];
	/** received -> answering; returns the number of this attempt. */
	begin(position: number): number;
	/** answering -> received, without counting the attempt: the program is stopping. */
	release(position: number): void;
	/** answering -> answered: from here on a crash costs no second call. */
	answered(position: number, answer: Answer | null, ending: Ending): void;
	saveParts(position: number, parts: readonly string[], deliveredParts: number): void;
	/** The row is done. A delivered one forgets its text, a failed one keeps the question for a later look. */
	end(position: number, ending: Ending): void;
	/** Forgets rows that ended before `endedBefore` (milliseconds since 1970). */
	prune(endedBefore: number): void;
}

export function createJournal(database: Database, clock: Clock): Journal {
	const { sql, relaxed } = database;
	const insert = sql.prepare(
		`INSERT INTO journal (id, channel, conversation, author, message, state, received_at)
		VALUES (?, ?, ?, ?, ?, 'received', ?) ON CONFLICT (id) DO NOTHING RETURNING position`,
	);
	const selectUnfinished = sql.prepare(
		`SELECT position, message, attempts, answer, parts, delivered_parts FROM journal
		WHERE channel = ? AND state NOT IN ('delivered', 'failed') ORDER BY position`,
	);
	const begin = sql.prepare(
		"UPDATE journal SET state = 'answering', attempts = attempts + 1 WHERE position = ? RETURNING attempts",
	);
	const release = sql.prepare(
		"UPDATE journal SET state = 'received', attempts = attempts - 1 WHERE position = ? AND state = 'answering'",
	);
	const answered = sql.prepare("UPDATE journal SET state = 'answered', answer = ? WHERE position = ?");
	const saveParts = sql.prepare("UPDATE journal SET parts = ?, delivered_parts = ? WHERE position = ?");
	const deliver = sql.prepare(
		"UPDATE journal SET state = 'delivered', message = '', answer = NULL, ended_at = ? WHERE position = ?",
	);
	const fail = sql.prepare("UPDATE journal SET state = 'failed', ended_at = ? WHERE position = ?");
	const prune = sql.prepare("DELETE FROM journal WHERE ended_at < ?");
	const saveDelivered = sql.prepare("UPDATE journal SET delivered_parts = ?2 WHERE position = ?3 AND parts = ?1");

	return {
		write: (messages) =>
			database.transaction(() =>
				messages.flatMap((message) => {
					const { id, channel, conversation, author } = message;
					const added = insert.get(id, channel, conversation, author, JSON.stringify(message), clock.now());
					if (added === undefined) return [];
					return [
						{ position: Number(added.position), message, attempts: 0, stored: undefined, parts: [], deliveredParts: 0 },
					];
				}),
			),
		unfinished: (channel) =>
			selectUnfinished.all(channel).map((row) => ({
				position: Number(row.position),
				message: JSON.parse(String(row.message)),
				attempts: Number(row.attempts),
				stored: row.answer === null ? undefined : JSON.parse(String(row.answer)),
				parts: JSON.parse(String(row.parts)),
				deliveredParts: Number(row.delivered_parts),
			})),
		// All rows, not the first one: only at the end of a statement SQLite tells that its commit failed.
		begin: (position) => Number(relaxed(() => begin.all(position))[0]?.attempts),
		release: (position) => void relaxed(() => release.run(position)),
		answered: (position, answer, ending) => void answered.run(JSON.stringify({ answer, ending }), position),
		saveParts(position, parts, deliveredParts) {
			const values = [JSON.stringify(parts), deliveredParts, position] as const;
			// Ids that stand there already: only the count is new, and an edit that is done twice changes nothing.
			if (relaxed(() => saveDelivered.run(...values)).changes === 0) saveParts.run(...values);
		},
		end(position, ending) {
			const end = ending === "delivered" ? deliver : fail;
			relaxed(() => end.run(clock.now(), position));
		},
		prune: (endedBefore) => void relaxed(() => prune.run(endedBefore)),
	};
}
