import type { Keyv } from "keyv";
import type { Clock } from "../clock.ts";
import { createInOrder } from "../in-order.ts";
import { codeLifeMilliseconds, createCode, isSameCode, looksLikeCode } from "./access-code.ts";
import { type AccessRecord, emptyRecord, prune, type Standing } from "./access-record.ts";
import type { Message } from "./message.ts";
import { cleanName } from "./person.ts";

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

export type Refusal =
	| { readonly kind: "code"; readonly code: string; readonly hasAdmin: boolean }
	| { readonly kind: "not-listed" | "write-directly" | "wrong-code" };

/** What came of an admin's decision; `triesUntil` is when the next code may be tried. */
export type Decided =
	| { readonly kind: "done"; readonly id: string; readonly name?: string }
	| { readonly kind: "unknown-code" | "not-an-id" | "yourself" }
	| { readonly kind: "configured"; readonly id: string }
	| { readonly kind: "too-many-tries"; readonly triesUntil: number };

export interface KnownUser {
	readonly id: string;
	readonly name?: string;
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
const hourMilliseconds = 3_600_000;
const remindMilliseconds = 24 * hourMilliseconds;
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

	/** Someone without any right: the first admin's code, one friendly sentence, or silence. */
	function meetStranger(record: AccessRecord, message: Message): [AccessRecord, Admission] {
		const { author } = message;
		const now = clock.now();
		const known = record.strangers[author];
		const silence: Admission = { kind: "refused" };
		const tell = (reason: Refusal, changes: object): [AccessRecord, Admission] => [
			{ ...record, strangers: { ...record.strangers, [author]: { ...known, at: now, ...changes } } },
			{ kind: "refused", reason },
		];

		if (!message.isDirect) {
			if (known?.toldInGroupAt !== undefined) return [record, silence];
			return tell({ kind: "write-directly" }, { toldInGroupAt: now });
		}
		const typed = message.text.replace(/^\/start\s+/, "");
		if (firstAdmin && firstAdmin.expiresAt > now && message.mayCommand && !hasAdmin(record) && looksLikeCode(typed)) {
			const tries = triesOf(record, author);
			if (tries.length >= triesPerHour) return [record, silence];
			if (!isSameCode(typed, firstAdmin.code)) {
				return [withTry(record, author), { kind: "refused", reason: { kind: "wrong-code" } }];
			}
			firstAdmin = undefined;
			const name = cleanName(message.authorName);
			const user = { standing: "approved" as const, isAdmin: true, since: now, ...(name && { name }) };
			return [
				{ ...record, users: { ...record.users, [author]: user } },
				{ kind: "permitted", isAdmin: true, news: "first-admin" },
			];
		}
		if (settings.mode === "allowlist") {
			if (known?.toldAt !== undefined && now - known.toldAt < remindMilliseconds) return [record, silence];
			return tell({ kind: "not-listed" }, { toldAt: now });
		}
		if (known?.code !== undefined && known.codeExpiresAt !== undefined && known.codeExpiresAt > now) {
			return [record, silence];
		}
		const code = createCode();
		const name = cleanName(message.authorName);
		const changes = { code, codeExpiresAt: now + codeLifeMilliseconds, ...(name && { name }) };
		return tell({ kind: "code", code, hasAdmin: hasAdmin(record) }, changes);
	}

	const triesOf = (record: AccessRecord, id: string): readonly number[] =>
		(record.tries[id] ?? []).filter((at) => clock.now() - at < hourMilliseconds);
	const withTry = (record: AccessRecord, id: string): AccessRecord => ({
		...record,
		tries: { ...record.tries, [id]: [...triesOf(record, id), clock.now()] },
	});

	function stand(record: AccessRecord, id: string, standing: Standing, name: string | undefined): AccessRecord {
		const { [id]: _, ...strangers } = record.strangers;
		const isNews = standing === "approved" && record.users[id]?.standing !== "approved";
		const isAdmin = standing === "approved" && record.users[id]?.isAdmin === true;
		const user = { standing, isAdmin, since: clock.now(), ...(isNews && { isNews }), ...(name && { name }) };
		return { ...record, strangers, users: { ...record.users, [id]: user } };
	}

	return {
		authorise: (message) =>
			change<Admission>((record) => {
				const { author } = message;
				if (isConfiguredAdmin(author)) return [record, { kind: "permitted", isAdmin: true }];
				if (settings.allowedUsers.has(author)) return [record, { kind: "permitted", isAdmin: false }];
				const user = record.users[author];
				if (user?.standing === "blocked") return [record, { kind: "refused" }];
				if (user?.standing === "approved") {
					const { isNews, ...rest } = user;
					if (!isNews) return [record, { kind: "permitted", isAdmin: user.isAdmin }];
					const users = { ...record.users, [author]: rest };
					return [
						{ ...record, users },
						{ kind: "permitted", isAdmin: user.isAdmin, news: "approved" },
					];
				}
				if (settings.mode === "open") return [record, { kind: "permitted", isAdmin: false }];
				return meetStranger(record, message);
			}),

		approve: (by, target) =>
			change<Decided>((record) => {
				if (userId.test(target)) {
					const name = record.strangers[target]?.name ?? record.users[target]?.name;
					return [stand(record, target, "approved", name), { kind: "done", id: target, ...(name && { name }) }];
				}
				const tries = triesOf(record, by);
				if (tries.length >= triesPerHour) {
					return [record, { kind: "too-many-tries", triesUntil: (tries[0] ?? clock.now()) + hourMilliseconds }];
				}
				const waiting = Object.entries(record.strangers).filter(
					([, stranger]) =>
						stranger.code !== undefined &&
						(stranger.codeExpiresAt ?? 0) > clock.now() &&
						isSameCode(stranger.code, target),
				);
				const [found] = waiting;
				if (!found) return [withTry(record, by), { kind: "unknown-code" }];
				const [id, { name }] = found;
				return [stand(record, id, "approved", name), { kind: "done", id, ...(name && { name }) }];
			}),

		block: (by, target) =>
			change<Decided>((record) => {
				if (!userId.test(target)) return [record, { kind: "not-an-id" }];
				if (target === by) return [record, { kind: "yourself" }];
				if (isConfiguredAdmin(target) || settings.allowedUsers.has(target)) {
					return [record, { kind: "configured", id: target }];
				}
				const name = record.users[target]?.name ?? record.strangers[target]?.name;
				return [stand(record, target, "blocked", name), { kind: "done", id: target, ...(name && { name }) }];
			}),

		async list() {
			const record = await read();
			const configured = [...new Set([...settings.adminUsers, ...settings.allowedUsers])].map((id) => ({
				id,
				standing: settings.adminUsers.has(id) ? ("admin" as const) : ("configured" as const),
			}));
			const users = Object.entries(record.users).map(([id, { standing, isAdmin, name }]) => ({
				id,
				standing: isAdmin ? ("admin" as const) : standing,
				...(name && { name }),
			}));
			const waiting = Object.entries(record.strangers)
				.filter(([, stranger]) => (stranger.codeExpiresAt ?? 0) > clock.now())
				.map(([id, { name }]) => ({ id, standing: "waiting" as const, ...(name && { name }) }));
			return [...configured, ...users, ...waiting];
		},

		async firstAdminCode() {
			if (hasAdmin(await read())) return undefined;
			firstAdmin = { code: createCode(), expiresAt: clock.now() + codeLifeMilliseconds };
			return firstAdmin.code;
		},
	};
}
