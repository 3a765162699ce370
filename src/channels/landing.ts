import { sleep } from "../clock.ts";
import { ChannelError } from "./channel.ts";
import { backOffMilliseconds } from "./growth.ts";
import type { RenderedPart } from "./markdown/rendered.ts";
import type { ReplyParts } from "./reply-parts.ts";
import type { ReplyTools, Surface } from "./surface.ts";

/** Longer pauses are not waited for here: the caller learns of them and comes back. */
const longestPauseSeconds = 30;
const networkAttempts = 6;

/**
 * Brings every message of the reply to its final look, in order, and resolves once all of it stands in the chat.
 * Waits for the pace, repeats what the network may have swallowed, and goes on where an earlier attempt ended.
 * `looks`: the wanted one first; the next one is for a platform that refuses its cards or its picture.
 * Rejects with the ChannelError that only others can mend; `flood` says in how many seconds to come back.
 */
export async function land(
	looks: readonly (readonly RenderedPart[])[],
	surface: Surface,
	parts: ReplyParts,
	{ pace, clock }: ReplyTools,
	abandoned: AbortSignal,
): Promise<void> {
	let [rendered = [], ...simpler] = looks;
	let failures = 0;
	let lossesLeft = Math.max(1, parts.count);

	for (;;) {
		parts.deliver(rendered);
		const step = parts.next(rendered);
		if (!step) return;
		await turn();
		try {
			if ((await parts.run(step)) === "lost" && lossesLeft-- <= 0)
				throw new ChannelError("rejected", "every message of the reply disappears");
			failures = 0;
		} catch (error) {
			if (step.kind === "edit" && isRich(step.part) && isRefusal(error) && simpler[0]) [rendered, ...simpler] = simpler;
			else await outlast(error);
		}
	}

	async function turn(): Promise<void> {
		for (;;) {
			if (abandoned.aborted) throw new ChannelError("network", "the reply was abandoned");
			const booked = pace.take(surface.chat, surface.limits, "final");
			if (booked === true) return;
			const waitSeconds = Math.ceil(booked.waitMilliseconds / 1_000);
			if (waitSeconds > longestPauseSeconds)
				throw new ChannelError("flood", "the chat has to rest", { retryAfterSeconds: waitSeconds });
			await sleep(clock, booked.waitMilliseconds, abandoned);
		}
	}

	async function outlast(error: unknown): Promise<void> {
		if (!(error instanceof ChannelError)) throw error;
		if (error.kind === "flood") {
			pace.flood(surface.chat, error.retryAfterSeconds, error.isGlobal);
		} else if (error.kind === "network" && ++failures < networkAttempts) {
			await sleep(clock, backOffMilliseconds(failures), abandoned);
		} else throw error;
	}
}

const isRich = ({ isCard, picture }: RenderedPart): boolean => isCard === true || picture !== undefined;

/** What a platform says of a card or a picture that it does not take; `forbidden` may mean pictures only. */
function isRefusal(error: unknown): boolean {
	return error instanceof ChannelError && ["markup", "rejected", "forbidden"].includes(error.kind);
}
