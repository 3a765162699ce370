import { ChannelError, type ReplyRecord } from "./channel.ts";
import type { RenderedPart } from "./markdown/rendered.ts";
import type { Surface } from "./surface.ts";

/** One call that brings the chat nearer to a rendering. */
type Step =
	| { readonly kind: "create"; readonly index: number }
	| { readonly kind: "edit"; readonly index: number; readonly part: RenderedPart }
	| { readonly kind: "remove"; readonly index: number };

/** The messages of one reply as they stand in the chat and in the journal. */
export interface ReplyParts {
	/** The next call towards this rendering, in the order of the parts; undefined when all of it stands there. */
	next(rendered: readonly RenderedPart[]): Step | undefined;
	/**
	 * Makes the call. `lost`: the message to edit is gone, and the next step may be another one in its place.
	 * Throws the ChannelErrors that the parts themselves cannot mend.
	 */
	run(step: Step): Promise<"done" | "lost">;
	/** Records the leading parts that already look like this as delivered. */
	deliver(rendered: readonly RenderedPart[]): void;
	readonly count: number;
}

export function createReplyParts(surface: Surface, record: ReplyRecord): ReplyParts {
	/** `look` is what stands there for sure; unknown after a crash and after an edit that failed. */
	const messages: { readonly id: string; readonly look?: RenderedPart }[] = record.parts.map((id) => ({ id }));
	const refusedMarkup = new Set<string>();
	let delivered = record.deliveredParts;
	const idOf = (message: { readonly id: string }): string => message.id;
	const save = (): void => record.save(messages.map(idOf), delivered);

	async function edit(index: number, part: RenderedPart): Promise<"done" | "lost"> {
		const message = messages[index];
		if (!message) return "lost";
		try {
			await surface.edit(message.id, part, refusedMarkup.has(part.markup));
		} catch (error) {
			const kind = error instanceof ChannelError ? error.kind : undefined;
			if (kind === "missing") {
				messages.splice(index, 1);
				save();
				return "lost";
			}
			if (kind === "markup" && !refusedMarkup.has(part.markup)) {
				refusedMarkup.add(part.markup);
				return "done";
			}
			if (kind !== "unchanged") {
				messages[index] = { id: message.id };
				throw error;
			}
		}
		messages[index] = { id: message.id, look: part };
		return "done";
	}

	return {
		next(rendered) {
			for (const [index, part] of rendered.entries()) {
				if (index < delivered) continue;
				if (!messages[index]) return { kind: "create", index };
				if (!isSameLook(messages[index]?.look, part)) return { kind: "edit", index, part };
			}
			return messages.length > rendered.length ? { kind: "remove", index: messages.length - 1 } : undefined;
		},
		async run(step) {
			if (step.kind === "edit") return edit(step.index, step.part);
			if (step.kind === "create") {
				messages.push({ id: await surface.create(step.index) });
			} else {
				const id = messages[step.index]?.id;
				if (id !== undefined) await surface.remove(id).catch(unlessGone);
				messages.splice(step.index, 1);
				delivered = Math.min(delivered, messages.length);
			}
			save();
			return "done";
		},
		deliver(rendered) {
			const before = delivered;
			while (delivered < rendered.length && isSameLook(messages[delivered]?.look, rendered[delivered])) delivered++;
			if (delivered > before) save();
		},
		get count() {
			return messages.length;
		},
	};
}

function unlessGone(error: unknown): void {
	if (!(error instanceof ChannelError && (error.kind === "missing" || error.kind === "unchanged"))) throw error;
}

function isSameLook(one: RenderedPart | undefined, other: RenderedPart | undefined): boolean {
	return one?.markup === other?.markup && one?.isCard === other?.isCard && one?.picture?.png === other?.picture?.png;
}
