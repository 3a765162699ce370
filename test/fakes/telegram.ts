import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Message, ResponseParameters, Update, User } from "grammy/types";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { readRequest, type SentFile } from "./multipart.ts";
import { createChatRoom, type Draft, type SayOptions, type VisibleMessage } from "./telegram-chats.ts";
import { createLimits, type Violation } from "./telegram-limits.ts";
import { createMethods, type Profile } from "./telegram-methods.ts";
import { checkParameters, type Given, isMethod, type MethodName, Refusal, readParameters } from "./telegram-rules.ts";
import { createParseText } from "./telegram-text.ts";
import { createUpdateQueue, type NewUpdate } from "./telegram-updates.ts";

export interface SeenCall {
	readonly method: string;
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly files: readonly SentFile[];
	/** Milliseconds of the fake's clock, monotonic: with the machine's clock the same as `performance.now()`. */
	readonly at: number;
	/** Code of the answer; undefined while there is none. */
	status: number | undefined;
}

/** What happens to a call instead of its answer. `stores`: only after it was carried out. */
export type Failure =
	| { readonly how: "bad-gateway" | "reset" | "hang"; readonly stores?: boolean }
	| {
			readonly how: "refuse";
			readonly code: number;
			readonly description: string;
			readonly parameters?: ResponseParameters;
	  }
	| { readonly how: "delay"; readonly milliseconds: number };

export interface FakeTelegramOptions {
	readonly token?: string;
	readonly username?: string;
	/** A hurried one makes polls, flood windows and drafts shorter. */
	readonly clock?: Clock;
	/** Refuse more than about one visible call a second in private chats and 20 a minute in groups. */
	readonly enforcesRates?: boolean;
	/** How the bot is set up at BotFather. */
	readonly setUp?: { readonly readsAllGroupMessages?: boolean; readonly webhookUrl?: string };
	readonly onCall?: (call: SeenCall) => void;
	readonly warn?: (reason: string) => void;
}

export type FakeTelegram = Awaited<ReturnType<typeof createFakeTelegram>>;

/** A Bot API server on loopback, as strict as the real one. It delivers what is said in groups to the bot in any case. */
export async function createFakeTelegram(options: FakeTelegramOptions = {}) {
	const { token = "123456789:AAfake-token-for-tests-0123456789abcdef", username = "clawdbot_de_bot" } = options;
	const { clock = systemClock, enforcesRates = false, onCall, warn = console.warn } = options;
	const bot = { id: Number(token.split(":")[0]), is_bot: true as const, first_name: "Clawdbot", username };
	const calls: SeenCall[] = [];
	const violations: Violation[] = [];
	const failures: { readonly method: MethodName; readonly failure: Failure }[] = [];
	const profiles = new Map<string, Profile>();
	const room = createChatRoom(clock, bot.id);
	const updates = createUpdateQueue(clock);
	const limits = createLimits({ clock, enforcesRates, report: (violation) => violations.push(violation) });
	const methods = createMethods({
		bot,
		room,
		clock,
		parse: createParseText(warn),
		profiles,
		setUp: options.setUp ?? {},
	});
	let groups = 0;

	async function answer(
		method: MethodName,
		{ parameters, files }: SeenCall,
		closed: Promise<unknown>,
	): Promise<unknown> {
		checkParameters(method, parameters);
		if (method === "getUpdates") return updates.poll(parameters, closed);
		const {
			chat_id: chat,
			text,
			link_preview_options: preview,
			message_thread_id: topic,
		} = parameters as Given<"sendMessage">;
		const report = (rule: Violation["rule"]) => violations.push({ rule, method, chat, at: clock.elapsed() });
		if (text !== undefined && method !== "sendMessageDraft" && !preview?.is_disabled) report("link preview");
		if (topic === 1 && method !== "sendChatAction") report("General topic");
		limits.check(method, chat);
		const carryOut = methods[method] as (given: SeenCall["parameters"], files: SeenCall["files"]) => unknown;
		return carryOut(parameters, files);
	}

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const [, givenToken, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
		const body = await readRequest(request);
		const parameters = readParameters(method, body);
		const call: SeenCall = { method, parameters, files: body.files, at: clock.elapsed(), status: undefined };
		calls.push(call);
		onCall?.(call);
		const reply = (status: number, body: object): void => {
			call.status = status;
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		};
		const closed = new Promise((resolve) => response.once("close", resolve));
		try {
			if (givenToken === undefined) throw new Refusal(404, "Not Found");
			if (decodeURIComponent(givenToken) !== token) throw new Refusal(401, "Unauthorized");
			if (!isMethod(method)) throw new Refusal(404, "Not Found: method not found");
			const failure = takeFailure(method);
			if (failure && (await fail(failure, call, response, () => answer(method, call, closed)))) return;
			const result = await answer(method, call, closed);
			if (!response.destroyed) reply(200, { ok: true, result });
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const more = error.parameters ? { parameters: error.parameters } : {};
			reply(error.code, { ok: false, error_code: error.code, description: error.message, ...more });
		}
	}

	function takeFailure(method: MethodName): Failure | undefined {
		const index = failures.findIndex((planned) => planned.method === method);
		return index < 0 ? undefined : failures.splice(index, 1)[0]?.failure;
	}

	/** True when nothing more is to be answered. */
	async function fail(
		failure: Failure,
		call: SeenCall,
		response: ServerResponse,
		carryOut: () => Promise<unknown>,
	): Promise<boolean> {
		if (failure.how === "refuse") throw new Refusal(failure.code, failure.description, failure.parameters);
		if (failure.how === "delay") {
			await sleep(clock, failure.milliseconds);
			return false;
		}
		if (failure.stores) await carryOut();
		if (failure.how === "reset") response.destroy();
		if (failure.how === "bad-gateway") {
			call.status = 502;
			response.writeHead(502, { "content-type": "text/html" }).end("<html><h1>502 Bad Gateway</h1></html>");
		}
		return true;
	}

	const server = createServer((request, response) => {
		serve(request, response).catch((error: unknown) => {
			warn(`the fake could not answer: ${String(error)}`);
			response.destroy();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;

	return {
		token,
		bot,
		apiRoot: `http://127.0.0.1:${port}`,
		/** Every call that came, in order. */
		calls: calls as readonly SeenCall[],
		violations: violations as readonly Violation[],
		/** Menus and descriptions by language; `""` is everybody else's. */
		profiles: profiles as ReadonlyMap<string, Profile>,

		/** Returns the chat's number, which is the person's. */
		addPrivateChat(user: Partial<User> & Pick<User, "id">): number {
			const { id, first_name = "Erika" } = user;
			room.add({ id, type: "private", first_name });
			return id;
		},
		addGroup(title = "Gruppe", { isForum = false } = {}): number {
			const id = -1_000_000_000_000 - ++groups;
			room.add({ id, type: "supergroup", title, ...(isForum ? { is_forum: true as const } : {}) });
			return id;
		},
		/** Returns the topic's number. */
		addTopic: (chat: number, name = "Thema"): number => room.addTopic(room.find(chat), bot, name),
		closeTopic(chat: number, topic: number): void {
			const found = room.find(chat).topics.get(topic);
			if (found) found.isClosed = true;
		},
		/** A person writes; `from` may be no more than a number. */
		say(
			chat: number,
			from: (Partial<User> & Pick<User, "id">) | number,
			text: string,
			more: SayOptions = {},
		): Update & { message: Message } {
			const person = typeof from === "number" ? { id: from } : from;
			const user: User = { is_bot: false, first_name: "Erika", language_code: "de", ...person };
			const message = room.say(room.find(chat), user, text, more);
			return updates.push({ message: message as NonNullable<Update["message"]> });
		},
		push: (update: NewUpdate): Update => updates.push(update),
		/** The person presses the stop button under the draft. */
		pressStop(chat: number): Update {
			const { draft, chat: place } = room.find(chat);
			if (!draft?.canStop || place.type !== "private") throw new Error("there is no draft with a stop button");
			const topic = draft.topic === undefined ? {} : { message_thread_id: draft.topic };
			return updates.push({ stopped_message_generation: { chat: place, draft_id: draft.id, ...topic } });
		},
		redeliver: updates.redeliver,
		restartUpdateIds: updates.restartIds,
		unconfirmedUpdates: updates.unconfirmed,

		/** What people see in the chat now, their own messages included. */
		messages: (chat: number): readonly VisibleMessage[] => room.visible(room.find(chat)),
		/** Texts of the bot's messages, placeholders included. */
		botTexts: (chat: number): readonly string[] =>
			room
				.visible(room.find(chat))
				.filter((message) => message.isFromBot)
				.map((message) => message.text),
		draft(chat: number): Draft | undefined {
			const { draft } = room.find(chat);
			return draft && draft.until > clock.elapsed() ? draft : undefined;
		},
		/** Somebody deletes a message. */
		deleteMessage: (chat: number, message: number): boolean => room.find(chat).messages.delete(message),
		block(chat: number, isBlocked = true): void {
			room.find(chat).isBlocked = isBlocked;
		},
		/** The group becomes a supergroup under another number, which is returned. */
		upgradeGroup(chat: number): number {
			const group = room.find(chat);
			const id = chat - 1_000_000;
			room.add({ ...group.chat, id } as typeof group.chat);
			group.migratedTo = id;
			return id;
		},
		floodChat: limits.flood,
		/** The next `times` calls of a method end so. */
		fail(method: MethodName, failure: Failure, times = 1): void {
			for (let count = 0; count < times; count++) failures.push({ method, failure });
		},
		callsOf: (method: MethodName): readonly SeenCall[] => calls.filter((call) => call.method === method),
		async close(): Promise<void> {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
