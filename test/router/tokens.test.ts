import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateTokens, mostTokens } from "../../src/router/tokens.ts";

describe("the most tokens of a question", () => {
	it("are never less than its bytes, nor than the estimate, in any script", () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (contents) => {
				const most = mostTokens(contents.map((content) => ({ role: "user", content })));
				const bytes = contents.reduce((sum, content) => sum + new TextEncoder().encode(content).length, 0);
				const estimate = contents.reduce((sum, content) => sum + estimateTokens(content), 0);
				expect(most).toBeGreaterThan(bytes);
				expect(most).toBeGreaterThan(estimate);
			}),
		);
	});

	it("count what a script of three bytes a character may cost", () => {
		expect(mostTokens([{ role: "user", content: "法".repeat(1_000) }])).toBeGreaterThan(3_000);
	});
});
