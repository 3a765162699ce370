import type { Completion, ProviderErrorKind } from "../../src/providers/provider.ts";
import type { Behaviour } from "../fakes/language-model.ts";

/** What the server does, and what comes out: a part of the completion, or the kind of the error. */
export interface Misbehaviour {
	/** In the list of fourteen, 1 to 14; 0: beyond it. */
	readonly number: number;
	readonly name: string;
	/** One for each call that the client is expected to make. */
	readonly answers: readonly Behaviour[];
	readonly outcome: ProviderErrorKind | Partial<Completion>;
}

export const chunk = (delta: object | null, finish_reason: string | null = null, more: object = {}): string =>
	`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;
export const done = "data: [DONE]\n\n";
export const usage = { prompt_tokens: 5, completion_tokens: 7 };
export const told = { inputTokens: 5, outputTokens: 7, isEstimated: false } as const;
export const estimated = { inputTokens: 2, outputTokens: 2, isEstimated: true } as const;
export const whole = { choices: [{ message: { content: "Gern." }, finish_reason: "stop" }], usage };
export const gern = { text: "Gern.", finishReason: "stop" } as const;
export const typed = (type: string): { readonly headers: Readonly<Record<string, string>> } => ({
	headers: { "content-type": type },
});
export const refusal = (message: string, status = 400): Behaviour => ({ status, body: { error: { message } } });

export function rows(
	number: number,
	title: string,
	...cases: readonly (readonly [string, Behaviour | readonly Behaviour[], Misbehaviour["outcome"]])[]
): readonly Misbehaviour[] {
	return cases.map(([name, answers, outcome]) => ({
		number,
		name: `${title}: ${name}`,
		answers: [answers].flat(),
		outcome,
	}));
}

export const stream = (...raw: readonly string[]): Behaviour => ({ raw });
