import type { FakeLanguageModelOptions, SeenRequest } from "./language-model.ts";

/** The fields of a chat request that the fakes look at; untrusted. */
export interface ChatBody {
	readonly model?: unknown;
	readonly messages?: readonly { readonly role?: unknown; readonly content?: unknown }[];
	readonly stream?: unknown;
	readonly stream_options?: { readonly include_usage?: unknown };
	readonly max_tokens?: unknown;
	readonly max_completion_tokens?: unknown;
	readonly options?: { readonly num_ctx?: unknown; readonly num_predict?: unknown };
	readonly [field: string]: unknown;
}

export interface Fault {
	readonly status: number;
	readonly message: string;
	readonly code: string;
}

const commonFields = [
	"model",
	"messages",
	"stream",
	"stream_options",
	"max_tokens",
	"max_completion_tokens",
	"temperature",
	"top_p",
	"stop",
	"seed",
	"tools",
	"tool_choice",
	"response_format",
];

export function findKeyFault({ headers }: SeenRequest, { apiKey }: FakeLanguageModelOptions): Fault | undefined {
	if (apiKey === undefined || headers.authorization === `Bearer ${apiKey}`) return undefined;
	return { status: 401, message: "Incorrect API key provided", code: "invalid_api_key" };
}

/** What a strict server would refuse in this request, or nothing. */
export function findFault(
	request: SeenRequest,
	options: FakeLanguageModelOptions & { readonly models: readonly string[] },
): Fault | undefined {
	const { body } = request;
	const keyFault = findKeyFault(request, options);
	if (keyFault) return keyFault;
	if (!options.models.includes(String(body.model))) {
		return { status: 404, message: `The model ${body.model} does not exist`, code: "model_not_found" };
	}
	const invalid = (message: string): Fault => ({ status: 400, message, code: "invalid_request" });
	const { knownFields } = options;
	const unknown = Object.keys(body).find((field) => knownFields && ![...commonFields, ...knownFields].includes(field));
	if (unknown) return invalid(`property '${unknown}' is unsupported`);
	const maximum = body.max_completion_tokens ?? body.max_tokens;
	if (!Number.isInteger(maximum) || Number(maximum) < 1) return invalid("max_tokens must be a positive integer");
	if (body.stream_options && body.stream !== true) return invalid("stream_options needs stream");
	const fault = findMessageFault(options.takesTextParts ? withPlainText(body) : body);
	return fault === undefined ? undefined : invalid(fault);
}

/** Some clients send content as a list of texts. */
function withPlainText({ messages }: ChatBody): ChatBody {
	const textOf = (content: unknown): unknown =>
		Array.isArray(content) ? content.map((part: { readonly text?: unknown }) => String(part.text)).join("") : content;
	return { messages: (messages ?? []).map(({ role, content }) => ({ role, content: textOf(content) })) };
}

/** A system message only first, no empty content, the user last. */
export function findMessageFault({ messages }: ChatBody): string | undefined {
	if (!Array.isArray(messages) || messages.length === 0) return "messages must not be empty";
	for (const [index, { role, content }] of messages.entries()) {
		if (!["system", "user", "assistant"].includes(String(role))) return `messages.${index}.role is invalid`;
		if (role === "system" && index > 0) return `messages.${index}: system must come first`;
		if (typeof content !== "string" || content === "") return `messages.${index}.content must be a non-empty string`;
		if (!content.isWellFormed()) return `messages.${index}.content is not valid Unicode`;
	}
	return messages.at(-1)?.role === "user" ? undefined : "the last message must be the user's";
}

export function lastQuestion({ messages }: ChatBody): string {
	const users = Array.isArray(messages) ? messages.filter(({ role }) => role === "user") : [];
	return String(users.at(-1)?.content ?? "");
}

/** What a server would count: about four characters a token. */
export function countTokens({ messages }: ChatBody): number {
	return (messages ?? []).reduce((sum, { content }) => sum + Math.ceil(String(content).length / 4), 0);
}
