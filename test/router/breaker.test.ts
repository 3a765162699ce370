import { describe, expect, it } from "vitest";
import { ProviderError, providerErrorKinds } from "../../src/providers/provider.ts";
import { createBreaker, reactions } from "../../src/router/breaker.ts";
import { createQuota } from "../../src/router/quota.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

function given() {
	const models = [createModel("a"), createModel("b")] as const;
	const provider = createScriptedProvider("groq", { models });
	const clock = createVirtualClock();
	const quota = createQuota({ database: openTemporaryDatabase(), clock, providers: [provider] });
	const breaker = createBreaker({ quota, clock });
	const [a, b] = [
		{ provider, model: models[0] },
		{ provider, model: models[1] },
	];
	const fail = (route: typeof a, ...error: ConstructorParameters<typeof ProviderError> | [ProviderError["kind"]]) =>
		breaker
			.watch(route, () => Promise.reject(new ProviderError(error[0], error[1] ?? "failed", error[2])))
			.catch((thrown: ProviderError) => thrown.kind);
	const secondsLeft = (route: typeof a) => {
		const pause = quota.pauseOf(route);
		return pause && (pause.until - clock.now()) / 1_000;
	};
	return { a, b, breaker, clock, quota, fail, secondsLeft };
}

describe("the breaker", () => {
	it("has a reaction to every kind of failure: a pause, an end or the next route", () => {
		expect(Object.keys(reactions).sort()).toEqual([...providerErrorKinds].sort());
		expect(providerErrorKinds.filter((kind) => reactions[kind].isFinal)).toEqual(["content", "bad-request", "aborted"]);
	});

	it("lets pauses grow from half a minute to five, and a success starts them anew", async () => {
		const { a, breaker, clock, fail, secondsLeft } = given();
		const pauses: unknown[] = [];
		for (let count = 0; count < 4; count++) {
			await fail(a, "overload");
			pauses.push(secondsLeft(a));
			await clock.advance(300_000);
		}
		expect(pauses).toEqual([30, 60, 300, 300]);

		await breaker.watch(a, async () => "answer");
		await fail(a, "overload");

		expect(secondsLeft(a)).toBe(30);
	});

	it("pauses one model for its limit and the whole provider for its key", async () => {
		const { a, b, fail, secondsLeft } = given();

		await fail(a, "rate-limit", "", { retryAfterSeconds: 12 });
		expect([secondsLeft(a), secondsLeft(b)]).toEqual([12, undefined]);
		await fail(b, "auth");

		expect([secondsLeft(a), secondsLeft(b)]).toEqual([86_400, 86_400]);
	});

	it.each([
		["as long as the provider asked", 86_000, 86_000],
		["a day at most", 1e12, 86_400],
		["not at all for a time that has passed", -5, undefined],
	])("waits %s", async (_, retryAfterSeconds, seconds) => {
		const { a, fail, secondsLeft } = given();
		await fail(a, "rate-limit", "", { retryAfterSeconds });
		expect(secondsLeft(a)).toBe(seconds);
	});

	it("waits for the announced reset when a rate limit says nothing else", async () => {
		const { a, clock, fail, secondsLeft } = given();
		const observed = [{ unit: "tokens", window: "minute", remaining: 0, resetAt: clock.now() + 7_000 } as const];
		await fail(a, "rate-limit", "", { observed });
		expect(secondsLeft(a)).toBe(7);
	});

	it("doubles the time to the next look at an empty account", async () => {
		const { a, clock, fail, secondsLeft } = given();
		await fail(a, "money");
		expect(secondsLeft(a)).toBe(1_800);
		await clock.advance(1_800_000);
		await fail(a, "money");
		expect(secondsLeft(a)).toBe(3_600);
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

	it("ends a guessed pause with the first success, but not one that was asked for", async () => {
		const { a, breaker, fail, secondsLeft } = given();
		await fail(a, "overload");
		await breaker.watch(a, async () => "answer");
		expect(secondsLeft(a)).toBeUndefined();

		await fail(a, "rate-limit", "", { retryAfterSeconds: 20 });
		await breaker.watch(a, async () => "answer");
		expect(secondsLeft(a)).toBe(20);
	});
});
