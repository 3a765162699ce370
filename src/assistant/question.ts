import type { Clock } from "../clock.ts";
import { say, type TextKey } from "../locale.ts";
import type { Log } from "../log.ts";
import type { Completion, Region } from "../providers/provider.ts";
import { type RoutedAnswer, type Router, RouterError } from "../router/route.ts";
import { type Conversations, createCompose, type Turn } from "./conversation.ts";
import { failureText } from "./failure.ts";
import { expectsGerman, isForeign } from "./language.ts";
import type { Live, Message } from "./message.ts";
import { withLine } from "./notice.ts";
import { type Person, voiceOf } from "./person.ts";
import { systemText } from "./prompt.ts";
import { withoutReasoning } from "./reasoning.ts";

export interface QuestionParts {
	readonly router: Router;
	readonly conversations: Conversations;
	readonly estimateTokens: (text: string) => number;
	readonly clock: Clock;
	readonly log: Log;
}

/** Who asks, and what ends the answer early. */
export interface Asker {
	readonly person: Person;
	readonly regions: readonly Region[];
	/** The person ended this answer. */
	readonly stopped: AbortSignal;
	/** The program ends: the promise then rejects. */
	readonly ending: AbortSignal;
}

/** Asks the models and remembers what was said. Resolves also when nobody answers or the person stops. */
export async function answerQuestion(
	parts: QuestionParts,
	message: Message,
	live: Live,
	asker: Asker,
): Promise<string> {
	const { conversations, clock } = parts;
	const { conversation, author } = message;
	const voice = voiceOf(asker.person);
	live.show("");

	const question = message.text.toWellFormed().replaceAll("\0", "\uFFFD");
	const earlier = await conversations.history(conversation, author);
	const history = earlier.filter(({ id }) => id !== message.id);
	const remember = (answer: Pick<Turn, "answer" | "decision">): Promise<void> =>
		conversations.remember(conversation, author, { id: message.id, question, ...answer });

	let shown = "";
	const show = (textSoFar: string): void => {
		shown = withoutReasoning(textSoFar);
		live.show(shown);
	};
	try {
		const { completion, decision, isBroken } = await ask(parts, { message, question, history, asker, show });
		const answer = withoutReasoning(completion.text).trim();
		if (answer === "") return failureText(voice, new RouterError("busy"), clock.now());
		// What a filter cut would make it refuse every later question, too.
		if (completion.finishReason !== "content-filter") await remember({ answer, decision });
		const ended = isBroken ? "assistant.broken" : endings[completion.finishReason];
		return ended === undefined ? answer : withLine(answer, say(voice, ended));
	} catch (error) {
		if (asker.ending.aborted || !(error instanceof RouterError)) throw error;
		if (!asker.stopped.aborted) return failureText(voice, error, clock.now());
		if (shown.trim() === "") return say(voice, "assistant.stopped");
		await remember({ answer: shown });
		return withLine(shown, say(voice, "assistant.stopped"));
	}
}

const endings: Readonly<Record<Completion["finishReason"], TextKey | undefined>> = {
	stop: undefined,
	length: "assistant.cutOff",
	"content-filter": "failure.contentCut",
	repetition: "assistant.repetition",
};

interface Asked {
	readonly message: Message;
	readonly question: string;
	readonly history: readonly Turn[];
	readonly asker: Asker;
	readonly show: (textSoFar: string) => void;
}

/** The answer in the language that is expected: when it is another one, the models are asked once more, silently. */
async function ask(parts: QuestionParts, asked: Asked): Promise<RoutedAnswer> {
	const { message, question, history } = asked;
	const { person, regions, stopped, ending } = asked.asker;
	const { author } = message;
	const previous = history.slice(-2).map((turn) => turn.question);
	const wish = { author, text: question, previous, regions, mode: person.mode };
	const signal = AbortSignal.any([stopped, ending]);
	const system = systemText(person, message, parts.clock.now());
	const complete = (systemLines: string): Promise<RoutedAnswer> =>
		parts.router.complete(wish, createCompose(systemLines, history, question, parts.estimateTokens), {
			signal,
			onText: asked.show,
		});

	const first = await complete(system);
	const isAsExpected =
		person.language !== "de" || !isForeign(first.completion.text) || !expectsGerman(question, previous);
	if (isAsExpected || first.isBroken) return first;
	const { provider, model } = first.decision;
	parts.log.info({ provider, model }, "answer in another language: asked again");
	try {
		const second = await complete(`${system}\n\n${say(voiceOf(person), "assistant.systemInGerman")}`);
		return second.isBroken ? first : second;
	} catch (error) {
		// A foreign answer is better than none.
		if (error instanceof RouterError && !signal.aborted) return first;
		throw error;
	}
}
