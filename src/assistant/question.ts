import type { Clock } from "../clock.ts";
import { say } from "../locale.ts";
import type { Log } from "../log.ts";
import type { Region } from "../providers/provider.ts";
import { type RoutedAnswer, type RouteOptions, type Router, RouterError } from "../router/route.ts";
import { type Conversations, createCompose } from "./conversation.ts";
import { failureText } from "./failure.ts";
import { expectsGerman, isForeign } from "./language.ts";
import type { Live, Message } from "./message.ts";
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
	{ person, regions, stopped, ending }: Asker,
): Promise<string> {
	const { router, conversations, clock } = parts;
	const voice = voiceOf(person);
	const question = message.text.toWellFormed().replaceAll("\0", "\uFFFD");
	const { conversation, author, isDirect } = message;
	live.show("");

	const turns = await conversations.history(conversation, author);
	const history = turns.filter(({ id }) => id !== message.id);
	const previous = history.slice(-2).map((turn) => turn.question);
	const wish = { author, conversation, text: question, previous, isDirect, regions, mode: person.mode };
	const system = systemText(person, message, clock.now());
	let shown = "";
	const options: RouteOptions = {
		signal: AbortSignal.any([stopped, ending]),
		onText(textSoFar) {
			shown = withoutReasoning(textSoFar);
			live.show(shown);
		},
	};
	const ask = (systemLines: string): Promise<RoutedAnswer> =>
		router.complete(wish, createCompose(systemLines, history, question, parts.estimateTokens), options);
	const remember = (answer: string, routed?: RoutedAnswer): Promise<void> =>
		conversations.remember(conversation, author, {
			id: message.id,
			question,
			answer,
			...(routed && { decision: routed.decision }),
		});

	try {
		const first = await ask(system);
		const routed = isUnwanted(first) ? await askInGerman(first) : first;
		const answer = withoutReasoning(routed.completion.text);
		await remember(answer, routed);
		const ended = endings[routed.completion.finishReason];
		return ended === undefined ? answer : `${answer}\n\n_${say(voice, ended)}_`;
	} catch (error) {
		if (ending.aborted || !(error instanceof RouterError)) throw error;
		if (!stopped.aborted) return failureText(voice, error, clock.now());
		if (shown.trim() === "") return say(voice, "assistant.stopped");
		await remember(shown);
		return `${shown}\n\n_${say(voice, "assistant.stopped")}_`;
	}

	function isUnwanted({ completion }: RoutedAnswer): boolean {
		return person.language === "de" && expectsGerman(question, previous) && isForeign(completion.text);
	}

	/** Once more and silently; a foreign answer is better than none. */
	async function askInGerman(first: RoutedAnswer): Promise<RoutedAnswer> {
		const { provider, model } = first.decision;
		parts.log.info({ provider, model }, "answer in another language: asked again");
		try {
			return await ask(`${system}\n\n${say(voice, "assistant.systemInGerman")}`);
		} catch (error) {
			if (stopped.aborted || ending.aborted || !(error instanceof RouterError)) throw error;
			return first;
		}
	}
}

const endings = {
	stop: undefined,
	length: "assistant.cutOff",
	"content-filter": "failure.contentCut",
} as const;
