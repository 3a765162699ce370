import { describe, expect, it } from "vitest";
import { RouterError } from "../../src/router/route.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { anna, createSetting } from "./setting.ts";

describe("when nobody answers", () => {
	const clock = createVirtualClock(Date.UTC(2026, 10, 23, 12, 50));
	const cases: readonly (readonly [title: string, RouterError, RegExp])[] = [
		[
			"names the next try, rounded up to the minute",
			new RouterError("busy", { nextTryAt: Date.UTC(2026, 10, 23, 13, 4, 10) }),
			/^Gerade antwortet keiner der Anbieter. Der nächste Versuch ist um 14:05 möglich.$/,
		],
		[
			"names another day",
			new RouterError("busy", { nextTryAt: Date.UTC(2026, 10, 24, 0) }),
			/Der nächste Versuch ist ab morgen 01:00 möglich/,
		],
		[
			"knows no time",
			new RouterError("busy"),
			/keiner der Anbieter\. Versuch es bitte später noch einmal; mit \/status/,
		],
		[
			"speaks of the budget",
			new RouterError("budget", { nextTryAt: Date.UTC(2026, 10, 24, 0) }),
			/^Gerade könnten nur bezahlte Anbieter antworten, und das Budget .* ab morgen 01:00 möglich\.$/,
		],
		["speaks of the share", new RouterError("share"), /^Dein Anteil .* für die anderen\. Versuch es bitte später/],
		["names /datenraum", new RouterError("no-provider"), /\/datenraum/],
		["speaks of the filter", new RouterError("content"), /Inhaltsfilter/],
		["speaks of the length", new RouterError("too-long"), /zu lang/],
	];
	it.each(cases)("%s", async (_title, error, sentence) => {
		const { say, answers, people } = createSetting({ clock });
		await people.change(anna, { wasToldAboutAi: true });
		answers(() => error);
		expect(await say("Hallo")).toMatch(sentence);
	});

	it("lets a defect through, so that the inbox tries again", async () => {
		const { say, answers } = createSetting();
		answers(() => Promise.reject(new TypeError("a defect")));
		await expect(say("Hallo")).rejects.toThrow("a defect");
	});
});
