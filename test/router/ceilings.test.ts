import { describe, expect, it } from "vitest";
import type { Limit } from "../../src/providers/provider.ts";
import { createRouterParts, failure } from "./router-parts.ts";
import { createModel, createScriptedProvider, quality } from "./scripted-provider.ts";

const price = { input: 1_000, output: 1_000 };
const paid = () => createScriptedProvider("qwen", { models: [createModel("m", { price })], isPaid: true });
const daily: Limit = { unit: "requests", window: "day", kind: "calendar", timeZone: "Europe/Berlin", maximum: 10 };
const midnight = Date.UTC(2026, 10, 23, 23);

describe("what an answer cost", () => {
	it("is the price of what was used, and nothing on a free plan", async () => {
		const free = createScriptedProvider("groq", { models: [createModel("m", { price })] });
		const usage = { inputTokens: 100, outputTokens: 50, isEstimated: false };
		const answers = await Promise.all(
			[paid(), free].map(async (provider) => {
				provider.script({ usage });
				return createRouterParts([provider]).ask();
			}),
		);
		expect(answers.map(({ decision }) => decision.cost)).toEqual([0.15, 0]);
	});
});

describe("the budget", () => {
	const spent = { eurPerDay: 0.01, eurPerMonth: undefined };

	it("is what the person reads of when only paid ones are left and it is reached", async () => {
		const provider = paid();
		const { ask } = createRouterParts([provider], { eurPerDay: 2, eurPerMonth: undefined });
		provider.script({ usage: { inputTokens: 1_000, outputTokens: 900, isEstimated: false } });
		await ask();

		await expect(ask()).rejects.toMatchObject({ kind: "budget", nextTryAt: midnight });
		expect(provider.calls).toHaveLength(1);
	});

	it("has no time when no call ever fits it", async () => {
		const { ask, lines } = createRouterParts([paid()], spent);
		await expect(ask()).rejects.toMatchObject({ kind: "budget", nextTryAt: undefined });
		expect(lines.at(-1)?.facts.attempts).toMatchObject([{ failure: "no-quota" }]);
	});

	it("is not spoken of when a free one is back sooner", async () => {
		const free = createScriptedProvider("groq", { models: [createModel("m", { quality: quality(0.1) })] });
		free.script(failure("rate-limit", { retryAfterSeconds: 60 }));
		const { ask, clock } = createRouterParts([paid(), free], spent);

		await expect(ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: clock.now() + 60_000 });
	});

	it("leaves the free ones to answer", async () => {
		const free = createScriptedProvider("groq", { models: [createModel("m", { quality: quality(0.1) })] });
		const { ask } = createRouterParts([paid(), free], spent);
		expect((await ask()).decision.provider).toBe("groq");
	});
});

describe("a person's share", () => {
	it("is what they read of when the rest is for the others, who are still answered", async () => {
		const provider = createScriptedProvider("groq", { models: [createModel("m", { limits: [daily] })] });
		const { ask, quota } = createRouterParts([provider]);
		quota.setShare("telegram:1", 0.2);
		await ask();
		await ask();

		await expect(ask()).rejects.toMatchObject({ kind: "share", nextTryAt: midnight });
		expect((await ask({ author: "telegram:2" })).decision.provider).toBe("groq");
		expect(provider.calls).toHaveLength(3);
	});
});

describe("a refused key", () => {
	it("promises no time: nobody but the operator can say when it is mended", async () => {
		const provider = createScriptedProvider("groq");
		provider.script(failure("auth"));
		const { ask } = createRouterParts([provider]);

		await expect(ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: undefined });
		await expect(ask()).rejects.toMatchObject({ kind: "busy", nextTryAt: undefined });

		expect(provider.calls).toHaveLength(1);
	});
});
