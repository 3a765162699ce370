import { describe, expect, it } from "vitest";
import { createRouterParts, failure } from "./router-parts.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

/** Asks so many questions at an even pace; `fails` says which calls of the preferred provider fail. */
async function failoversOf(questions: number, secondsBetween: number, fails: (call: number) => boolean) {
	const flapping = createScriptedProvider("groq", { models: [createModel("m", { tokensPerSecond: 1_000 })] });
	const steady = createScriptedProvider("local");
	flapping.script(async () => {
		if (fails(flapping.calls.length)) throw failure("overload");
		return {};
	});
	const { ask, clock } = createRouterParts([flapping, steady]);
	let paid = 0;
	for (let question = 0; question < questions; question++) {
		const { decision } = await ask();
		if (decision.attempts.length > 1) paid++;
		await clock.advance(secondsBetween * 1_000);
	}
	return { paid, calls: flapping.calls.length };
}

describe("a provider that fails every second call", () => {
	it.each([0, 1, 10, 60, 600])("costs at most 5 %% of 500 questions a failover, one every %d s", async (seconds) => {
		const { paid } = await failoversOf(500, seconds, (call) => call % 2 === 1);
		expect(paid).toBeGreaterThan(0);
		expect(paid).toBeLessThanOrEqual(25);
	});
});

describe("a provider that rarely fails", () => {
	it("goes on answering nearly everything", async () => {
		const { paid, calls } = await failoversOf(500, 10, (call) => call % 50 === 0);
		expect(paid).toBeLessThanOrEqual(10);
		expect(calls).toBeGreaterThan(450);
	});
});

describe("a provider that was down", () => {
	it("is back five minutes later at the latest", async () => {
		const { calls } = await failoversOf(300, 10, (call) => call <= 5);
		expect(calls).toBeGreaterThan(150);
	});
});
