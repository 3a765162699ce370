import { type ChatRequest, type Completion, type ObservedLimit, ProviderError, type Usage } from "./provider.ts";
import { createVisibleText } from "./visible-text.ts";

/** What one chunk of a stream says. */
export interface Piece {
	readonly text?: string | undefined;
	readonly reasoning?: string | undefined;
	/** In the provider's own words. */
	readonly finishReason?: string | undefined;
	readonly usage?: { readonly input: number; readonly output: number } | undefined;
}

/** Beyond it an answer runs in circles: it is cut and treated as one that ended at its length. */
const longestAnswer = 16_000;

const charactersPerToken = 3.3;

/** Collects the pieces of one answer. */
export interface Answer {
	/** Throws a ProviderError when the answer cannot become one. False when nothing more is wanted. */
	add(piece: Piece): boolean;
	/** A finish reason has come: what is missing now is the usage at most. */
	isFinished(): boolean;
	/** Throws a ProviderError when the answer is empty or has no finish reason. */
	complete(observed: readonly ObservedLimit[]): Completion;
	/** What the call used up so far, estimated unless the provider told. */
	usage(): Usage;
}

export function createAnswer(
	name: string,
	request: ChatRequest,
	onText: ((textSoFar: string) => void) | undefined,
): Answer {
	const visible = createVisibleText();
	let shown = "";
	let outputCharacters = 0;
	let finishReason: Completion["finishReason"] | undefined;
	let told: Usage | undefined;

	function show(text: string): void {
		if (text === shown || isSplitPair(text)) return;
		shown = text;
		onText?.(text);
	}
	function usage(): Usage {
		const inputCharacters = request.messages.reduce((sum, { content }) => sum + content.length, 0);
		return (
			told ?? {
				inputTokens: Math.ceil(inputCharacters / charactersPerToken),
				outputTokens: Math.ceil(outputCharacters / charactersPerToken),
				isEstimated: true,
			}
		);
	}

	return {
		add(piece) {
			if (piece.usage && piece.usage.input + piece.usage.output > 0) {
				told = { inputTokens: piece.usage.input, outputTokens: piece.usage.output, isEstimated: false };
			}
			outputCharacters += (piece.reasoning?.length ?? 0) + (piece.text?.length ?? 0);
			if (piece.text) show(visible.add(piece.text));
			if (piece.finishReason) finishReason = readFinishReason(name, piece.finishReason);
			if (outputCharacters <= longestAnswer * 4 && shown.length <= longestAnswer) return true;
			finishReason = "length";
			return false;
		},
		isFinished: () => finishReason !== undefined,
		complete(observed) {
			const text = visible.end().slice(0, longestAnswer).toWellFormed();
			if (finishReason === undefined) throw new ProviderError("bad-answer", `${name}: no finish reason`);
			if (text === "" && finishReason === "content-filter") throw new ProviderError("content", `${name}: filtered`);
			if (text === "") {
				throw new ProviderError("bad-answer", `${name}: ${outputCharacters > 0 ? "nothing but reasoning" : "empty"}`);
			}
			return { text, finishReason, usage: usage(), observed };
		},
		usage,
	};
}

/** The words that servers use for a regular end. */
const finishReasons: ReadonlyMap<string, Completion["finishReason"]> = new Map([
	["stop", "stop"],
	["length", "length"],
	["content_filter", "content-filter"],
]);

function readFinishReason(name: string, word: string): Completion["finishReason"] {
	const reason = finishReasons.get(word);
	if (reason) return reason;
	if (word === "insufficient_system_resource") throw new ProviderError("overload", `${name}: out of resources`);
	throw new ProviderError("bad-answer", `${name}: finish reason unknown`);
}

/** A surrogate pair that was cut between two chunks: its other half comes with the next one. */
function isSplitPair(text: string): boolean {
	const last = text.charCodeAt(text.length - 1);
	return last >= 0xd800 && last <= 0xdbff;
}
