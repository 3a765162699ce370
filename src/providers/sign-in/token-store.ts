import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import type { Clock } from "../../clock.ts";
import type { TokenAnswer } from "./authorization-server.ts";
import { underLock } from "./lock.ts";

const tokensSchema = v.object({
	accessToken: v.pipe(v.string(), v.minLength(1)),
	refreshToken: v.optional(v.string()),
	/** Milliseconds since 1970, both; missing: the server named no end. */
	expiresAt: v.optional(v.number()),
	refreshAt: v.optional(v.number()),
	resourceUrl: v.optional(v.string()),
	/** The server takes these tokens no more: the person has to sign in again. */
	isRefused: v.optional(v.literal(true)),
});
export type Tokens = Readonly<v.InferOutput<typeof tokensSchema>>;

/** The file is there and holds no tokens. Its message carries nothing of what it holds. */
export class TokenFileError extends Error {
	override readonly name = "TokenFileError";
	readonly path: string;

	constructor(path: string) {
		super("the file with the sign-in is damaged");
		this.path = path;
	}
}

/** The tokens of one provider in `<DATA_DIR>/sign-in/<name>.json`: 0600 in a folder 0700. */
export interface TokenStore {
	readonly path: string;
	/** Undefined: nobody has signed in. Throws TokenFileError. */
	read(): Tokens | undefined;
	/** Stands on the disk when it returns: a crash leaves the old tokens or the new ones, whole. Only under the lock. */
	write(tokens: Tokens): void;
	/** Runs `work` while no other process reads, refreshes and writes. Throws LockedError. */
	locked<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createTokenStore(dataDirectory: string, name: string, clock: Clock): TokenStore {
	const folder = join(dataDirectory, "sign-in");
	const path = join(folder, `${name}.json`);
	return {
		path,
		read() {
			const text = readIfThere(path);
			return text === undefined ? undefined : parse(text, path);
		},
		write(tokens) {
			const draft = `${path}.new`;
			writeFileSync(draft, JSON.stringify(tokens), { mode: 0o600, flush: true });
			chmodSync(draft, 0o600);
			renameSync(draft, path);
			syncFolder(dirname(path));
		},
		locked(work) {
			mkdirSync(folder, { recursive: true, mode: 0o700 });
			chmodSync(folder, 0o700);
			return underLock(join(folder, `${name}.lock`), clock, work);
		},
	};
}

const longestMarginMilliseconds = 120_000;
const shortestMarginMilliseconds = 30_000;

/** The answer as it is stored: without a new refresh token or host the `previous` ones stay. */
export function tokensOf(answer: TokenAnswer, now: number, previous?: Tokens): Tokens {
	const { accessToken, expiresInSeconds } = answer;
	const refreshToken = answer.refreshToken ?? previous?.refreshToken;
	const resourceUrl = answer.resourceUrl ?? previous?.resourceUrl;
	return {
		accessToken,
		...(refreshToken && { refreshToken }),
		...(resourceUrl && { resourceUrl }),
		...(expiresInSeconds && {
			expiresAt: now + expiresInSeconds * 1_000,
			refreshAt: now + expiresInSeconds * 1_000 - marginOf(expiresInSeconds * 1_000),
		}),
	};
}

/** 30 seconds to 2 minutes, by how long the token lives; half the life of one that is shorter than a minute. */
function marginOf(lifeMilliseconds: number): number {
	const usual = Math.max(shortestMarginMilliseconds, Math.min(lifeMilliseconds / 4, longestMarginMilliseconds));
	return Math.min(usual, lifeMilliseconds / 2);
}

function readIfThere(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw new TokenFileError(path);
	}
}

function parse(text: string, path: string): Tokens {
	const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), tokensSchema), text);
	if (!parsed.success) throw new TokenFileError(path);
	return parsed.output;
}

/** Makes the rename itself durable; Windows knows no such thing. */
function syncFolder(folder: string): void {
	if (process.platform === "win32") return;
	const handle = openSync(folder, "r");
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}
