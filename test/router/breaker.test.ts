import { describe, expect, it } from "vitest";
import { ProviderError, providerErrorKinds } from "../../src/providers/provider.ts";
import { createBreaker } from "../../src/router/breaker.ts";
import { createQuota } from "../../src/router/quota.ts";
import { reactions } from "../../src/router/reactions.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

function given({ random = () => 0 }: { random?: () => number } = {}) {
	const models = [createModel("a"), createModel("b")] as const;
	const provider = createScriptedProvider("groq", { models });
	const clock = createVirtualClock();
	const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [provider] });
	const news: string[] = [];
	const write = (_facts: object, text: string): void => void news.push(text);
	const log = { debug: write, info: write, warn: write, error: write } as Parameters<typeof createBreaker>[0]["log"];
	const breaker = createBreaker({ quota, clock, log, random });
	const [a, b] = [
		{ provider, model: models[0] },
		{ provider, model: models[1] },
	];
	const fail = (route: typeof a, ...error: ConstructorParameters<typeof ProviderError> | [ProviderError["kind"]]) =>
		breaker
			.watch(route, () => Promise.reject(new ProviderError(error[0], error[1] ?? "failed", error[2])))
			.catch((thrown: ProviderError) => thrown.kind);
	const answer = (route: typeof a) => breaker.watch(route, async () => "answer");
	const secondsLeft = (route: typeof a) => {
		const pause = quota.pauseOf(route);
		return pause && (pause.until - clock.now()) / 1_000;
	};
	/** The pauses that as many failures in a row begin, each after the end of the one before. */
	const pausesOf = async (kind: ProviderError["kind"], count: number): Promise<unknown[]> => {
		const pauses: unknown[] = [];
		while (pauses.length < count) {
			await fail(a, kind);
			pauses.push(secondsLeft(a));
			await clock.advance((secondsLeft(a) ?? 0) * 1_000);
		}
		return pauses;
	};
	return { a, b, breaker, clock, quota, news, fail, answer, secondsLeft, pausesOf };
}

describe("the breaker", () => {
	it("has a reaction to every kind of failure: a pause, an end or the next one to ask", () => {
		const kindsWith = (next: string) => providerErrorKinds.filter((kind) => reactions[kind].next === next);
		expect(kindsWith("nobody")).toEqual(["content", "bad-request", "aborted"]);
		expect(kindsWith("model")).toEqual(["no-allowance", "model-gone"]);
		expect(kindsWith("shorter")).toEqual(["too-large", "context"]);
	});

	it.each([
		["overload", [30, 60, 300, 300]],
		["network", [30, 60, 300, 300]],
		["rate-limit", [10, 20, 40, 80, 160, 320, 600, 600]],
		["burst", [2, 5, 15, 30, 30]],
		["money", [1_800, 3_600, 7_200, 14_400]],
	] as const)("lets the pauses after %s grow: %j seconds", async (kind, seconds) => {
		const { pausesOf } = given();
		expect(await pausesOf(kind, seconds.length)).toEqual(seconds);
	});

	it("forgets a failure after twenty answers, not after one", async () => {
		const { a, clock, fail, answer, secondsLeft } = given();
		await fail(a, "overload");
		await clock.advance(30_000);
		await answer(a);
		await fail(a, "overload");
		expect(secondsLeft(a)).toBe(60);

		await clock.advance(60_000);
		for (let count = 0; count < 20; count++) await answer(a);
		await fail(a, "overload");

		expect(secondsLeft(a)).toBe(30);
	});

	it("pauses one model for its limit and the whole provider for its key", async () => {
		const { a, b, fail, secondsLeft } = given();

		await fail(a, "rate-limit", "", { retryAfterSeconds: 12 });
		expect([secondsLeft(a), secondsLeft(b)]).toEqual([12, undefined]);
		await fail(b, "auth", "", { retryAfterSeconds: 5 });

		expect(secondsLeft(a)).toBeGreaterThan(365 * 86_400);
		expect(secondsLeft(b)).toBe(secondsLeft(a));
	});

	it.each([
		["as long as the provider asked", 86_000, 86_000],
		["a day at most", 1e12, 86_400],
	])("waits %s, however the dice fall", async (_, retryAfterSeconds, seconds) => {
		const { a, fail, secondsLeft } = given({ random: () => 0.99 });
		await fail(a, "rate-limit", "", { retryAfterSeconds });
		expect(secondsLeft(a)).toBe(seconds);
	});

	it.each([0, -5])("takes a wait of %d seconds for none", async (retryAfterSeconds) => {
		const { a, fail, secondsLeft } = given();
		await fail(a, "overload", "", { retryAfterSeconds });
		expect(secondsLeft(a)).toBe(30);
	});

	it("lengthens its own guesses by chance, by a fifth at most, and never shortens them", async () => {
		expect(await given({ random: () => 0.5 }).pausesOf("overload", 3)).toEqual([33, 66, 330]);
		expect(await given({ random: () => 1 }).pausesOf("rate-limit", 2)).toEqual([12, 24]);
	});

	it("waits for the announced reset when a rate limit says nothing else", async () => {
		const { a, clock, fail, secondsLeft } = given();
		const observed = [{ unit: "tokens", window: "minute", remaining: 0, resetAt: clock.now() + 7_000 } as const];
		await fail(a, "rate-limit", "", { observed });
		expect(secondsLeft(a)).toBe(7);
	});

	it("counts calls that fail together as one failure", async () => {
		const { a, clock, fail, secondsLeft } = given();
		await Promise.all([fail(a, "network"), fail(a, "network"), fail(a, "network")]);
		expect(secondsLeft(a)).toBe(30);
		await clock.advance(30_000);
		await fail(a, "network");
		expect(secondsLeft(a)).toBe(60);
	});

	it.each(["content", "bad-request", "aborted", "too-large", "context"] as const)(
		"blames nobody for %s",
		async (kind) => {
			const { a, breaker, fail } = given();
			await fail(a, kind);
			expect(breaker.isReady(a)).toBe(true);
		},
	);
});

describe("the operator", () => {
	it.each([
		["auth", /^GROQ lehnt den Schlüssel ab/],
		["money", /^GROQ meldet, dass das Guthaben aufgebraucht ist/],
		["no-allowance", /^GROQ gibt das Modell a .*nicht frei/],
		["model-gone", /^GROQ kennt das Modell a nicht mehr.*GROQ_MODEL/],
	] as const)("reads of %s once for each pause, not for each call", async (kind, sentence) => {
		const { a, clock, fail, news } = given();
		await Promise.all([fail(a, kind), fail(a, kind)]);
		expect(news).toEqual([expect.stringMatching(sentence)]);

		await clock.advance(3_651 * 86_400_000);
		await fail(a, kind);

		expect(news).toHaveLength(2);
	});

	it("reads nothing of what passes by itself", async () => {
		const { a, b, fail, news } = given();
		for (const kind of ["overload", "rate-limit", "burst"] as const) await fail(a, kind);
		await fail(b, "timeout");
		expect(news).toEqual([]);
	});

	it("reads of a refused key even when the provider was pausing for something else", async () => {
		const { a, fail, news, quota } = given();
		await fail(a, "network");
		await fail(a, "auth");
		expect(quota.pauseOf(a)?.reason).toBe("auth");
		expect(news).toHaveLength(1);
	});
});

describe("after a pause", () => {
	it("lets one call at a time try whether it is over", async () => {
		const { a, breaker, clock, fail } = given();
		await fail(a, "overload");
		expect(breaker.isReady(a)).toBe(false);
		await clock.advance(30_000);
		expect(breaker.isReady(a)).toBe(true);

		let end: (value: string) => void = () => undefined;
		const trial = breaker.watch(a, () => new Promise<string>((resolve) => (end = resolve)));
		expect(breaker.isReady(a)).toBe(false);
		end("answer");
		await trial;

		expect(breaker.isReady(a)).toBe(true);
		void breaker.watch(a, () => new Promise(() => undefined));
		expect(breaker.isReady(a)).toBe(true);
	});

	it("keeps to one call at a time while it fails again and again", async () => {
		const { a, breaker, clock, fail, answer } = given();
		await fail(a, "overload");
		await clock.advance(30_000);
		await answer(a);
		await fail(a, "overload");
		await clock.advance(60_000);
		await answer(a);

		void breaker.watch(a, () => new Promise(() => undefined));

		expect(breaker.isReady(a)).toBe(false);
	});

	it("names as the last resort the guess that ends first, never a wait that was asked for", async () => {
		const { a, b, breaker, clock, fail } = given();
		await fail(a, "overload");
		await clock.advance(1_000);
		await fail(b, "bad-answer");
		expect(breaker.lastResort([b, a])).toBe(a);

		const asked = given();
		await asked.fail(asked.a, "overload", "", { retryAfterSeconds: 20 });
		await asked.fail(asked.b, "rate-limit");
		expect(asked.breaker.lastResort([asked.a, asked.b])).toBeUndefined();
	});

	it("takes no guess for the last resort while a wait that was asked for runs beneath it", () => {
		const { a, b, breaker, clock, quota } = given();
		quota.pause(a, clock.now() + 60_000, "rate-limit", "model");
		quota.pause(a, clock.now() + 300_000, "network", "provider");
		quota.pause(b, clock.now() + 400_000, "overload", "model");
		expect(breaker.lastResort([a, b])).toBe(b);
	});

	it("ends all that was guessed with the first success", async () => {
		const { a, clock, quota, answer, secondsLeft } = given();
		quota.pause(a, clock.now() + 60_000, "overload", "model");
		quota.pause(a, clock.now() + 30_000, "network", "provider");
		await answer(a);
		expect(secondsLeft(a)).toBeUndefined();
	});

	it("ends a guessed pause with the first success, but not one that was asked for", async () => {
		const { a, fail, answer, secondsLeft } = given();
		await fail(a, "overload");
		await answer(a);
		expect(secondsLeft(a)).toBeUndefined();

		await fail(a, "rate-limit", "", { retryAfterSeconds: 20 });
		await answer(a);
		expect(secondsLeft(a)).toBe(20);
	});
});
