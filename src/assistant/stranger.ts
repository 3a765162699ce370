import { codeLifeMilliseconds, createCode } from "./access-code.ts";
import { type AccessRecord, openCode, type Stranger } from "./access-record.ts";
import type { Message } from "./message.ts";
import { cleanName } from "./person.ts";

/** What someone is told who may not use the bot. */
export type Refusal =
	| { readonly kind: "code"; readonly code: string; readonly hasAdmin: boolean }
	| { readonly kind: "not-listed" | "write-directly" | "wrong-code" };

const remindMilliseconds = 24 * 3_600_000;

/**
 * One friendly sentence, then silence: a code again when the last one has expired, other sentences once a day, and in a
 * group once, where no code is ever shown.
 */
export function meetStranger(
	record: AccessRecord,
	message: Message,
	mode: "pairing" | "allowlist",
	hasAdmin: boolean,
	now: number,
): [AccessRecord, Refusal | undefined] {
	const { author, isDirect } = message;
	const known = record.strangers[author];
	const tell = (reason: Refusal, changes: Partial<Stranger>): [AccessRecord, Refusal] => {
		const stranger = { ...known, at: now, name: cleanName(message.authorName), ...changes };
		return [{ ...record, strangers: { ...record.strangers, [author]: stranger } }, reason];
	};

	if (!isDirect) {
		return known?.toldInGroupAt === undefined
			? tell({ kind: "write-directly" }, { toldInGroupAt: now })
			: [record, undefined];
	}
	if (mode === "allowlist") {
		const isTold = known?.toldAt !== undefined && now - known.toldAt < remindMilliseconds;
		return isTold ? [record, undefined] : tell({ kind: "not-listed" }, { toldAt: now });
	}
	if (openCode(record, author, now) !== undefined) return [record, undefined];
	const code = createCode();
	return tell({ kind: "code", code, hasAdmin }, { code, codeExpiresAt: now + codeLifeMilliseconds });
}
