import type { ApiMethods, ResponseParameters } from "grammy/types";
import type { SentBody } from "./multipart.ts";

/** What the Bot API answers instead of a result. */
export class Refusal extends Error {
	readonly code: number;
	readonly parameters: ResponseParameters | undefined;

	constructor(code: number, description: string, parameters?: ResponseParameters) {
		super(description);
		this.code = code;
		this.parameters = parameters;
	}
}

export const badRequest = (what: string): Refusal => new Refusal(400, `Bad Request: ${what}`);

type Kind = "integer" | "string" | "boolean" | "object" | "array";
/** A `!` marks what must be there. */
type Rule = Kind | `${Kind}!` | { readonly [name: string]: Kind };
type ParametersOf<Method extends keyof ApiMethods> = NonNullable<Parameters<ApiMethods[Method]>[0]>;

const linkPreview = { is_disabled: "boolean", url: "string", show_above_text: "boolean" } as const;
const audience = { scope: "object", language_code: "string" } as const;

/** Every method that the fake knows, with every parameter that it accepts. Chats are named by number only. */
const methods = {
	getMe: {},
	deleteWebhook: { drop_pending_updates: "boolean" },
	getWebhookInfo: {},
	getUpdates: { offset: "integer", limit: "integer", timeout: "integer", allowed_updates: "array" },
	sendMessage: {
		chat_id: "integer!",
		message_thread_id: "integer",
		text: "string!",
		parse_mode: "string",
		link_preview_options: linkPreview,
		disable_notification: "boolean",
		protect_content: "boolean",
		reply_parameters: { message_id: "integer", allow_sending_without_reply: "boolean", quote: "string" },
	},
	editMessageText: {
		chat_id: "integer!",
		message_id: "integer!",
		text: "string!",
		parse_mode: "string",
		link_preview_options: linkPreview,
	},
	editMessageMedia: {
		chat_id: "integer!",
		message_id: "integer!",
		media: {
			type: "string",
			media: "string",
			caption: "string",
			parse_mode: "string",
			show_caption_above_media: "boolean",
			has_spoiler: "boolean",
		},
	},
	deleteMessage: { chat_id: "integer!", message_id: "integer!" },
	sendChatAction: { chat_id: "integer!", message_thread_id: "integer", action: "string!" },
	sendMessageDraft: {
		chat_id: "integer!",
		message_thread_id: "integer",
		draft_id: "integer!",
		text: "string",
		parse_mode: "string",
		can_stop: "boolean",
		keep_on_stop: "boolean",
	},
	setMyCommands: { commands: "array!", ...audience },
	setMyDescription: { description: "string", language_code: "string" },
	setMyShortDescription: { short_description: "string", language_code: "string" },
} as const satisfies { [Method in keyof ApiMethods]?: { [Name in keyof ParametersOf<Method>]?: Rule } };

export type MethodName = keyof typeof methods;
/** What a method was called with, after `checkParameters`. */
export type Given<Method extends MethodName> = ParametersOf<Method> & { chat_id: number };

export const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** Fields of a form are texts: only the method tells what they stand for. */
export function readParameters(method: string, { json, fields }: SentBody): Record<string, unknown> {
	const value: unknown = json === "" ? {} : JSON.parse(json);
	if (typeof value !== "object" || value === null) throw badRequest("the body must be a JSON object");
	const rules: Readonly<Record<string, Rule>> = isMethod(method) ? methods[method] : {};
	const isText = (name: string): boolean => /^string/.test(String(rules[name]));
	const read = Object.entries(fields).map(([name, text]) => [name, isText(name) ? text : JSON.parse(text)]);
	return { ...value, ...Object.fromEntries(read) };
}

/** Throws a Refusal for what the method does not know, for a wrong type and for what is missing. */
export function checkParameters(method: MethodName, given: Readonly<Record<string, unknown>>): void {
	const rules: Readonly<Record<string, Rule>> = methods[method];
	for (const [name, value] of Object.entries(given)) checkValue(name, value, rules[name]);
	for (const [name, rule] of Object.entries(rules))
		if (typeof rule === "string" && rule.endsWith("!") && given[name] === undefined)
			throw badRequest(name === "text" ? "message text is empty" : `parameter "${name}" is required`);
}

function checkValue(name: string, value: unknown, rule: Rule | undefined): void {
	if (rule === undefined) throw badRequest(`unknown parameter "${name}"`);
	const kind = typeof rule === "string" ? rule.replace("!", "") : "object";
	if (kindOf(value) !== kind) throw badRequest(`parameter "${name}" must be of type ${kind}`);
	if (typeof value === "string" && !value.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
	if (typeof rule === "object" && typeof value === "object" && value !== null)
		for (const [inner, innerValue] of Object.entries(value)) checkValue(`${name}.${inner}`, innerValue, rule[inner]);
}

function kindOf(value: unknown): Kind | "other" {
	if (Array.isArray(value)) return "array";
	if (Number.isSafeInteger(value)) return "integer";
	if (typeof value === "string" || typeof value === "boolean") return typeof value as "string" | "boolean";
	return typeof value === "object" && value !== null ? "object" : "other";
}
