import { Keyv } from "keyv";
import { type Access, type AccessSettings, createAccess } from "../../src/assistant/access.ts";
import { type Assistant, type AssistantParts, createAssistant } from "../../src/assistant/assistant.ts";
import { createConversations } from "../../src/assistant/conversation.ts";
import type { Answer, Message } from "../../src/assistant/message.ts";
import { createPeople, type People } from "../../src/assistant/person.ts";
import { createLog } from "../../src/log.ts";
import type { CallOptions, ChatMessage, Completion } from "../../src/providers/provider.ts";
import type {
	BudgetReport,
	Compose,
	Decision,
	PersonalUse,
	ProviderReport,
	RoutedAnswer,
	RouterError,
	Wish,
} from "../../src/router/route.ts";
import { createVirtualClock, type VirtualClock } from "../fakes/clock.ts";

export const decision: Decision = {
	task: { label: "simple", demand: "fast", confidence: 0.9 },
	mode: "balanced",
	provider: "groq",
	label: "Groq",
	model: "gpt-oss-120b",
	region: "us",
	attempts: [{ provider: "groq", model: "gpt-oss-120b", milliseconds: 10 }],
	cost: 0,
};

/** A provider that is ready, without any window. */
export const readyProvider: ProviderReport = {
	name: "groq",
	label: "Groq",
	region: "us",
	state: "ready",
	pausedUntil: undefined,
	pauseReason: undefined,
	isPaid: false,
	isUnlimited: false,
	today: { answers: 0, failures: 0, tokens: 0, cost: 0 },
	balance: undefined,
	freeAnswersLeft: undefined,
	windows: [],
};

/** What the models saw, and in what wish. */
interface Asked {
	readonly wish: Wish;
	readonly messages: readonly ChatMessage[];
}

type Script = (
	asked: Asked,
	options: CallOptions,
) => string | (Partial<Completion> & Pick<RoutedAnswer, "isBroken">) | RouterError | Promise<string>;

export interface Setting {
	readonly assistant: Assistant;
	readonly access: Access;
	readonly people: People;
	readonly clock: VirtualClock;
	readonly asked: Asked[];
	/** Everything that was shown of the growing answers. */
	readonly shown: string[];
	/** The program ends. */
	readonly ending: AbortController;
	/** What the models answer from now on. */
	answers(script: Script): void;
	/** The whole answer; `null` for silence. */
	ask(text: string, changes?: Partial<Message>): Promise<Answer | null>;
	/** The answer's text; `null` for silence. */
	say(text: string, changes?: Partial<Message>): Promise<string | null>;
}

export const anna = "telegram:4711";
export const berta = "telegram:4712";
export const admin = "telegram:1";

/** An assistant between a scripted router and an empty store: Anna and Berta are let in, one admin is configured. */
export function createSetting(
	options: {
		access?: Partial<AccessSettings>;
		report?: readonly ProviderReport[];
		budget?: readonly BudgetReport[];
		use?: Readonly<Record<string, Partial<PersonalUse>>>;
		store?: Keyv;
		parts?: Partial<AssistantParts>;
		clock?: VirtualClock;
		inputTokens?: number;
	} = {},
): Setting {
	const { store = new Keyv(), clock = createVirtualClock(), inputTokens = 8_000 } = options;
	const settings: AccessSettings = {
		mode: "allowlist",
		allowedUsers: new Set([anna, berta]),
		adminUsers: new Set([admin]),
		...options.access,
	};
	const access = createAccess({ settings, store, clock });
	const people = createPeople(store);
	const asked: Asked[] = [];
	const shown: string[] = [];
	const ending = new AbortController();
	let script: Script = () => "Gern.";
	let messages = 0;
	const shares = new Map<string, number | undefined>();
	const useOf = (author: string): PersonalUse => {
		const usual = { answers: 3, tokens: 12_345, cost: 0, share: 0.5, isShareSet: false, ...options.use?.[author] };
		const share = shares.get(author);
		return share === undefined ? usual : { ...usual, share, isShareSet: true };
	};

	async function complete(wish: Wish, compose: Compose, callOptions: CallOptions = {}): Promise<RoutedAnswer> {
		const request = { wish, messages: compose(inputTokens) };
		asked.push(request);
		const result = await script(request, callOptions);
		if (result instanceof Error) throw result;
		const usage = { inputTokens: 1, outputTokens: 1, isEstimated: true };
		const { isBroken, ...completion } = typeof result === "string" ? { text: result } : result;
		return {
			completion: { text: "", finishReason: "stop", usage, observed: [], ...completion },
			decision,
			...(isBroken && { isBroken }),
		};
	}

	const assistant = createAssistant({
		router: { complete },
		quota: {
			report: () => ({ providers: options.report ?? [], budget: options.budget ?? [] }),
			usedToday: useOf,
			useByPerson: () => Object.keys(options.use ?? {}).map((author) => ({ author, ...useOf(author) })),
			setShare: (author, share) => void shares.set(author, share),
		},
		refreshAccounts: async () => undefined,
		access,
		people,
		conversations: createConversations(store),
		defaultRegions: ["local", "eu", "us"],
		estimateTokens: (text) => Math.ceil(text.length / 3),
		clock,
		log: createLog("silent", []),
		...options.parts,
	});

	function ask(text: string, changes: Partial<Message> = {}): Promise<Answer | null> {
		const message = messageFrom(anna, text, { id: `telegram:1:${++messages}`, ...changes });
		const live = { show: (textSoFar: string) => void shown.push(textSoFar) };
		return assistant.answer(message, live, ending.signal);
	}

	return {
		assistant,
		access,
		people,
		clock,
		asked,
		shown,
		ending,
		answers(next) {
			script = next;
		},
		ask,
		say: async (text, changes) => (await ask(text, changes))?.text ?? null,
	};
}

export function messageFrom(author: string, text: string, changes: Partial<Message> = {}): Message {
	return {
		id: "telegram:1:1",
		channel: "telegram",
		conversation: "telegram:1",
		author,
		text,
		attachments: [],
		isDirect: true,
		mayCommand: true,
		sentAt: 0,
		origin: null,
		...changes,
	};
}
