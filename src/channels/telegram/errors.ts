import type { ApiError } from "grammy/types";
import { ChannelError, type ChannelErrorKind } from "../channel.ts";

/** What Telegram said, or that it said nothing. Built anew from facts: the library's own errors carry URLs and payloads. */
export class TelegramError extends ChannelError {
	/** Error code of the Bot API; 0 when no readable answer came. */
	readonly code: number;
	/** The group became a supergroup: the chat lives on under this id. */
	readonly migratedTo: number | undefined;
	/** Updates go to a web hook instead. */
	readonly isWebhookConflict: boolean;

	constructor(method: string, answer: ApiError) {
		const kind = kindOf(answer);
		super(kind, `telegram: ${method}: ${describe(answer)}`, {
			retryAfterSeconds: kind === "flood" ? (answer.parameters?.retry_after ?? 1) : 0,
		});
		this.code = answer.error_code;
		this.migratedTo = answer.parameters?.migrate_to_chat_id;
		this.isWebhookConflict = answer.error_code === 409 && /webhook/i.test(answer.description);
	}
}

/** The descriptions are experience, not promises: the code decides first, the text second and loosely. */
const kindsByText: readonly (readonly [RegExp, ChannelErrorKind])[] = [
	[/message is not modified/i, "unchanged"],
	[/message to (edit|delete) not found|message can't be (edited|deleted)|MESSAGE_ID_INVALID/i, "missing"],
	[/can't parse entities|\bENTIT(Y|IES)_/i, "markup"],
	[
		/CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|PEER_ID_INVALID|not enough rights|have no rights|chat not found/i,
		"forbidden",
	],
];

function kindOf({ error_code: code, description }: ApiError): ChannelErrorKind {
	if (code === 0 || code >= 500) return "network";
	if (code === 429) return "flood";
	if (code === 403) return "forbidden";
	// A token that never existed is a path that does not exist; an old Bot API server names the method instead.
	if (code === 401 || (code === 404 && !/method/i.test(description))) return "unauthorised";
	return kindsByText.find(([pattern]) => pattern.test(description))?.[1] ?? "rejected";
}

/** Behind "can't parse entities" Telegram quotes the text that it could not read. */
function describe({ error_code: code, description }: ApiError): string {
	const text = description.replace(/(can't parse entities).*/is, "$1").slice(0, 200);
	return code === 0 ? text : `${code} ${text}`;
}
