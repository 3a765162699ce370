import { describe, expect, it } from "vitest";
import { createRouterParts, failure, wish } from "./router-parts.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

describe("when nobody is free", () => {
	it("waits out a short rate limit if there is no other provider", async () => {
		const provider = createScriptedProvider("groq");
		provider.script(failure("rate-limit", { retryAfterSeconds: 3 }), "doch noch");
		const { ask, clock } = createRouterParts([provider]);

		const answer = ask();
		await clock.advance(2_999);
		expect(provider.calls).toHaveLength(1);
		await clock.advance(1);

		expect((await answer).completion.text).toBe("doch noch");
		expect(provider.calls).toHaveLength(2);
	});

	it("does not wait while another provider is free", async () => {
		const limited = createScriptedProvider("groq");
		const free = createScriptedProvider("local", {
			region: "local",
			models: [createModel("m", { tokensPerSecond: 1 })],
		});
		limited.script(failure("rate-limit", { retryAfterSeconds: 1 }));
		const { ask, clock } = createRouterParts([limited, free]);

		expect((await ask()).decision.provider).toBe("local");
		expect(clock.pendingTimers()).toBe(0);
	});

	it("says when the next try is possible instead of waiting long", async () => {
		const [long, longer] = [createScriptedProvider("groq"), createScriptedProvider("qwen")];
		long.script(failure("rate-limit", { retryAfterSeconds: 60 }));
		longer.script(failure("rate-limit", { retryAfterSeconds: 86_400 }));
		const { ask, clock } = createRouterParts([long, longer]);
		const expected = { kind: "busy", nextTryAt: clock.now() + 60_000 };

		await expect(ask()).rejects.toMatchObject(expected);
		await expect(ask()).rejects.toMatchObject(expected);

		expect([long.calls.length, longer.calls.length]).toEqual([1, 1]);
	});

	it("names the reset of the quota when no window has room, and calls nobody", async () => {
		const limit = { unit: "requests", window: "minute", kind: "rolling", timeZone: "UTC", maximum: 1 } as const;
		const provider = createScriptedProvider("groq", { models: [createModel("m", { limits: [limit] })] });
		const { ask, clock, lines } = createRouterParts([provider]);
		const bookedAt = clock.now();
		await ask();
		await clock.advance(10_000);

		await expect(ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: bookedAt + 60_000 });
		expect(lines.at(-1)?.facts.attempts).toMatchObject([{ failure: "no-quota" }]);
		await clock.advance(46_000);
		const answer = ask();
		await clock.advance(4_000);

		expect((await answer).decision.attempts.map(({ failure }) => failure)).toEqual(["no-quota", undefined]);
		expect(provider.calls).toHaveLength(2);
	});

	it("tries the one whose pause ends first, once a question, when all pause for overload", async () => {
		const [early, late] = [createScriptedProvider("groq"), createScriptedProvider("qwen")];
		early.script(failure("overload"));
		late.script(failure("timeout"));
		const { ask, clock } = createRouterParts([early, late]);
		const broken = ask();
		await expect(broken).rejects.toMatchObject({ kind: "busy", nextTryAt: clock.now() + 30_000 });
		expect([early.calls.length, late.calls.length]).toEqual([1, 1]);

		await clock.advance(1_000);
		await expect(ask()).rejects.toMatchObject({ kind: "busy" });
		expect(early.calls.length + late.calls.length).toBe(3);
		for (const provider of [early, late]) provider.script("wieder da");

		expect((await ask()).completion.text).toBe("wieder da");
		expect((await ask()).completion.text).toBe("wieder da");
	});

	it("never calls inside a wait that the provider asked for", async () => {
		const provider = createScriptedProvider("groq");
		provider.script(failure("overload", { retryAfterSeconds: 20 }), "zu früh");
		const { ask, clock } = createRouterParts([provider]);

		await expect(ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: clock.now() + 20_000 });
		await clock.advance(10_000);
		await expect(ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: clock.now() + 10_000 });

		expect(provider.calls).toHaveLength(1);
	});

	it.each(["overload", "too-large"] as const)("keeps to a wait that came with %s and after a guess", async (kind) => {
		const provider = createScriptedProvider("groq");
		provider.script(failure("network"), failure(kind, { retryAfterSeconds: 20 }), "zu früh");
		const { router, ask, clock } = createRouterParts([provider]);
		await expect(ask()).rejects.toMatchObject({ kind: "busy" });

		const long = (tokens: number) => [{ role: "user", content: "x".repeat(Math.min(tokens, 3_000)) }] as const;
		await expect(router.complete(wish, long)).rejects.toMatchObject({ name: "RouterError" });
		await clock.advance(19_999);
		await expect(ask()).rejects.toMatchObject({ kind: "busy" });
		expect(provider.calls).toHaveLength(2);
		await clock.advance(1);

		expect((await ask()).completion.text).toBe("zu früh");
	});

	it("ends a wait at once when the person ends the question", async () => {
		const provider = createScriptedProvider("groq");
		provider.script(failure("rate-limit", { retryAfterSeconds: 3 }));
		const { ask, clock } = createRouterParts([provider]);
		const end = new AbortController();

		const answer = ask({}, { signal: end.signal });
		const rejected = expect(answer).rejects.toMatchObject({ kind: "aborted" });
		await clock.advance(1_000);
		end.abort();
		await rejected;

		expect(clock.pendingTimers()).toBe(0);
		expect(provider.calls).toHaveLength(1);

		const second = new AbortController();
		const waiting = expect(ask({}, { signal: second.signal })).rejects.toMatchObject({ kind: "aborted" });
		await clock.advance(1_000);
		second.abort();
		await waiting;

		expect(clock.pendingTimers()).toBe(0);
		expect(provider.calls).toHaveLength(1);
	});
});

describe("ending an answer", () => {
	it("settles what was shown, blames nobody and asks nobody else", async () => {
		const [provider, other] = [createScriptedProvider("a"), createScriptedProvider("b")];
		const end = new AbortController();
		provider.script(async (_, { signal, onText }) => {
			onText?.("Es war einmal");
			end.abort();
			throw failure(signal?.aborted ? "network" : "bad-answer");
		});
		const { ask, quota, breaker } = createRouterParts([provider, other]);

		await expect(ask({}, { signal: end.signal })).rejects.toMatchObject({ kind: "aborted" });

		expect(other.calls).toHaveLength(0);
		expect(quota.usedToday("telegram:1")).toMatchObject({ answers: 0, tokens: 14 });
		expect(provider.models.every((model) => breaker.isReady({ provider, model }))).toBe(true);
	});

	it("before the beginning calls nobody", async () => {
		const provider = createScriptedProvider("a");
		const { ask } = createRouterParts([provider]);

		await expect(ask({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: "aborted" });
		expect(provider.calls).toHaveLength(0);
	});
});
