import { cutCleanly, endCleanly, isHalfPair } from "./clean-end.ts";
import { type ChatRequest, type Completion, type ObservedLimit, ProviderError, type Usage } from "./provider.ts";
import { createRepetition } from "./repetition.ts";
import { createVisibleText } from "./visible-text.ts";

/** What one chunk of a stream says. */
export interface Piece {
	readonly text?: string | undefined;
	readonly reasoning?: string | undefined;
	/** In the provider's own words. */
	readonly finishReason?: string | undefined;
	readonly usage?: { readonly input: number; readonly output: number } | undefined;
}

/** In characters. A longer answer is cut and treated as one that ended at its length. */
const longestAnswer = 16_000;

const charactersPerToken = 3.3;

/** Collects the pieces of one answer. */
export interface Answer {
	/** Throws a ProviderError when the answer cannot become one. False when nothing more is wanted. */
	add(piece: Piece): boolean;
	/** A finish reason has come and no text behind it: what is missing now is the usage at most. */
	isWhole(): boolean;
	/**
	 * Throws a ProviderError when the answer is empty or has no finish reason. Nothing but reasoning is no answer either,
	 * and not asked for again: the request said already that thinking is not wanted.
	 */
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
	const repetition = createRepetition();
	let shown = "";
	/** How many characters of an answer in circles are worth keeping. */
	let kept: number | undefined;
	let outputCharacters = 0;
	let finishReason: Completion["finishReason"] | undefined;
	let isOpen = true;
	let told: Piece["usage"];

	function show(fragment: string): void {
		const text = visible.add(fragment);
		/** The other half of a pair comes with the next piece. */
		if (text === shown || isHalfPair(fragment)) return;
		shown = text;
		onText?.(text);
	}
	function usage(): Usage {
		if (told && (told.output > 0 || outputCharacters === 0))
			return { inputTokens: told.input, outputTokens: told.output, isEstimated: false };
		const inputCharacters = request.messages.reduce((sum, { content }) => sum + content.length, 0);
		return {
			inputTokens: Math.ceil(inputCharacters / charactersPerToken),
			outputTokens: Math.ceil(outputCharacters / charactersPerToken),
			isEstimated: true,
		};
	}

	return {
		add(piece) {
			outputCharacters += (piece.reasoning?.length ?? 0) + (piece.text?.length ?? 0);
			if (piece.usage && piece.usage.input + piece.usage.output > 0) told = piece.usage;
			if (piece.text) {
				show(piece.text);
				isOpen ||= piece.text.trim() !== "";
			}
			if (piece.finishReason) {
				finishReason = readFinishReason(name, piece.finishReason);
				isOpen = false;
			}
			kept = repetition.look(shown);
			if (kept !== undefined) finishReason = "repetition";
			else if (outputCharacters > longestAnswer * 4 || shown.length > longestAnswer) finishReason = "length";
			else return true;
			return false;
		},
		isWhole: () => finishReason !== undefined && !isOpen,
		complete(observed) {
			if (finishReason === undefined) throw new ProviderError("bad-answer", `${name}: no finish reason`);
			const whole = visible.end();
			const text = (
				kept === undefined ? cutCleanly(whole, longestAnswer) : endCleanly(whole.slice(0, kept))
			).toWellFormed();
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
	/** Mistral: the context is full. */
	["model_length", "length"],
	["content_filter", "content-filter"],
]);

function readFinishReason(name: string, word: string): Completion["finishReason"] {
	const reason = finishReasons.get(word);
	if (reason) return reason;
	if (word === "insufficient_system_resource") throw new ProviderError("overload", `${name}: out of resources`);
	throw new ProviderError("bad-answer", `${name}: finish reason unknown`);
}
