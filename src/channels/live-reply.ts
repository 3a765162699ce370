import type { Answer } from "../assistant/message.ts";
import type { LiveReply, ReplyRecord } from "./channel.ts";
import { createGrowth } from "./growth.ts";
import { land } from "./landing.ts";
import type { RenderedPart } from "./markdown/rendered.ts";
import { createReplyParts } from "./reply-parts.ts";
import type { ReplyTools, Surface } from "./surface.ts";

/**
 * One reply on one surface: it grows while the answer is written, and then its final text lands.
 * At most one call is on its way at any time; a text that a newer one has overtaken is never sent.
 */
export function createLiveReply(surface: Surface, record: ReplyRecord, tools: ReplyTools): LiveReply {
	const parts = createReplyParts(surface, record);
	const growth = createGrowth(surface, parts, tools);
	const abandoned = new AbortController();
	let landing: Promise<void> | undefined;

	async function finalText(answer: Answer | null): Promise<void> {
		await growth.end();
		const looks = answer === null ? [[]] : looksOf(answer);
		await land(looks, surface, parts, tools, abandoned.signal);
	}

	/** As it should look, and as text alone for a platform that refuses the card or the picture. */
	function looksOf(answer: Answer): readonly (readonly RenderedPart[])[] {
		const { text, isCard, picture } = answer;
		const wanted = surface.render(answer, false);
		return isCard || picture ? [wanted, surface.render({ text }, false)] : [wanted];
	}

	return {
		show: growth.show,
		finish(answer) {
			landing ??= finalText(answer).finally(() => {
				landing = undefined;
			});
			return landing;
		},
		abandon() {
			void growth.end();
			abandoned.abort();
		},
	};
}
