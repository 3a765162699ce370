import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { APIApplicationCommand, APIGatewayBotInfo } from "discord-api-types/v10";
import { createMessage, editMessage, findOwn, openDirectChannel, reach } from "./discord-channels.ts";
import { readContent } from "./discord-content.ts";
import type { FakeGuild } from "./discord-guild.ts";
import type { createLimits } from "./discord-limits.ts";
import { checkCommands, Refusal } from "./discord-rules.ts";
import type { FakeMessage, FakeState, SeenCall } from "./discord-state.ts";
import { acknowledgeInteraction, createFollowUp, editFollowUp, findAnswer } from "./discord-webhooks.ts";
import { readRequest } from "./multipart.ts";

/** What happens to the next requests that match, instead of the truth. */
export interface Fault {
	readonly method?: string;
	/** Tested against the path without `/api/v10`. */
	readonly path?: RegExp;
	/** 1 unless told. */
	readonly times?: number;
	/** The request takes effect before it is answered wrongly. */
	readonly takesEffect?: boolean;
	/** An answer in place of the true one; without it the connection is cut. */
	readonly answer?: { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };
	/** Only waits, then everything is as always. */
	readonly delayMilliseconds?: number;
}

export interface RestParts {
	readonly state: FakeState;
	readonly limits: ReturnType<typeof createLimits>;
	readonly faults: { readonly fault: Fault; left: number }[];
	readonly gateway: () => APIGatewayBotInfo;
	readonly guilds: () => readonly FakeGuild[];
	readonly flags: number;
	/** The bot hears of its own messages, too. */
	readonly announce: (message: FakeMessage) => void;
}

interface Answer {
	readonly status: number;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}
type Route = (state: FakeState, parts: RestParts, ids: readonly string[], call: SeenCall) => unknown;

/** A route's result is sent as JSON, `undefined` as 204. Interactions and their webhooks need no token of the bot. */
const routes: readonly (readonly [pattern: RegExp, route: Route])[] = [
	[/^GET \/gateway\/bot$/, (_state, parts) => parts.gateway()],
	[/^GET \/users\/@me$/, (state) => state.bot],
	[
		/^GET (?:\/oauth2)?\/applications\/@me$/,
		(state, parts) => ({ id: state.bot.id, name: "Clawdbot", flags: parts.flags }),
	],
	[
		/^GET \/users\/@me\/guilds$/,
		(_state, parts) => parts.guilds().map((guild) => ({ ...guild, permissions: String(guild.permissions) })),
	],
	[/^PUT \/applications\/(\d+)\/commands$/, (state, _parts, _ids, call) => registerCommands(state, call.body)],
	[/^GET \/applications\/(\d+)\/commands$/, (state) => state.commands],
	[/^POST \/users\/@me\/channels$/, (state, _parts, _ids, call) => openDirectChannel(state, call.body.recipient_id)],
	[/^GET \/channels\/(\d+)$/, (state, _parts, [channel = ""]) => reach(state, channel)],
	[
		/^POST \/channels\/(\d+)\/messages$/,
		(state, parts, [channel = ""], call) => {
			const { message, isNew } = createMessage(state, channel, call);
			if (isNew) parts.announce(message);
			return message.data;
		},
	],
	[
		/^PATCH \/channels\/(\d+)\/messages\/(\d+)$/,
		(state, _parts, [channel = "", id = ""], call) => {
			const message = findOwn(state, channel, id);
			return editMessage(state, message, readContent(state, "edit", call, message.data));
		},
	],
	[
		/^DELETE \/channels\/(\d+)\/messages\/(\d+)$/,
		(state, _parts, [channel = "", id = ""]) => {
			findOwn(state, channel, id).isDeleted = true;
		},
	],
	[/^POST \/channels\/(\d+)\/typing$/, (state, _parts, [channel = ""]) => void reach(state, channel)],
	[
		/^POST \/interactions\/(\d+)\/([\w-]+)\/callback$/,
		(state, _parts, [id = "", token = ""], call) => {
			const sentAt = state.interactions.get(token)?.sentAt ?? call.at;
			acknowledgeInteraction(state, id, token, call.body, call.at - sentAt);
		},
	],
	[/^POST \/webhooks\/\d+\/([\w-]+)$/, (state, _parts, [token = ""], call) => createFollowUp(state, token, call).data],
	[
		/^PATCH \/webhooks\/\d+\/([\w-]+)\/messages\/(@original|\d+)$/,
		(state, _parts, [token = "", id = ""], call) => editFollowUp(state, token, id, call),
	],
	[
		/^DELETE \/webhooks\/\d+\/([\w-]+)\/messages\/(@original|\d+)$/,
		(state, _parts, [token = "", id = ""]) => {
			findAnswer(state, token, id).isDeleted = true;
		},
	],
];

const needsNoToken = /^(?:\/interactions\/|\/webhooks\/\d+\/[\w-]+)/;

export function createRest(parts: RestParts): RequestListener {
	const { state } = parts;

	return async (request, response) => {
		const path = decodeURIComponent((request.url ?? "").replace(/^\/api\/v10/, "").replace(/\?.*$/, ""));
		const at = performance.now();
		const call: SeenCall = { method: request.method ?? "", path, ...(await readBody(request)), at, status: 0 };
		state.calls.push(call);
		const fault = takeFault(parts, call);
		if (fault?.delayMilliseconds !== undefined) await wait(fault.delayMilliseconds);
		const isWrong = fault !== undefined && fault.delayMilliseconds === undefined;
		const truth = !isWrong || fault.takesEffect ? answer(parts, request, call) : undefined;
		const shown = isWrong ? fault.answer : truth;
		if (shown === undefined) return void response.destroy();
		call.status = shown.status;
		send(response, shown);
	};
}

function takeFault(parts: RestParts, call: SeenCall): Fault | undefined {
	const due = parts.faults.find(
		({ fault, left }) =>
			left > 0 && (fault.method ?? call.method) === call.method && (fault.path ?? /./).test(call.path),
	);
	if (due) due.left--;
	return due?.fault;
}

function answer(parts: RestParts, request: IncomingMessage, call: SeenCall): Answer {
	const { state, limits } = parts;
	if (!needsNoToken.test(call.path) && request.headers.authorization !== `Bot ${state.token}`) {
		return { status: 401, body: { message: "401: Unauthorized", code: 0 } };
	}
	const isLimited = /\/messages|\/webhooks\//.test(call.path);
	const route = `${call.method} ${call.path.replace(/\/messages\/.*/, "/messages/:message")}`;
	const { headers, retryAfterSeconds } = isLimited ? limits.take(route) : { headers: {} };
	if (retryAfterSeconds !== undefined) {
		const body = { message: "You are being rate limited.", retry_after: retryAfterSeconds, global: false };
		return { status: 429, body, headers };
	}
	for (const [pattern, run] of routes) {
		const match = pattern.exec(`${call.method} ${call.path}`);
		if (!match) continue;
		try {
			const body = run(state, parts, match.slice(1), call);
			return { status: body === undefined ? 204 : 200, body, headers };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			const { status, code, message, errors } = error;
			return { status, body: { message, code, ...(errors === undefined ? {} : { errors }) }, headers };
		}
	}
	return { status: 404, body: { message: "404: Not Found", code: 0 } };
}

function registerCommands(state: FakeState, body: unknown): readonly APIApplicationCommand[] {
	checkCommands(body);
	state.commands = body.map(
		(command) =>
			({ ...command, id: state.nextId(), application_id: state.bot.id, version: "1" }) as APIApplicationCommand,
	);
	return state.commands;
}

async function readBody(request: IncomingMessage): Promise<Pick<SeenCall, "body" | "files">> {
	const { json, fields, files } = await readRequest(request);
	const text = fields.payload_json ?? json;
	return { body: text === "" ? {} : JSON.parse(text), files };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
	if (body === undefined) return void response.writeHead(status, headers).end();
	const isJson = typeof body !== "string";
	response.writeHead(status, { "content-type": isJson ? "application/json" : "text/html", ...headers });
	response.end(isJson ? JSON.stringify(body) : body);
}
