import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createWatch, type Deadlines } from "../../src/providers/deadlines.ts";
import { createProviders } from "../../src/providers/index.ts";
import type { Completion } from "../../src/providers/provider.ts";
import { createHurriedClock, createVirtualClock } from "../fakes/clock.ts";
import { type Behaviour, createFakeLanguageModel, type FakeLanguageModel } from "../fakes/language-model.ts";

const deadlines: Deadlines = { firstDataMilliseconds: 10_000, idleMilliseconds: 15_000, totalMilliseconds: 60_000 };

describe("the deadlines of a call", () => {
	it("end a call that never begins", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		await clock.advance(9_999);
		expect(watch.reason()).toBeUndefined();
		await clock.advance(1);
		expect(watch.reason()).toBe("timeout");
		expect(watch.signal.aborted).toBe(true);
	});

	it("count silence from the last data", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		await clock.advance(9_000);
		watch.sawData();
		await clock.advance(14_000);
		watch.sawData();
		await clock.advance(14_999);
		expect(watch.reason()).toBeUndefined();
		await clock.advance(1);
		expect(watch.reason()).toBe("timeout");
	});

	it("use the shorter silence as soon as the first data has come", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, { ...deadlines, firstDataMilliseconds: 60_000 }, undefined);
		await clock.advance(1_000);
		watch.sawData();
		await clock.advance(15_000);
		expect(watch.reason()).toBe("timeout");
	});

	it("end a call that never stops", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		for (let second = 0; second < 59; second += 1) {
			await clock.advance(1_000);
			watch.sawData();
		}
		expect(watch.reason()).toBeUndefined();
		await clock.advance(1_000);
		expect(watch.reason()).toBe("timeout");
	});

	it("wait only briefly for what may come behind the finish reason", async () => {
		const clock = createVirtualClock();
		const watch = createWatch(clock, deadlines, undefined);
		watch.sawData();
		watch.sawEnd();
		await clock.advance(2_000);
		expect(watch.reason()).toBe("timeout");
	});

	it("leave nothing behind when the call is over", async () => {
		const clock = createVirtualClock();
		const controller = new AbortController();
		const watch = createWatch(clock, deadlines, controller.signal);
		watch.stop();
		controller.abort();
		expect(clock.pendingTimers()).toBe(0);
		expect(watch.reason()).toBeUndefined();
	});

	it("give way to the caller", () => {
		const controller = new AbortController();
		const watch = createWatch(createVirtualClock(), deadlines, controller.signal);
		controller.abort();
		expect(watch.reason()).toBe("aborted");
	});
});

describe("what keeps a connection alive", () => {
	/** Both deadlines pass within half a second. */
	const hurry = 40;
	let server: FakeLanguageModel;

	beforeEach(async () => {
		server = await createFakeLanguageModel();
	});
	afterEach(() => server.close());

	async function ask(behaviour: Behaviour, clock: Clock): Promise<Completion> {
		server.next(behaviour);
		const settings = { name: "deepseek", apiKey: "sk-geheim", baseUrl: server.baseUrl, models: ["test-model"] };
		const parts = { clock, log: createLog("silent", []), eurPerUsd: 0.87, dataDirectory: "" };
		const [provider] = createProviders([settings], parts);
		const model = provider?.models[0];
		if (!provider || !model) throw new Error("no provider");
		return provider.complete(model, { messages: [{ role: "user", content: "Hallo" }], maxTokens: 10 });
	}

	it.each([": OPENROUTER PROCESSING\n\n", ": keep-alive\n\n", "\n\n", "event: ping\n\n"])(
		"does not keep the call alive: %j",
		async (sign) => {
			const signs = Array.from({ length: 1_000 }, () => sign);
			const begun = 'data: {"choices":[{"delta":{"content":"Ja"}}]}\n\n';
			const clock = createHurriedClock(hurry);
			for (const raw of [signs, [begun, ...signs]]) {
				await expect(ask({ raw, tokenMilliseconds: 20 }, clock)).rejects.toMatchObject({ kind: "timeout" });
			}
		},
	);

	it("is not waited for behind the finish reason", async () => {
		const clock = createHurriedClock(2);
		const raw = ['data: {"choices":[{"delta":{"content":"Gern."},"finish_reason":"stop"}]}\n\n'];
		const behaviour: Behaviour = { raw, broken: { afterChunks: 0, how: "stall" } };
		expect(await ask(behaviour, clock)).toMatchObject({ text: "Gern.", usage: { isEstimated: true } });
		expect(clock.elapsed()).toBeLessThan(12_000);
	});

	it("may come before an answer, as DeepSeek's blank lines do", async () => {
		const body = JSON.stringify({ choices: [{ message: { content: "Gern." }, finish_reason: "stop" }] });
		const headers = { "content-type": "application/json" };
		const raw = ["\n", "\n", "\n", "\n", body];
		expect(await ask({ raw, headers, tokenMilliseconds: 5 }, systemClock)).toMatchObject({ text: "Gern." });
	});
});
