import type { Keyv } from "keyv";
import type { Clock } from "../clock.ts";
import { createInOrder } from "../in-order.ts";
import { codeLifeMilliseconds, createCode, isSameCode, looksLikeCode } from "./access-code.ts";
import {
	type AccessRecord,
	emptyRecord,
	nameOf,
	openCode,
	prune,
	type Standing,
	triesMilliseconds,
	triesOf,
	withTry,
	withUser,
} from "./access-record.ts";
import type { Message } from "./message.ts";
import { cleanName } from "./person.ts";
import { meetStranger, type Refusal } from "./stranger.ts";

/** What the operator configured. */
export interface AccessSettings {
	readonly mode: "pairing" | "allowlist" | "open";
	/** `telegram:123`, `discord:456`. Let in under every mode, like the admins. */
	readonly allowedUsers: ReadonlySet<string>;
	readonly adminUsers: ReadonlySet<string>;
}

/**
 * permitted: `news` is what the person is told with this answer: they were approved, or have just become the first admin ·
 * refused: `reason` is what they are told, undefined is silence
 */
export type Admission =
	| { readonly kind: "permitted"; readonly isAdmin: boolean; readonly news?: "approved" | "first-admin" }
	| { readonly kind: "refused"; readonly reason?: Refusal };

/** What came of an admin's decision; `triesUntil` is when the next code may be tried. */
export type Decided =
	| { readonly kind: "done"; readonly id: string; readonly name: string | undefined }
	| { readonly kind: "unknown-code" | "neither-code-nor-id" | "not-an-id" | "yourself" }
	| { readonly kind: "configured"; readonly id: string }
	| { readonly kind: "too-many-tries"; readonly triesUntil: number };

export interface KnownUser {
	readonly id: string;
	readonly name: string | undefined;
	readonly standing: Standing | "admin" | "configured" | "waiting";
}

/** Who may use the bot. The only place that decides it, on numeric ids, before anything costs. */
export interface Access {
	authorise(message: Message): Promise<Admission>;
	/** `target` is a code or a numeric id such as `telegram:123`. `by` is the admin who decides. */
	approve(by: string, target: string): Promise<Decided>;
	block(by: string, target: string): Promise<Decided>;
	list(): Promise<readonly KnownUser[]>;
	/** A one-time code that makes its sender the first admin; undefined when there is one. A new one replaces the last. */
	firstAdminCode(): Promise<string | undefined>;
}

const triesPerHour = 5;
const userId = /^[a-z]+:\d{1,20}$/;
const key = "access";

/** Two processes on one store may decide at the same moment: the later write wins. */
export function createAccess(parts: { settings: AccessSettings; store: Keyv; clock: Clock }): Access {
	const { settings, store, clock } = parts;
	const order = createInOrder();
	let firstAdmin: { code: string; expiresAt: number } | undefined;

	const read = async (): Promise<AccessRecord> => (await store.get<AccessRecord>(key)) ?? emptyRecord;

	/** One change after another; an unchanged record is not written. */
	function change<Result>(decide: (record: AccessRecord) => [AccessRecord, Result]): Promise<Result> {
		return order.run(key, async () => {
			const before = await read();
			const [after, result] = decide(before);
			if (after !== before) await store.set(key, prune(after, clock.now()));
			return result;
		});
	}

	const isConfiguredAdmin = (id: string): boolean => id.startsWith("terminal:") || settings.adminUsers.has(id);
	const hasAdmin = (record: AccessRecord): boolean =>
		settings.adminUsers.size > 0 || Object.values(record.users).some((user) => user.isAdmin);

	/** Nobody manages the bot yet and this person typed a code: the right one, or one try more. */
	function claim(record: AccessRecord, { author, text, isDirect, mayCommand }: Message): "right" | "wrong" | undefined {
		const code = firstAdmin && firstAdmin.expiresAt > clock.now() ? firstAdmin.code : undefined;
		const typed = text.replace(/^\/start\s+/, "").trim();
		if (code === undefined || !isDirect || !mayCommand || !looksLikeCode(typed) || hasAdmin(record)) return undefined;
		if (triesOf(record, author, clock.now()).length >= triesPerHour) return undefined;
		return isSameCode(typed, code) ? "right" : "wrong";
	}

	return {
		authorise: (message) =>
			change<Admission>((record) => {
				const { author, authorName } = message;
				if (isConfiguredAdmin(author)) return [record, { kind: "permitted", isAdmin: true }];
				const claimed = claim(record, message);
				if (claimed === "right") {
					firstAdmin = undefined;
					const after = withUser(record, author, { standing: "approved", isAdmin: true, name: cleanName(authorName) });
					return [after, { kind: "permitted", isAdmin: true, news: "first-admin" }];
				}
				if (settings.allowedUsers.has(author)) return [record, { kind: "permitted", isAdmin: false }];
				const user = record.users[author];
				if (user?.standing === "blocked") return [record, { kind: "refused" }];
				if (user?.standing === "approved") {
					const { isNews, ...told } = user;
					if (!isNews) return [record, { kind: "permitted", isAdmin: user.isAdmin }];
					return [withUser(record, author, told), { kind: "permitted", isAdmin: user.isAdmin, news: "approved" }];
				}
				if (settings.mode === "open") return [record, { kind: "permitted", isAdmin: false }];
				if (claimed === "wrong") {
					return [withTry(record, author, clock.now()), { kind: "refused", reason: { kind: "wrong-code" } }];
				}
				const [after, reason] = meetStranger(record, message, settings.mode, hasAdmin(record), clock.now());
				return [after, { kind: "refused", ...(reason && { reason }) }];
			}),

		approve: (by, target) =>
			change<Decided>((record) => {
				const wanted = target.toLowerCase();
				if (userId.test(wanted)) return approved(record, wanted);
				if (!looksLikeCode(target)) return [record, { kind: "neither-code-nor-id" }];
				const now = clock.now();
				const tries = triesOf(record, by, now);
				if (tries.length >= triesPerHour) {
					return [record, { kind: "too-many-tries", triesUntil: (tries[0] ?? now) + triesMilliseconds }];
				}
				const waiting = Object.keys(record.strangers).filter((id) => {
					const code = openCode(record, id, now);
					return code !== undefined && isSameCode(code, target);
				});
				const [id] = waiting;
				return id === undefined ? [withTry(record, by, now), { kind: "unknown-code" }] : approved(record, id);
			}),

		block: (by, named) =>
			change<Decided>((record) => {
				const target = named.toLowerCase();
				if (!userId.test(target)) return [record, { kind: "not-an-id" }];
				if (target === by) return [record, { kind: "yourself" }];
				if (isConfiguredAdmin(target) || settings.allowedUsers.has(target)) {
					return [record, { kind: "configured", id: target }];
				}
				const name = nameOf(record, target);
				return [withUser(record, target, { standing: "blocked", isAdmin: false, name }), done(target, name)];
			}),

		async list() {
			const record = await read();
			const configured = [...new Set([...settings.adminUsers, ...settings.allowedUsers])].map((id) => ({
				id,
				name: undefined,
				standing: settings.adminUsers.has(id) ? ("admin" as const) : ("configured" as const),
			}));
			const users = Object.entries(record.users)
				.filter(([id]) => !settings.adminUsers.has(id) && !settings.allowedUsers.has(id))
				.map(([id, user]) => ({ id, name: user.name, standing: user.isAdmin ? ("admin" as const) : user.standing }));
			const waiting = Object.entries(record.strangers)
				.filter(([id]) => openCode(record, id, clock.now()) !== undefined)
				.map(([id, { name }]) => ({ id, name, standing: "waiting" as const }));
			return [...configured, ...users, ...waiting];
		},

		async firstAdminCode() {
			if (hasAdmin(await read())) return undefined;
			firstAdmin = { code: createCode(), expiresAt: clock.now() + codeLifeMilliseconds };
			return firstAdmin.code;
		},
	};
}

function approved(record: AccessRecord, id: string): [AccessRecord, Decided] {
	const name = nameOf(record, id);
	const { standing, isAdmin = false } = record.users[id] ?? {};
	const isNews = standing !== "approved";
	return [withUser(record, id, { standing: "approved", isAdmin, name, isNews }), done(id, name)];
}

function done(id: string, name: string | undefined): Decided {
	return { kind: "done", id, name };
}
