import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { ChannelError, type ChannelErrorKind } from "../channel.ts";

/** Discord's own error codes; what is not named here is judged by its HTTP status. */
const kindByCode: Readonly<Record<number, ChannelErrorKind>> = {
	10003: "forbidden", // unknown channel: deleted, or the bot was removed
	10008: "missing", // unknown message
	10015: "expired", // unknown webhook: an interaction that was never acknowledged
	10062: "expired", // unknown interaction: not acknowledged within 3 s
	30046: "missing", // too many edits of a message older than an hour: only a new one helps
	40060: "unchanged", // the interaction is acknowledged already
	50001: "forbidden", // missing access
	50007: "forbidden", // this person takes no direct messages
	50013: "forbidden", // missing permissions
	50027: "expired", // the interaction's token is over
	50083: "forbidden", // the thread is archived
	50278: "forbidden", // no server in common with this person
};

const kindByStatus: Readonly<Record<number, ChannelErrorKind>> = {
	401: "unauthorised",
	403: "forbidden",
	404: "missing",
};

/**
 * The one place that judges what discord.js throws. Its API errors are not passed on as `cause`: they carry the URL,
 * in which an interaction's token stands, and the body with the text of the chat.
 */
export function toChannelError(error: unknown): ChannelError {
	if (error instanceof ChannelError) return error;
	if (error instanceof RateLimitError) {
		const waitMilliseconds = Math.max(error.retryAfter, error.timeToReset, error.sublimitTimeout);
		return new ChannelError("flood", `discord: rate limit of scope ${error.scope}`, {
			retryAfterSeconds: waitMilliseconds / 1_000,
			isGlobal: error.global,
		});
	}
	if (error instanceof DiscordAPIError) {
		const kind = kindByCode[Number(error.code)] ?? kindByStatus[error.status] ?? "rejected";
		return new ChannelError(kind, `discord: HTTP ${error.status}, code ${error.code ?? "none"}`);
	}
	if (error instanceof HTTPError) return new ChannelError("network", `discord: HTTP ${error.status}`);
	return new ChannelError("network", `discord: ${error instanceof Error ? error.name : "unknown failure"}`, {
		cause: error,
	});
}

export function isKind(error: unknown, kind: ChannelErrorKind): boolean {
	return error instanceof ChannelError && error.kind === kind;
}
