import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import Provider from "oidc-provider";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createMemory } from "./identity-provider-memory.ts";

export interface IdentityProviderOptions {
	readonly accessTokenSeconds?: number;
	readonly deviceCodeSeconds?: number;
	/** What the server says about `deviceCodeSeconds`, when it does not say the truth. */
	readonly statedSeconds?: number;
	/** Named in the answer; without it the client has to know the usual 5 seconds. */
	readonly intervalSeconds?: number;
	/** Sent with the tokens. */
	readonly resourceUrl?: string;
	/** By which the time between two polls is judged. */
	readonly clock?: Clock;
}

type Context = Parameters<Parameters<Provider["use"]>[0]>[0];

interface ForcedAnswer {
	readonly status: number;
	readonly error: string;
}

/** oidc-provider on loopback with what it lacks: slow_down, PKCE in the device grant, and an interval. */
export interface IdentityProvider {
	readonly issuer: string;
	readonly clientId: string;
	readonly deviceUrl: string;
	readonly tokenUrl: string;
	/** What the person at the address does with the code. */
	approve(userCode: string): Promise<void>;
	deny(userCode: string): Promise<void>;
	/** Answers of /token so far: `ok` or the error, by the kind of request. */
	polls(): readonly string[];
	refreshes(): readonly string[];
	/** Families of tokens that were revoked because a refresh token came twice. */
	revocations(): number;
	/** The next requests to /token are answered so; `hang up` breaks the connection. */
	force(...answers: readonly (ForcedAnswer | "hang up")[]): void;
	/** The next refresh rotates and its answer waits for ever; resolves once it has rotated. */
	holdNextRefresh(): Promise<void>;
	/** Does the API still take this access token? */
	isValid(accessToken: string): Promise<boolean>;
	stop(): Promise<void>;
}

const clientId = "clawdbot-test";
const grantType = "urn:ietf:params:oauth:grant-type:device_code";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export async function startIdentityProvider(options: IdentityProviderOptions = {}): Promise<IdentityProvider> {
	const { clock = systemClock, intervalSeconds } = options;
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const provider = createProvider(issuer, options);
	const challenges = new Map<string, string>();
	const lastPolls = new Map<string, { readonly at: number; readonly seconds: number }>();
	const polls: string[] = [];
	const refreshes: string[] = [];
	const forced: (ForcedAnswer | "hang up")[] = [];
	let revocations = 0;
	let onHeld: (() => void) | undefined;
	provider.on("grant.revoked", () => revocations++);

	async function startDevice(ctx: Context, fields: URLSearchParams, next: () => Promise<void>) {
		const challenge = fields.get("code_challenge");
		if (!challenge || fields.get("code_challenge_method") !== "S256") return refuse(ctx, 400, "invalid_request");
		await next();
		if (ctx.status !== 200) return;
		const body = ctx.body as { device_code: string };
		challenges.set(body.device_code, challenge);
		ctx.body = {
			...body,
			...(intervalSeconds && { interval: intervalSeconds }),
			...(options.statedSeconds && { expires_in: options.statedSeconds }),
		};
	}

	/** Too early: the interval grows for good, as RFC 8628 says. */
	function isTooEarly(code: string): boolean {
		const { at, seconds } = lastPolls.get(code) ?? { at: Number.NEGATIVE_INFINITY, seconds: intervalSeconds ?? 5 };
		const isEarly = clock.elapsed() - at < seconds * 1_000 - 50;
		lastPolls.set(code, { at: clock.elapsed(), seconds: isEarly ? seconds + 5 : seconds });
		return isEarly;
	}

	async function poll(ctx: Context, fields: URLSearchParams, next: () => Promise<void>) {
		const code = fields.get("device_code") ?? "";
		if (isTooEarly(code)) return refuse(ctx, 400, "slow_down");
		if (takeForced(ctx)) return;
		const verifier = createHash("sha256").update(fields.get("code_verifier") ?? "");
		if (verifier.digest("base64url") !== challenges.get(code)) return refuse(ctx, 400, "invalid_grant");
		await next();
	}

	function takeForced(ctx: Context): boolean {
		const answer = forced.shift();
		if (answer === "hang up") {
			ctx.respond = false;
			ctx.req.socket.destroy();
		} else if (answer) refuse(ctx, answer.status, answer.error);
		return answer !== undefined;
	}

	provider.use(async (ctx, next) => {
		if (ctx.method !== "POST") return next();
		const body = await text(ctx.req);
		const fields = new URLSearchParams(body);
		Object.assign(ctx.req, { body: Object.fromEntries(fields) });
		if (ctx.path === "/device/auth") return startDevice(ctx, fields, next);
		if (ctx.path !== "/token") return next();
		const isPoll = fields.get("grant_type") === grantType;
		if (isPoll) await poll(ctx, fields, next);
		else if (!takeForced(ctx)) await next();
		(isPoll ? polls : refreshes).push((ctx.body as { error?: string } | undefined)?.error ?? "ok");
		if (ctx.status === 200 && options.resourceUrl)
			Object.assign(ctx.body as object, { resource_url: options.resourceUrl });
		if (!isPoll && onHeld) {
			onHeld();
			onHeld = undefined;
			await new Promise(() => undefined);
		}
	});
	server.on("request", provider.callback());

	async function deviceCode(userCode: string) {
		const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll("-", ""), { ignoreExpiration: true });
		if (!code) throw new Error(`nobody was shown the code ${userCode}`);
		return code;
	}

	return {
		issuer,
		clientId,
		deviceUrl: `${issuer}/device/auth`,
		tokenUrl: `${issuer}/token`,
		async approve(userCode) {
			const code = await deviceCode(userCode);
			const grant = new provider.Grant({ accountId: "operator", clientId });
			grant.addOIDCScope("openid offline_access");
			const scope = "openid offline_access";
			const authTime = Math.floor(Date.now() / 1_000);
			Object.assign(code, { accountId: "operator", grantId: await grant.save(), scope, claims: {}, authTime });
			await code.save();
		},
		async deny(userCode) {
			await Object.assign(await deviceCode(userCode), { error: "access_denied" }).save();
		},
		polls: () => polls,
		refreshes: () => refreshes,
		revocations: () => revocations,
		force: (...answers) => void forced.push(...answers),
		holdNextRefresh: () =>
			new Promise((resolve) => {
				onHeld = resolve;
			}),
		isValid: async (accessToken) => (await provider.AccessToken.find(accessToken)) !== undefined,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function createProvider(issuer: string, { accessTokenSeconds = 60, deviceCodeSeconds = 600 }: IdentityProviderOptions) {
	return new Provider(issuer, {
		adapter: createMemory(),
		clients: [
			{
				client_id: clientId,
				token_endpoint_auth_method: "none",
				grant_types: [grantType, "refresh_token"],
				response_types: [],
				redirect_uris: [],
			},
		],
		features: { deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
		findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
		rotateRefreshToken: true,
		issueRefreshToken: async () => true,
		jwks: { keys: [privateKey.export({ format: "jwk" })] },
		cookies: { keys: ["only a test"] },
		ttl: {
			AccessToken: accessTokenSeconds,
			DeviceCode: deviceCodeSeconds,
			RefreshToken: 86_400,
			Grant: 86_400,
			IdToken: 60,
		},
	});
}

function refuse(ctx: Context, status: number, error: string): void {
	ctx.status = status;
	ctx.body = { error };
}
