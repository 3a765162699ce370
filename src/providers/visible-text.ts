import { openFence } from "./clean-end.ts";

const tags = [
	["<think>", "</think>"],
	["<thinking>", "</thinking>"],
] as const;
const longestTag = "</thinking>".length;
/** Not where the text speaks of the tag: then it stands between quotation marks or as code. */
const orphanPattern = /(?<!["'`„“”‚‘’«»])<\/think(?:ing)?>/g;

/** The part of an answer that a person may read, fed piece by piece. */
export interface VisibleText {
	/** The whole visible text so far. */
	add(fragment: string): string;
	/** The visible text of the complete answer, without white space around it. */
	end(): string;
}

/**
 * Leaves out reasoning at the start of the answer, however the pieces fall: `<think>…</think>`, or everything before the
 * first closing tag whose opening tag was part of the prompt. Later tags are text like any other.
 */
export function createVisibleText(): VisibleText {
	let state: "start" | "thinking" | "text" = "start";
	/** What cannot be judged yet, or in text the last characters, in which a closing tag may begin. */
	let pending = "";
	let closingTag = "";
	let visible = "";
	let mayStillBeThinking = true;

	function atStart(fragment: string): void {
		pending = (pending + fragment).trimStart();
		const orphan = tags.find(([, closing]) => pending.startsWith(closing));
		if (orphan) pending = pending.slice(orphan[1].length).trimStart();
		const opened = tags.find(([opening]) => pending.startsWith(opening));
		if (opened) {
			closingTag = opened[1];
			state = "thinking";
			const rest = pending.slice(opened[0].length);
			pending = "";
			inThoughts(rest);
		} else if (!tags.flat().some((tag) => tag.startsWith(pending))) {
			state = "text";
			const text = pending;
			pending = "";
			inText(text);
		}
	}
	function inThoughts(fragment: string): void {
		const window = pending + fragment;
		const end = window.indexOf(closingTag);
		if (end < 0) {
			pending = window.slice(-longestTag);
			return;
		}
		state = "start";
		pending = "";
		mayStillBeThinking = false;
		atStart(window.slice(end + closingTag.length));
	}
	function inText(fragment: string): void {
		visible += fragment;
		if (!mayStillBeThinking) return;
		const window = pending + fragment;
		const known = pending.length;
		const orphan = [...window.matchAll(orphanPattern)].find(({ index, 0: tag }) => index + tag.length > known);
		pending = window.slice(-longestTag - 1);
		if (!orphan) return;
		mayStillBeThinking = false;
		const rest = window.slice(orphan.index + orphan[0].length);
		const before = visible.slice(0, visible.length - rest.length - orphan[0].length);
		if (!/<think(ing)?>/.test(before) && openFence(before) === undefined) visible = rest.trimStart();
	}
	const steps = { start: atStart, thinking: inThoughts, text: inText };

	return {
		add(fragment) {
			steps[state](fragment);
			return visible;
		},
		end: () => (state === "start" ? pending : visible).trim(),
	};
}
