import type { Answer } from "../assistant/message.ts";
import type { LiveReply, ReplyRecord } from "./channel.ts";
import { createGrowth } from "./growth.ts";
import { land } from "./landing.ts";
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
		const rendered = answer === null ? [] : surface.render(answer.text, false);
		await land(rendered, surface, parts, tools, abandoned.signal);
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
