import { describe, expect, it, vi } from "vitest";
import { type Answer, createAnswer } from "../../src/providers/answer.ts";

const request = { messages: [{ role: "user", content: "Was kostet das?" }], maxTokens: 100 } as const;
const price = (index: number): string =>
	`Ware ${index} kostet heute ${(index * 7_919) % 1_000} Euro, gestern ${(index * 613) % 997}.`;
const prices = (count: number): string => Array.from({ length: count }, (_, index) => price(index)).join(" ");

/** Adds the text piece by piece until the answer wants no more. */
function fed(text: string, onText?: (textSoFar: string) => void): Answer {
	const answer = createAnswer("test", request, onText);
	for (let at = 0; at < text.length; at += 9) if (!answer.add({ text: text.slice(at, at + 9) })) break;
	return answer;
}

describe("an answer", () => {
	it("of more than 16,000 characters ends with a whole sentence", () => {
		const { text, finishReason, usage } = fed(prices(800)).complete([]);
		expect(finishReason).toBe("length");
		expect(text.length).toBeGreaterThan(15_000);
		expect(text.length).toBeLessThanOrEqual(16_000);
		expect(prices(800).startsWith(`${text} `)).toBe(true);
		expect(text).toMatch(/\d\.$/);
		expect(usage.isEstimated).toBe(true);
	});

	it("of 16,000 characters is taken as it is", () => {
		const answer = fed(prices(800).slice(0, 16_000));
		answer.add({ finishReason: "stop" });
		expect(answer.complete([])).toMatchObject({ text: prices(800).slice(0, 16_000), finishReason: "stop" });
	});

	it("that thinks without end is given up", () => {
		const answer = createAnswer("test", request, undefined);
		let pieces = 1;
		while (answer.add({ reasoning: "Noch einmal überlegen. " })) pieces += 1;
		expect(pieces).toBeLessThan(3_000);
		expect(() => answer.complete([])).toThrow("nothing but reasoning");
	});

	it("counts what a broken call used up", () => {
		expect(fed("Ein halber Satz").usage()).toEqual({ inputTokens: 5, outputTokens: 5, isEstimated: true });
	});

	it("shows no half character, and nothing twice", () => {
		const onText = vi.fn();
		const answer = createAnswer("test", request, onText);
		for (const text of ["Hi \ud83d", "\udc4b", "", "!"]) answer.add({ text });
		expect(onText.mock.calls.flat()).toEqual(["Hi 👋", "Hi 👋!"]);
	});

	it("is whole once its finish reason has come, but no longer when text follows", () => {
		const answer = createAnswer("test", request, undefined);
		answer.add({ text: "Ge" });
		expect(answer.isWhole()).toBe(false);
		answer.add({ finishReason: "stop" });
		answer.add({ text: "\n" });
		expect(answer.isWhole()).toBe(true);
		answer.add({ text: "rn." });
		expect(answer.isWhole()).toBe(false);
	});
});
