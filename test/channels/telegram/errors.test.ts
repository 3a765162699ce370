import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelErrorKind } from "../../../src/channels/channel.ts";
import { createTelegramApi, type TelegramApi } from "../../../src/channels/telegram/api.ts";
import { TelegramError } from "../../../src/channels/telegram/errors.ts";
import { systemClock } from "../../../src/clock.ts";
import { createFakeTelegram, type Failure, type FakeTelegram } from "../../fakes/telegram.ts";

let fake: FakeTelegram;
let api: TelegramApi;

beforeEach(async () => {
	fake = await createFakeTelegram();
	fake.addPrivateChat({ id: 4711 });
	api = connect();
});
afterEach(() => fake.close());

const connect = (apiRoot = fake.apiRoot): TelegramApi =>
	createTelegramApi({ token: fake.token, apiRoot, clock: systemClock, answerSeconds: 0.5 });

async function failureOf(call: Promise<unknown>): Promise<TelegramError> {
	const error = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof TelegramError)) throw new Error(`no TelegramError but ${String(error)}`);
	return error;
}
const send = () => api.sendMessage({ chat_id: 4711, text: "Geheimes" });
const refuse = (code: number, description: string, parameters = {}): Failure => ({
	how: "refuse",
	code,
	description,
	parameters,
});

describe("what Telegram refuses", () => {
	it.each([
		["flood", refuse(429, "Too Many Requests: retry after 7", { retry_after: 7 })],
		["unchanged", refuse(400, "Bad Request: message is not modified: specified new message content …")],
		["missing", refuse(400, "Bad Request: message to edit not found")],
		["missing", refuse(400, "Bad Request: message can't be edited")],
		["markup", refuse(400, 'Bad Request: can\'t parse entities: Unsupported start tag "geheimes" at byte offset 0')],
		["forbidden", refuse(403, "Forbidden: bot was blocked by the user")],
		["forbidden", refuse(400, "Bad Request: CHAT_WRITE_FORBIDDEN")],
		["forbidden", refuse(400, "Bad Request: not enough rights to send text messages to the chat")],
		["unauthorised", refuse(401, "Unauthorized")],
		["unauthorised", refuse(404, "Not Found")],
		["rejected", refuse(404, "Not Found: method not found")],
		["rejected", refuse(400, "Bad Request: message thread not found")],
		["rejected", refuse(400, "Bad Request: TOPIC_CLOSED")],
		["network", refuse(500, "Internal Server Error")],
		["network", { how: "bad-gateway" }],
		["network", { how: "bad-gateway", stores: true }],
		["network", { how: "reset" }],
		["network", { how: "hang" }],
	] satisfies [ChannelErrorKind, Failure][])("is %s: %j", async (kind, failure) => {
		fake.fail("sendMessage", failure);

		const error = await failureOf(send());

		expect(error.kind).toBe(kind);
		expect(error.isGlobal).toBe(false);
		expect(error.retryAfterSeconds).toBe(kind === "flood" ? 7 : 0);
		expect(fake.callsOf("sendMessage")).toHaveLength(1);
		expectNoSecret(error);
	});

	it("says where a group went that became a supergroup", async () => {
		fake.fail("sendMessage", refuse(400, "Bad Request: group chat was upgraded", { migrate_to_chat_id: -100_77 }));

		expect((await failureOf(send())).migratedTo).toBe(-100_77);
	});

	it("never shows the token, whatever fails and however the server names it", async () => {
		const port = new URL(fake.apiRoot).port;
		fake.fail("getMe", refuse(400, `Bad Request: no such path /bot${fake.token}/getMe`));

		const errors = [
			await failureOf(api.getMe()),
			await failureOf(connect("http://127.0.0.1:1").getMe()),
			await failureOf(connect("http://does-not-exist.invalid").getMe()),
			await failureOf(connect(`https://127.0.0.1:${port}`).getMe()),
			await failureOf(connect("gopher://127.0.0.1").getMe()),
		];

		for (const error of errors) expectNoSecret(error);
		expect(errors.slice(1).map(({ kind }) => kind)).toEqual(["network", "network", "network", "network"]);
	});
});

/** Neither the token nor text of the chat, in nothing that a logger might write. */
function expectNoSecret(error: TelegramError): void {
	const everything = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join("\n");
	expect(everything).not.toContain(fake.token.slice(10, 30));
	expect(everything).not.toMatch(/geheimes/i);
}
