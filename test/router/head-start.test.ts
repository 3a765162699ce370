import { describe, expect, it } from "vitest";
import { sleep } from "../../src/clock.ts";
import { createRouterParts, failure } from "./router-parts.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

/** The preferred one hung once, for ten seconds; its pause is over. */
async function given() {
	const hung = createScriptedProvider("groq", { models: [createModel("m", { tokensPerSecond: 1_000 })] });
	const other = createScriptedProvider("b", { models: [createModel("m", { tokensPerSecond: 1 })] });
	const parts = createRouterParts([hung, other]);
	const { clock } = parts;
	const hangs = async (_: unknown, { signal }: { signal?: AbortSignal }) => {
		await sleep(clock, 10_000, signal);
		throw failure("timeout");
	};
	hung.script(hangs);
	const first = parts.ask();
	await clock.advance(10_000);
	await first;
	await clock.advance(30_000);
	/** Shows the first words after so many milliseconds, the rest a second later. */
	const slow =
		(milliseconds: number) =>
		async (_: unknown, { onText }: { onText?: (text: string) => void }) => {
			await sleep(clock, milliseconds);
			onText?.("Spät,");
			await sleep(clock, 1_000);
			return { text: "Spät, aber gut." };
		};
	return { ...parts, hung, other, slow };
}

describe("a provider that kept somebody waiting", () => {
	it("costs the next question a blink, while the others are asked beside it", async () => {
		const { ask, clock, hung, quota } = await given();

		const answer = ask();
		await clock.advance(200);

		const { decision } = await answer;
		expect(decision.attempts).toMatchObject([{ provider: "groq", failure: "timeout", milliseconds: 200 }, {}]);
		expect(decision.provider).toBe("b");
		await clock.advance(9_800);
		const [model] = hung.models;
		expect(model && quota.pauseOf({ provider: hung, model })?.until).toBe(clock.now() + 60_000);
		expect(clock.pendingTimers()).toBe(0);
	});

	it("answers when it begins in time", async () => {
		const { ask, clock, hung, slow, other } = await given();
		hung.script(slow(199));

		const answer = ask();
		await clock.advance(1_199);

		expect((await answer).completion.text).toBe("Spät, aber gut.");
		expect(other.calls).toHaveLength(1);
	});

	it("is found well again by the answer that nobody waited for, and shows nothing of it", async () => {
		const { ask, clock, hung, slow } = await given();
		hung.script(slow(500), "wieder da");
		const shown: string[] = [];

		const answer = ask({}, { onText: (text) => shown.push(text) });
		await clock.advance(200);
		expect((await answer).decision.provider).toBe("b");
		await clock.advance(1_300);

		expect((await ask()).completion.text).toBe("wieder da");
		expect(shown).toEqual(["Antwort von b"]);
	});

	it("is come back to when the others fail meanwhile", async () => {
		const { ask, clock, hung, slow, other } = await given();
		hung.script(slow(500));
		other.script(failure("overload"));
		const shown: string[] = [];

		const answer = ask({}, { onText: (text) => shown.push(text) });
		await clock.advance(1_500);

		expect((await answer).decision.attempts.map(({ failure }) => failure)).toEqual(["timeout", "overload", undefined]);
		expect(shown).toEqual(["Spät,", "Spät, aber gut."]);
		expect(hung.calls).toHaveLength(2);
	});

	it("is waited for like any other when nobody else is free", async () => {
		const { ask, clock, hung, slow, other, quota } = await given();
		const [model] = other.models;
		if (model) quota.pause({ provider: other, model }, clock.now() + 60_000, "rate-limit", "provider");
		hung.script(slow(5_000));

		const answer = ask();
		await clock.advance(6_000);

		expect((await answer).decision.attempts).toMatchObject([{ provider: "groq", milliseconds: 6_000 }]);
	});

	it("is let go when the person ends the question", async () => {
		const { ask, clock } = await given();
		const end = new AbortController();
		const answer = expect(ask({}, { signal: end.signal })).rejects.toMatchObject({ kind: "aborted" });
		await clock.advance(100);

		end.abort();

		await answer;
		expect(clock.pendingTimers()).toBe(0);
	});
});
