import type { ProviderErrorKind } from "../../src/providers/provider.ts";
import type { Behaviour } from "../fakes/language-model.ts";
import type { Link } from "./fault-chain.ts";

/** A fault after which another provider answers. */
export interface Fault {
	/** In the catalogue of faults. */
	readonly id: string;
	readonly name: string;
	readonly answer: Behaviour;
	readonly kind: ProviderErrorKind;
	/** Where the same words mean something else. */
	readonly kindAt?: Partial<Record<Link, ProviderErrorKind>>;
	/** What the provider asked for, in place of our own guess. */
	readonly askedSeconds?: number;
	/** How long nothing happens. */
	readonly hangsMilliseconds?: (name: Link) => number;
}

const refusal = (status: number, message: string, code?: string): Behaviour => ({
	status,
	body: { error: { message, ...(code && { code }) } },
});
const limited = (headers: Readonly<Record<string, string>> = {}): Behaviour => ({
	...refusal(429, "slow down"),
	headers,
});
const text = "Es war einmal ein Fluss, der zum Meer wollte.";
/** DeepSeek limits nothing but how many calls run at the same time. */
const burstAtDeepSeek = { kindAt: { deepseek: "burst" } } as const;
const tomorrow = (clockStart: number): string => new Date(clockStart + 86_400_000).toUTCString();
const clockStart = Date.UTC(2026, 10, 23, 12);
const forEver = 86_400_000;
const firstByte = (name: Link): number => (name === "local" ? 60_000 : 10_000);

export const faults: readonly Fault[] = [
	{ id: "F63", name: "key revoked", answer: refusal(401, "bad key", "invalid_api_key"), kind: "auth" },
	{ id: "F64", name: "402", answer: refusal(402, "Insufficient Balance"), kind: "money" },
	{ id: "F64", name: "400 arrearage", answer: refusal(400, "overdue", "Arrearage"), kind: "money" },
	{ id: "F64", name: "403 billing", answer: refusal(403, "billing hard limit reached"), kind: "money" },
	{
		id: "F64",
		name: "429 insufficient_quota",
		answer: refusal(429, "quota", "insufficient_quota"),
		kind: "money",
		kindAt: { qwen: "rate-limit" },
	},
	{
		id: "F65",
		name: "429 for 3 s",
		answer: limited({ "retry-after": "3" }),
		kind: "rate-limit",
		askedSeconds: 3,
		...burstAtDeepSeek,
	},
	{
		id: "F66",
		name: "429 for a day",
		answer: limited({ "retry-after": "86400" }),
		kind: "rate-limit",
		askedSeconds: 86_400,
		...burstAtDeepSeek,
	},
	{
		id: "F66",
		name: "429 until a date",
		answer: limited({ "retry-after": tomorrow(clockStart) }),
		kind: "rate-limit",
		askedSeconds: 86_400,
		...burstAtDeepSeek,
	},
	{
		id: "F66",
		name: "429 for nonsense",
		answer: limited({ "retry-after": "soon" }),
		kind: "rate-limit",
		...burstAtDeepSeek,
	},
	{ id: "F67", name: "429 without a word", answer: limited(), kind: "rate-limit", ...burstAtDeepSeek },
	...[500, 502, 503, 529].map(
		(status): Fault => ({ id: "F68", name: String(status), answer: refusal(status, "oops"), kind: "overload" }),
	),
	{
		id: "F69",
		name: "connected and silent",
		answer: { firstTokenMilliseconds: forEver },
		kind: "timeout",
		hangsMilliseconds: firstByte,
	},
	{
		id: "F70",
		name: "silent in mid-stream",
		answer: { text, broken: { afterChunks: 3, how: "stall" } },
		kind: "timeout",
		hangsMilliseconds: () => 15_000,
	},
	{ id: "F71", name: "reset", answer: { text, broken: { afterChunks: 3, how: "reset" } }, kind: "network" },
	{ id: "F71", name: "reset at once", answer: { text, broken: { afterChunks: 0, how: "reset" } }, kind: "network" },
	{
		id: "F71",
		name: "bare end of the connection",
		answer: { text, broken: { afterChunks: 3, how: "close" } },
		kind: "network",
	},
	{ id: "F71", name: "clean end", answer: { text, broken: { afterChunks: 3, how: "end" } }, kind: "bad-answer" },
	{ id: "F72", name: "garbage", answer: { raw: ["data: {nonsense\n\n"] }, kind: "bad-answer" },
	{ id: "F72", name: "a line of a megabyte", answer: { raw: [`data: ${"x".repeat(1_100_000)}`] }, kind: "bad-answer" },
	{ id: "F73", name: "200 with an error", answer: { body: { error: { message: "no", code: 503 } } }, kind: "overload" },
	{
		id: "F73",
		name: "200 with a page",
		answer: { body: "<html>login</html>", headers: { "content-type": "text/html" } },
		kind: "bad-answer",
	},
	{ id: "F73", name: "200 with nothing", answer: { body: "" }, kind: "bad-answer" },
	{ id: "F74", name: "empty", answer: { text: "" }, kind: "bad-answer" },
	{ id: "F74", name: "white space", answer: { text: " \n " }, kind: "bad-answer" },
	{ id: "F74", name: "nothing but thoughts", answer: { text: "<think>hm</think>" }, kind: "bad-answer" },
	{
		id: "F76",
		name: "context as OpenAI says it",
		answer: refusal(400, "too long", "context_length_exceeded"),
		kind: "context",
	},
	{
		id: "F76",
		name: "context as vLLM says it",
		answer: { status: 400, body: { detail: "This model's maximum context length is 8192 tokens" } },
		kind: "context",
	},
	{
		id: "F76",
		name: "context as Ollama says it",
		answer: { status: 400, body: { error: "the input exceeds the context length" } },
		kind: "context",
	},
	{ id: "413", name: "too large for the plan", answer: refusal(413, "Request too large for model"), kind: "too-large" },
	{ id: "F85", name: "model removed", answer: refusal(404, "The model `m` does not exist"), kind: "model-gone" },
	{
		id: "429",
		name: "no allowance",
		answer: refusal(429, "Rate limit exceeded, limit: 0"),
		kind: "no-allowance",
		...burstAtDeepSeek,
	},
];
