import { describe, expect, it } from "vitest";
import { createLog, withMessage } from "../src/log.ts";

function record(secrets: readonly string[] = []) {
	const lines: string[] = [];
	return { lines, log: createLog("info", secrets, (line) => lines.push(line)) };
}

describe("the log", () => {
	it("writes one JSON line per event that carries the message id through awaits", async () => {
		const { lines, log } = record();
		await withMessage("telegram:1:2", async () => {
			await Promise.resolve();
			log.info({ event: "answered" });
		});
		log.info({ event: "outside", error: new TypeError("no room") });
		expect(lines.map((line) => JSON.parse(line))).toMatchObject([
			{ level: "info", event: "answered", message: "telegram:1:2" },
			{ event: "outside", error: "TypeError: no room" },
		]);
		expect(JSON.parse(String(lines[1])).message).toBeUndefined();
	});

	it.each([
		["a configured secret", "hunter22geheim"],
		["a Telegram token in a URL", "123456789:AAExampleExampleExampleExampleExample1"],
		["a configured secret in an address", "geheim%2Fes%20Wort"],
		["an encoded Telegram token", "123456789%3AAAExampleExampleExampleExampleExample1"],
		["a Groq key", "gsk_abcdefgh1234567890"],
		["an OpenAI-like key", "sk-abcdefgh1234567890"],
		["a bearer header", "Bearer abc.def-123"],
		["a Discord token", "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789ab"],
	])("never shows %s, in whatever field or error", (name, secret) => {
		const { lines, log } = record(["hunter22geheim", "geheim/es Wort"]);
		log.error(
			{
				error: `${name.includes("URL") ? "https://host/bot" : "key="}${secret}/getMe failed`,
				nested: { deep: [secret] },
			},
			secret,
		);
		log.error(new Error(secret));
		expect(lines.join("")).not.toContain(secret);
		expect(lines).toHaveLength(2);
	});

	it("hides a secret that JSON writes with escapes", () => {
		const { lines, log } = record(['pass"word\\1']);
		log.info({ error: 'pass"word\\1' });
		expect(lines.join("")).not.toContain("word");
	});
});
