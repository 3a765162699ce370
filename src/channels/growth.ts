import { sleep } from "../clock.ts";
import { ChannelError } from "./channel.ts";
import type { RenderedPart } from "./markdown/rendered.ts";
import type { CallPurpose } from "./pace.ts";
import type { ReplyParts } from "./reply-parts.ts";
import type { ReplyTools, Surface } from "./surface.ts";

/** The time before the final text: typing, then the newest text at the rate the chat allows. */
export interface Growth {
	/** The whole text so far; empty: show that the bot is typing. Never throws. */
	show(text: string): void;
	/** Makes no further call and resolves once the one on its way has come back. */
	end(): Promise<void>;
}

interface Call {
	readonly purpose: CallPurpose;
	make(): Promise<void>;
}
/** Nothing to do for so long. `endsWithNews`: a newer text is a reason to look again at once. */
interface Rest {
	readonly milliseconds: number;
	readonly endsWithNews: boolean;
}

const untilNews: Rest = { milliseconds: Number.POSITIVE_INFINITY, endsWithNews: true };
/** Typing is repeated a little before the platform would hide it. */
const typingShare = 0.8;
/** A preview that does not change has to be repeated within 30 seconds. */
const heartbeatMilliseconds = 20_000;
/** A person may delete what is being written once; then we leave it to the final text. */
const lossesAllowed = 1;

export function backOffMilliseconds(failures: number): number {
	return Math.min(30_000, 500 * 2 ** failures);
}

export function createGrowth(surface: Surface, parts: ReplyParts, { pace, clock, log }: ReplyTools): Growth {
	let newest = "";
	let rendered: { readonly text: string; readonly parts: readonly RenderedPart[] } = { text: "", parts: [] };
	let changes = 0;
	let changedAt = 0;
	let typingAt = 0;
	let previewed: { readonly markup: string; readonly at: number } | undefined;
	let canType = true;
	let canPreview = surface.preview !== undefined;
	let failures = 0;
	let losses = 0;
	let retryAt = 0;

	let hasEnded = false;
	let nap = new AbortController();
	let endsWithNews = false;
	let running: Promise<void> | undefined;

	async function grow(): Promise<void> {
		while (!hasEnded) {
			const plan = planned();
			if ("make" in plan) {
				const booked = pace.take(surface.chat, surface.limits, plan.purpose);
				if (booked === true) await attempt(plan);
				else await rest({ milliseconds: booked.waitMilliseconds, endsWithNews: plan.purpose === "typing" });
			} else await rest(plan);
		}
	}

	/** The one call that matters most now. Text is rendered only when it could also be sent. */
	function planned(): Call | Rest {
		const now = clock.elapsed();
		if (now < retryAt) return { milliseconds: retryAt - now, endsWithNews: false };
		if (newest.trim() === "") return plannedTyping(now);
		const gap = surface.limits.editGapsSeconds[Math.min(changes, surface.limits.editGapsSeconds.length) - 1] ?? 0;
		const nextChangeAt = changedAt + gap * 1_000;
		if (changes > 0 && now < nextChangeAt) return { milliseconds: nextChangeAt - now, endsWithNews: false };
		if (rendered.text !== newest) rendered = { text: newest, parts: surface.render({ text: newest }, true) };
		const last = rendered.parts.at(-1);
		if (!last) return plannedTyping(now);
		if (canPreview && surface.preview && parts.count < rendered.parts.length)
			return plannedStep(rendered.parts.slice(0, -1)) ?? plannedPreview(last, surface.preview, now);
		return plannedStep(rendered.parts) ?? untilNews;
	}

	function plannedTyping(now: number): Call | Rest {
		if (!canType || changes > 0) return untilNews;
		if (now < typingAt) return { milliseconds: typingAt - now, endsWithNews: true };
		const make = async (): Promise<void> => {
			typingAt = now + surface.typingSeconds * typingShare * 1_000;
			await surface.typing().catch((error) => {
				canType = isPassing(error);
				throw error;
			});
		};
		return { purpose: "typing", make };
	}

	function plannedStep(target: readonly RenderedPart[]): Call | undefined {
		const step = parts.next(target);
		if (!step) return undefined;
		const make = async (): Promise<void> => {
			if ((await parts.run(step)) === "lost" && ++losses > lossesAllowed)
				throw new ChannelError("missing", "the message disappeared again");
			if (step.kind === "edit") noteChange();
		};
		return { purpose: "show", make };
	}

	function plannedPreview(
		part: RenderedPart,
		preview: (part: RenderedPart) => Promise<void>,
		now: number,
	): Call | Rest {
		const repeatAt = (previewed?.at ?? 0) + heartbeatMilliseconds;
		if (previewed?.markup === part.markup && now < repeatAt)
			return { milliseconds: repeatAt - now, endsWithNews: true };
		const make = async (): Promise<void> => {
			previewed = { markup: part.markup, at: now };
			await preview(part).catch((error) => {
				canPreview = isPassing(error);
				previewed = undefined;
				throw error;
			});
			noteChange();
		};
		return { purpose: "show", make };
	}

	function noteChange(): void {
		changes++;
		changedAt = clock.elapsed();
	}

	async function attempt(call: Call): Promise<void> {
		const couldDoMore = { canType, canPreview };
		try {
			await call.make();
			failures = 0;
		} catch (error) {
			if (!(error instanceof ChannelError)) throw error;
			log.debug({ chat: surface.chat, kind: error.kind }, "a growing reply was refused");
			if (error.kind === "flood") pace.flood(surface.chat, error.retryAfterSeconds, error.isGlobal);
			else if (error.kind === "network") retryAt = clock.elapsed() + backOffMilliseconds(failures++);
			else if (canType === couldDoMore.canType && canPreview === couldDoMore.canPreview) hasEnded = true;
		}
	}

	async function rest(wanted: Rest): Promise<void> {
		nap = new AbortController();
		endsWithNews = wanted.endsWithNews;
		await sleep(clock, wanted.milliseconds, nap.signal);
		endsWithNews = false;
	}

	return {
		show(text) {
			if (hasEnded) return;
			newest = text;
			if (endsWithNews) nap.abort();
			running ??= grow().catch((error) =>
				log.error({ chat: surface.chat, error: error.stack }, "a growing reply broke"),
			);
		},
		async end() {
			hasEnded = true;
			nap.abort();
			await running;
		},
	};
}

function isPassing(error: unknown): boolean {
	return error instanceof ChannelError && (error.kind === "flood" || error.kind === "network");
}
