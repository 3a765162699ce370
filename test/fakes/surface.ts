import type { Answer } from "../../src/assistant/message.ts";
import { ChannelError, type LiveReply, type ReplyRecord } from "../../src/channels/channel.ts";
import { createLiveReply } from "../../src/channels/live-reply.ts";
import type { RenderedPart } from "../../src/channels/markdown/rendered.ts";
import { type ChatPace, createPace, type Pace, telegramPrivatePace } from "../../src/channels/pace.ts";
import type { Surface } from "../../src/channels/surface.ts";
import { type Clock, sleep } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createRecord } from "../contracts/channel.ts";
import { createVirtualClock, type VirtualClock } from "./clock.ts";

export type SurfaceCall = "typing" | "create" | "edit" | "remove" | "preview";

/** One chat of a platform in memory. Parts hold 10 characters; `*` is markup. A card reads `#text`, a picture `[description]`. */
export interface FakeSurface extends Surface {
	/** What the person sees, message by message. */
	texts(): string[];
	/** Every call as `edit 1 Hallo`, with the time it began. */
	readonly calls: { readonly at: number; readonly what: string }[];
	/** What the platform said no to by itself: a broken promise of ours. */
	readonly violations: string[];
	/** The next call of this kind fails. `didArrive`: it took effect all the same. */
	fail(call: SurfaceCall, error: ChannelError, didArrive?: boolean): void;
	/** A person deletes a message. */
	lose(id: string): void;
	/** Everything refused until then; asking inside is a violation. */
	flood(retryAfterSeconds: number): ChannelError;
	draft(): string | undefined;
}

const placeholder = "…";
const partLength = 10;

export interface FakeSurfaceOptions {
	readonly latencyMilliseconds?: number;
	readonly limits?: ChatPace;
	readonly hasPreview?: boolean;
	/** Where every message has to stand before it is edited. */
	readonly record?: ReplyRecord;
}

export function createFakeSurface(clock: Clock, options: FakeSurfaceOptions = {}): FakeSurface {
	const messages = new Map<string, string>();
	const calls: { at: number; what: string }[] = [];
	const violations: string[] = [];
	const failures: { readonly call: SurfaceCall; readonly error: ChannelError; readonly didArrive: boolean }[] = [];
	let count = 0;
	let running = 0;
	let silentUntil = 0;
	let draft: string | undefined;

	async function call(kind: SurfaceCall, details: string, effect: () => void): Promise<void> {
		calls.push({ at: clock.elapsed(), what: `${kind}${details}` });
		if (clock.elapsed() < silentUntil) violations.push(`${kind} inside a pause at ${clock.elapsed()}`);
		if (++running > 1) violations.push(`${kind} while another call was on its way`);
		const index = failures.findIndex((failure) => failure.call === kind);
		const [failure] = index < 0 ? [] : failures.splice(index, 1);
		if (options.latencyMilliseconds) await sleep(clock, options.latencyMilliseconds);
		running--;
		if (failure?.error.kind === "flood") silentUntil = clock.elapsed() + failure.error.retryAfterSeconds * 1_000;
		if (!failure || failure.didArrive) effect();
		if (failure) throw failure.error;
	}

	return {
		chat: "fake:1",
		limits: options.limits ?? telegramPrivatePace,
		typingSeconds: 5,
		render({ text, isCard, picture }) {
			const characters = [...text];
			const parts: RenderedPart[] = [];
			for (let from = 0; from < characters.length; from += partLength) {
				const markup = characters.slice(from, from + partLength).join("");
				const rich = { ...(isCard && { isCard }), ...(picture && from === 0 && { picture }) };
				parts.push({ markup, plain: markup.replaceAll("*", ""), ...rich });
			}
			return parts;
		},
		typing: () => call("typing", "", () => undefined),
		async create(part) {
			const id = String(++count);
			await call("create", ` ${part}`, () => messages.set(id, placeholder));
			return id;
		},
		edit: (id, part, asPlain) =>
			call("edit", ` ${id} ${lookOf(part, asPlain)}`, () => {
				const text = lookOf(part, asPlain);
				if (options.record && !options.record.parts.includes(id)) violations.push(`${id} was not recorded`);
				if (!messages.has(id)) throw new ChannelError("missing", "message to edit not found");
				if (messages.get(id) === text) throw new ChannelError("unchanged", "message is not modified");
				messages.set(id, text);
			}),
		remove: (id) =>
			call("remove", ` ${id}`, () => {
				if (!messages.delete(id)) throw new ChannelError("missing", "message to delete not found");
			}),
		...(options.hasPreview && {
			preview: (part: RenderedPart) =>
				call("preview", ` ${part.markup}`, () => {
					draft = part.markup;
				}),
		}),
		texts: () => [...messages.values()],
		calls,
		violations,
		fail: (kind, error, didArrive = false) => void failures.push({ call: kind, error, didArrive }),
		lose: (id) => void messages.delete(id),
		flood: (retryAfterSeconds) => new ChannelError("flood", "too many requests", { retryAfterSeconds }),
		draft: () => draft,
	};
}

function lookOf({ markup, plain, isCard, picture }: RenderedPart, asPlain: boolean): string {
	return `${picture ? `[${picture.description}]` : ""}${isCard ? "#" : ""}${asPlain ? plain : markup}`;
}

export interface ReplyUnderTest {
	readonly clock: VirtualClock;
	readonly pace: Pace;
	readonly record: ReturnType<typeof createRecord>;
	readonly surface: FakeSurface;
	/** Lines of the log from `info` upwards. */
	readonly lines: readonly string[];
	/** A reply over the same record and chat, as after a crash when it is not the first. */
	open(): LiveReply;
	/** The calls so far, without their times. */
	called(): string[];
	/** Finishes, lets `seconds` pass and tells how it ended: `stands`, `waits` or the error's kind and retry_after. */
	finish(answer: Answer | string | null, seconds: number, reply?: LiveReply): Promise<string>;
}

export function createReplyUnderTest(options: FakeSurfaceOptions = {}): ReplyUnderTest {
	const clock = createVirtualClock();
	const lines: string[] = [];
	const log = createLog("info", [], (line) => lines.push(line));
	const pace = createPace(clock);
	const record = createRecord();
	const surface = createFakeSurface(clock, { record, ...options });
	const open = (): LiveReply => createLiveReply(surface, record, { pace, clock, log });
	const nameOf = (error: unknown): string =>
		error instanceof ChannelError ? `${error.kind} ${error.retryAfterSeconds}` : String(error);

	return {
		clock,
		pace,
		record,
		surface,
		lines,
		open,
		called: () => surface.calls.map((call) => call.what),
		async finish(answer, seconds, reply = open()) {
			let end = "waits";
			const note = (outcome: string): void => {
				end = outcome;
			};
			reply.finish(typeof answer === "string" ? { text: answer } : answer).then(
				() => note("stands"),
				(error: unknown) => note(nameOf(error)),
			);
			await clock.advance(seconds * 1_000);
			return end;
		},
	};
}
