import { randomInt, timingSafeEqual } from "node:crypto";

/** Without I, L, O, 0 and 1, which look alike. */
const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const codeLength = 8;

export const codeLifeMilliseconds = 3_600_000;

/** Eight random characters as `ABCD-EFGH`. */
export function createCode(): string {
	const characters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join("");
	return `${characters.slice(0, 4)}-${characters.slice(4)}`;
}

/** Case, dashes and spaces make no difference. Takes the same time wherever the two differ. */
export function isSameCode(first: string, second: string): boolean {
	const [a, b] = [Buffer.from(bare(first)), Buffer.from(bare(second))];
	return a.length === b.length && timingSafeEqual(a, b);
}

/** Has the shape of a code, right or wrong. */
export function looksLikeCode(text: string): boolean {
	return /^[a-z0-9]{4}[- ]?[a-z0-9]{4}$/i.test(text.trim());
}

function bare(code: string): string {
	return code.replace(/[^a-z0-9]/gi, "").toUpperCase();
}
