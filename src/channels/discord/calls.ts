import { makeURLSearchParams, type RawFile, REST, RESTEvents, type RequestMethod, type RouteLike } from "discord.js";
import type { Clock } from "../../clock.ts";
import { ChannelError } from "../channel.ts";
import type { Pace } from "../pace.ts";
import { isKind, toChannelError } from "./errors.ts";

interface CallOptions {
	readonly body?: unknown;
	/** Sent along with the body. */
	readonly files?: RawFile[];
	readonly query?: Readonly<Record<string, boolean>>;
	/** Interactions carry their right in their own token and take no other. */
	readonly isInteraction?: boolean;
}

export interface Calls {
	/** One request, sent at most once but for a token that was dropped. Resolves with the parsed body; throws only ChannelError. */
	send(method: `${RequestMethod}`, route: RouteLike, options?: CallOptions): Promise<unknown>;
	close(): void;
}

/** Discord shuts the whole host out after 10,000 refused requests in ten minutes: we stop long before. */
const refusedRequestsBeforePause = 500;
const banMilliseconds = 60 * 60_000;
const messageRoute = /^\/channels\/(\d+)\/messages/;

/**
 * REST calls to Discord. `retries: 0` and `rejectOnRateLimit`, because discord.js would repeat a create whose answer got
 * lost and queue stale edits behind a full bucket: the live reply alone decides what is sent again and when.
 */
export function createCalls(parts: {
	readonly token: string;
	readonly apiRoot?: string;
	readonly clock: Clock;
	readonly pace: Pace;
}): Calls {
	const { token, clock, pace } = parts;
	const rest = new REST({
		version: "10",
		retries: 0,
		rejectOnRateLimit: () => true,
		invalidRequestWarningInterval: refusedRequestsBeforePause,
		...(parts.apiRoot === undefined ? {} : { api: parts.apiRoot }),
	}).setToken(token);
	let isRevoked = false;
	let closedUntil = 0;

	const closeFor = (milliseconds: number): void => {
		closedUntil = Math.max(closedUntil, clock.elapsed() + milliseconds);
	};
	rest.on(RESTEvents.InvalidRequestWarning, ({ remainingTime }) => closeFor(remainingTime));
	rest.on(RESTEvents.Response, ({ path }, { status, headers }) => {
		if (isBan(status, headers)) closeFor(Math.max(banMilliseconds, Number(headers.get("retry-after")) * 1_000));
		const channel = messageRoute.exec(path)?.[1];
		const remaining = headers.get("x-ratelimit-remaining");
		const resetAfterSeconds = headers.get("x-ratelimit-reset-after");
		if (channel === undefined || remaining === null || resetAfterSeconds === null) return;
		pace.observe(`discord:${channel}`, Number(remaining), Number(resetAfterSeconds));
	});

	async function sendOnce(method: `${RequestMethod}`, route: RouteLike, options: CallOptions): Promise<unknown> {
		refuseWhileClosed();
		try {
			return await rest.request({
				method: method as RequestMethod,
				fullRoute: route,
				auth: options.isInteraction !== true,
				...(options.body === undefined ? {} : { body: options.body }),
				...(options.files === undefined ? {} : { files: options.files }),
				...(options.query === undefined ? {} : { query: makeURLSearchParams(options.query) }),
			});
		} catch (error) {
			refuseWhileClosed();
			throw toChannelError(error);
		}
	}

	function refuseWhileClosed(): void {
		const waitMilliseconds = closedUntil - clock.elapsed();
		if (waitMilliseconds <= 0) return;
		throw new ChannelError("flood", "discord: shut out after refused requests", {
			retryAfterSeconds: waitMilliseconds / 1_000,
			isGlobal: true,
		});
	}

	return {
		async send(method, route, options = {}) {
			if (isRevoked) throw new ChannelError("unauthorised", "discord: the token was refused");
			try {
				return await sendOnce(method, route, options);
			} catch (error) {
				if (!isKind(error, "unauthorised") || options.isInteraction) throw error;
			}
			// discord.js drops the token at the first 401 and stays mute for ever, although Discord errs now and then.
			rest.setToken(token);
			try {
				return await sendOnce(method, route, options);
			} catch (error) {
				isRevoked = isKind(error, "unauthorised");
				throw error;
			}
		},
		close() {
			rest.clearHashSweeper();
			rest.clearHandlerSweeper();
		},
	};
}

/** Discord itself refuses in JSON. A page of HTML comes from the wall in front of it and concerns the whole host. */
function isBan(status: number, headers: Pick<Headers, "get">): boolean {
	if (status !== 403 && status !== 429) return false;
	return headers.get("content-type")?.includes("application/json") !== true;
}
