import type { Server } from "node:http";
import {
	type ApplicationFlags,
	GatewayCloseCodes,
	GatewayDispatchEvents,
	type GatewayGuildCreateDispatchData,
	GatewayIntentBits,
	GatewayOpcodes,
	type GatewayReadyDispatchData,
} from "discord-api-types/v10";
import { type WebSocket, WebSocketServer } from "ws";
import type { FakeState } from "./discord-state.ts";

export interface FakeGateway {
	/** Sends an event to every session; those that are away get it when they resume. */
	dispatch(type: GatewayDispatchEvents, data: unknown): void;
	/** Closes every connection with this code; sessions live on. */
	disconnect(code: number): void;
	/** Op 7: please reconnect. */
	askToReconnect(): void;
	/** The next RESUME is answered with op 9, and every session is forgotten. */
	forgetSessions(): void;
	/** Heartbeats are no longer acknowledged. */
	withholdAcknowledgements(isWithheld: boolean): void;
	/** The next connections are closed with this code when they identify. */
	refuseIdentify(code: number | undefined): void;
	readonly identifies: readonly number[];
	readonly resumes: readonly number[];
	connections(): number;
	close(): void;
}

interface Session {
	readonly id: string;
	readonly intents: number;
	readonly events: { readonly s: number; readonly t: string; readonly d: unknown }[];
	socket: WebSocket | undefined;
}

const privileged = GatewayIntentBits.MessageContent | GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences;

export function createGatewayServer(parts: {
	readonly server: Server;
	readonly state: FakeState;
	readonly heartbeatMilliseconds: number;
	readonly url: () => string;
	readonly guilds: () => readonly GatewayGuildCreateDispatchData[];
}): FakeGateway {
	const { server, state } = parts;
	const sockets = new WebSocketServer({ server, path: "/gateway" });
	const sessions = new Map<string, Session>();
	const identifies: number[] = [];
	const resumes: number[] = [];
	let isAckWithheld = false;
	let refusal: number | undefined;

	sockets.on("connection", (socket) => {
		send(socket, { op: GatewayOpcodes.Hello, d: { heartbeat_interval: parts.heartbeatMilliseconds } });
		let session: Session | undefined;
		socket.on("message", (raw) => {
			const payload = parse(String(raw));
			if (payload === undefined) return socket.close(GatewayCloseCodes.DecodeError);
			if (payload.op === GatewayOpcodes.Heartbeat) {
				if (!isAckWithheld) send(socket, { op: GatewayOpcodes.HeartbeatAck });
			} else if (payload.op === GatewayOpcodes.Identify) {
				if (session) return socket.close(GatewayCloseCodes.AlreadyAuthenticated);
				session = identify(socket, payload.d);
			} else if (payload.op === GatewayOpcodes.Resume) {
				session = resume(socket, payload.d);
			} else if (session === undefined) {
				socket.close(GatewayCloseCodes.NotAuthenticated);
			}
		});
		socket.on("close", () => {
			if (session?.socket === socket) session.socket = undefined;
		});
	});

	function identify(socket: WebSocket, { token, intents }: Payload["d"]): Session | undefined {
		identifies.push(performance.now());
		const problem = refusal ?? refusalOf(token, intents);
		if (problem !== undefined) {
			socket.close(problem);
			return undefined;
		}
		const session: Session = { id: state.nextId(), intents: intents ?? 0, events: [], socket };
		sessions.set(session.id, session);
		const guilds = parts.guilds();
		emit(session, GatewayDispatchEvents.Ready, {
			v: 10,
			user: state.bot,
			guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
			session_id: session.id,
			resume_gateway_url: parts.url(),
			shard: [0, 1],
			application: { id: state.bot.id, flags: 0 as ApplicationFlags, flags_new: "0" },
		} satisfies GatewayReadyDispatchData);
		for (const guild of guilds) emit(session, GatewayDispatchEvents.GuildCreate, guild);
		return session;
	}

	function refusalOf(token: unknown, intents: number | undefined): number | undefined {
		if (token !== state.token) return GatewayCloseCodes.AuthenticationFailed;
		if (((intents ?? 0) & privileged) !== 0) return GatewayCloseCodes.DisallowedIntents;
		return undefined;
	}

	function resume(socket: WebSocket, { token, session_id, seq }: Payload["d"]): Session | undefined {
		resumes.push(performance.now());
		if (token !== state.token) {
			socket.close(GatewayCloseCodes.AuthenticationFailed);
			return undefined;
		}
		const session = sessions.get(session_id ?? "");
		if (!session) {
			send(socket, { op: GatewayOpcodes.InvalidSession, d: false });
			return undefined;
		}
		session.socket = socket;
		for (const event of session.events)
			if (event.s > (seq ?? 0)) send(socket, { op: GatewayOpcodes.Dispatch, ...event });
		emit(session, GatewayDispatchEvents.Resumed, {});
		return session;
	}

	function emit(session: Session, type: string, data: unknown): void {
		const event = { s: (session.events.at(-1)?.s ?? 0) + 1, t: type, d: data };
		session.events.push(event);
		if (session.socket) send(session.socket, { op: GatewayOpcodes.Dispatch, ...event });
	}

	return {
		dispatch(type, data) {
			for (const session of sessions.values()) emit(session, type, data);
		},
		disconnect(code) {
			for (const socket of sockets.clients) socket.close(code);
		},
		askToReconnect() {
			for (const socket of sockets.clients) send(socket, { op: GatewayOpcodes.Reconnect, d: null });
		},
		forgetSessions: () => sessions.clear(),
		withholdAcknowledgements(isWithheld) {
			isAckWithheld = isWithheld;
		},
		refuseIdentify(code) {
			refusal = code;
		},
		identifies,
		resumes,
		connections: () => sockets.clients.size,
		close() {
			for (const socket of sockets.clients) socket.terminate();
			sockets.close();
		},
	};
}

interface Payload {
	readonly op: GatewayOpcodes;
	readonly d: {
		readonly token?: string;
		readonly intents?: number;
		readonly session_id?: string;
		readonly seq?: number;
	};
}

function parse(text: string): Payload | undefined {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function send(socket: WebSocket, payload: object): void {
	if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}
