import type { Assistant } from "../assistant/assistant.ts";
import type { Answer, AnswerMessage, Message } from "../assistant/message.ts";
import { type Clock, sleep } from "../clock.ts";
import { createInOrder } from "../in-order.ts";
import { type Log, withMessage } from "../log.ts";
import { createDelivery } from "./delivery.ts";
import type { Journal, Row } from "./journal.ts";
import type { Replies } from "./reply.ts";

/** Keeps every accepted message until its one answer stands in the chat. */
export interface Inbox {
	/** Writes the messages and starts their answers. Throws when they could not be written: then nothing was accepted. */
	accept(messages: readonly Message[]): void;
	/** Takes up the unfinished rows of a channel, oldest first; returns how many. Call it once, before the channel starts. */
	resume(channel: string): number;
	/** Begins no further answer; resolves once those in progress are done or, after the grace, left to the next start. */
	stop(graceMilliseconds: number): Promise<void>;
	/** Resolves once nothing is being answered any more. */
	idle(): Promise<void>;
}

/** What the inbox needs of the assistant. None of it throws but `answer`. */
export type Answering = Pick<Assistant, "answer" | "isUrgent" | "apology" | "tooMany" | "waitingNotice">;

/** Messages of one person that may wait at the same time; the next ones are told to come back. */
const waitingPerPerson = 20;
const noticeAfterMilliseconds = 8_000;
const lookMilliseconds = 1_000;
const maximumAttempts = 3;
const retryAfterMilliseconds = 2_000;
/** A store that cannot write now is asked again, less and less often. */
const firstStorePauseMilliseconds = 1_000;
const longestStorePauseMilliseconds = 15_000;
/** For answers that were ended to let go of their connections. */
const goodbyeMilliseconds = 2_000;
/** How long ids are kept against doubles: platforms repeat messages for up to a day. */
const keepEndedMilliseconds = 3 * 86_400_000;

export function createInbox(parts: {
	journal: Journal;
	channels: ReadonlyMap<string, Replies>;
	assistant: Answering;
	clock: Clock;
	log: Log;
}): Inbox {
	const { journal, channels, assistant, clock, log } = parts;
	const lanes = createInOrder();
	const ending = new AbortController();
	const delivery = createDelivery({ journal, channels, clock, log, signal: ending.signal });
	const waiting = new Map<string, number>();
	/** The rows of each lane, first come first; the first one is being answered. */
	const queues = new Map<string, Row[]>();
	/** People who were told that they wait for too many answers, until one of theirs is done. */
	const told = new Set<string>();
	let isStopping = false;

	function schedule(row: Row): void {
		const { message } = row;
		const count = waiting.get(message.author) ?? 0;
		if (assistant.isUrgent(message)) {
			start(`${message.conversation} urgent`, row, assistant.answer);
		} else if (count < waitingPerPerson) {
			waiting.set(message.author, count + 1);
			start(message.conversation, row, assistant.answer, () => leave(message.author));
		} else {
			const refuse = told.has(message.author) ? async () => null : () => assistant.tooMany(message);
			told.add(message.author);
			start(`${message.conversation} refused`, row, refuse);
		}
	}

	function leave(author: string): void {
		told.delete(author);
		const left = (waiting.get(author) ?? 1) - 1;
		if (left === 0) waiting.delete(author);
		else waiting.set(author, left);
	}

	/** Waits for the lane's turn, and says so in the chat when that takes long. */
	function start(lane: string, row: Row, answer: AnswerMessage, done: () => void = () => undefined): void {
		const { message } = row;
		const turn = new AbortController();
		const queue = queues.get(lane) ?? [];
		queues.set(lane, queue);
		if (queue.push(row) > 1) void notify(row, queue, turn.signal);
		const finished = lanes.run(lane, () => {
			turn.abort();
			return withMessage(message.id, () => work(row, answer));
		});
		finished
			.catch((error: unknown) => log.error({ message: message.id, error }, "row left"))
			.finally(() => {
				queue.shift();
				if (queue.length === 0) queues.delete(lane);
				done();
			});
	}

	/**
	 * Only who has been next in turn for long says that it waits: the answer before it stands in the chat by then, and the
	 * notice becomes the answer, so that answers keep the order of the questions.
	 */
	async function notify(row: Row, queue: readonly Row[], turn: AbortSignal): Promise<void> {
		for (let waited = 0; waited < noticeAfterMilliseconds; waited = queue[1] === row ? waited + lookMilliseconds : 0) {
			await sleep(clock, lookMilliseconds, turn);
			if (turn.aborted) return;
		}
		try {
			const notice = await assistant.waitingNotice(row.message);
			if (!turn.aborted) delivery.reply(row).show(notice);
		} catch (error) {
			log.warn({ message: row.message.id, error }, "notice failed");
		}
	}

	/** The walk of one row: answer, store, deliver. What it cannot finish stays in the journal for the next start. */
	async function work(row: Row, answer: AnswerMessage): Promise<void> {
		if (isStopping) return;
		const stored = row.stored ?? (await answerAndStore(row, answer));
		if (stored !== undefined) await delivery.deliver(row, stored);
	}

	async function answerAndStore(row: Row, answer: AnswerMessage): Promise<Row["stored"]> {
		const begunAt = clock.elapsed();
		for (;;) {
			const attempt = await written(() => journal.begin(row.position));
			if (attempt > maximumAttempts) return store(row, await assistant.apology(row.message), "failed");
			let result: Answer | null;
			try {
				result = await answer(row.message, delivery.reply(row), ending.signal);
			} catch (error) {
				if (ending.signal.aborted) {
					journal.release(row.position);
					return undefined;
				}
				log.error({ attempt, error }, "attempt failed");
				await sleep(clock, retryAfterMilliseconds, ending.signal);
				continue;
			}
			log.info({ milliseconds: Math.round(clock.elapsed() - begunAt), attempt }, "answered");
			return store(row, result, "delivered");
		}
	}

	async function store(row: Row, answer: Answer | null, result: "delivered" | "failed"): Promise<Row["stored"]> {
		await written(() => journal.answered(row.position, answer, result));
		return { answer, ending: result };
	}

	/** Repeats a step until the store takes it: an answer that is there is not asked for again. Rejects while stopping. */
	async function written<Result>(step: () => Result): Promise<Result> {
		for (let pause = firstStorePauseMilliseconds; ; pause = Math.min(pause * 2, longestStorePauseMilliseconds)) {
			try {
				return step();
			} catch (error) {
				if (ending.signal.aborted) throw error;
				log.error({ error }, "the journal cannot be written");
				await sleep(clock, pause, ending.signal);
			}
		}
	}

	async function idleWithin(milliseconds: number): Promise<void> {
		const isIdle = new AbortController();
		await Promise.race([lanes.idle(), sleep(clock, milliseconds, isIdle.signal)]);
		isIdle.abort();
	}

	return {
		accept(messages) {
			if (isStopping) throw new Error("the inbox is closed");
			journal.prune(clock.now() - keepEndedMilliseconds);
			const rows = journal.write(messages);
			for (const { message } of rows) log.info({ message: message.id, channel: message.channel }, "accepted");
			for (const row of rows) schedule(row);
		},
		resume(channel) {
			const rows = journal.unfinished(channel);
			for (const row of rows) start(row.message.conversation, row, assistant.answer);
			return rows.length;
		},
		async stop(graceMilliseconds) {
			isStopping = true;
			await idleWithin(graceMilliseconds);
			ending.abort();
			delivery.abandon();
			await idleWithin(goodbyeMilliseconds);
		},
		idle: () => lanes.idle(),
	};
}
