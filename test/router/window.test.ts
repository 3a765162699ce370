import { describe, expect, it } from "vitest";
import { createWindows, dayOf, monthOf } from "../../src/router/window.ts";

const at = (iso: string): number => Date.parse(iso);
const hours = ({ start, end }: { start: number; end: number }): number => (end - start) / 3_600_000;

describe("the local day", () => {
	it.each([
		["Europe/Berlin", "2026-11-23T12:00:00Z", "2026-11-22T23:00:00Z", 24],
		["Europe/Berlin in spring", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23],
		["Europe/Berlin in autumn", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25],
		["Europe/Berlin in the hour that comes twice", "2026-10-25T01:30:00Z", "2026-10-24T22:00:00Z", 25],
		["America/Los_Angeles", "2026-11-01T12:00:00Z", "2026-11-01T07:00:00Z", 25],
		["UTC", "2026-11-23T23:59:59.999Z", "2026-11-23T00:00:00Z", 24],
		["Asia/Kolkata", "2026-11-23T18:30:00Z", "2026-11-23T18:30:00Z", 24],
		["Africa/Cairo without a midnight", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", 23],
	])("of %s at %s begins at %s and has %d hours", (name, moment, start, length) => {
		const day = dayOf(name.split(" ")[0] ?? name, at(moment));

		expect(new Date(day.start)).toEqual(new Date(start));
		expect(hours(day)).toBe(length);
	});

	it("ends where the next one begins, all through a year", () => {
		let day = dayOf("Europe/Berlin", at("2026-01-01T12:00:00Z"));
		for (let count = 0; count < 365; count++) {
			const next = dayOf("Europe/Berlin", day.end);
			expect(next.start).toBe(day.end);
			expect(dayOf("Europe/Berlin", day.end - 1)).toEqual(day);
			day = next;
		}
		expect(new Date(day.start)).toEqual(new Date("2026-12-31T23:00:00Z"));
	});

	it("refuses a zone that does not exist", () => {
		expect(() => dayOf("Europa/Berlin", 0)).toThrow(RangeError);
	});
});

const zones = [
	"Europe/Berlin",
	"America/Los_Angeles",
	"Asia/Shanghai",
	"Asia/Kolkata",
	"Australia/Lord_Howe",
	"Africa/Cairo",
] as const;

describe.each(zones)("five years of %s", (timeZone) => {
	const begin = at("2024-01-15T12:00:00Z");
	const end = at("2029-01-15T12:00:00Z");
	const local = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });

	it.each([
		["day", dayOf, 1_828, "2024-01-15".length],
		["month", monthOf, 61, "2024-01".length],
	] as const)("have exactly one reset for each %s", (_, periodOf, count, letters) => {
		const names: string[] = [];
		let period = periodOf(timeZone, begin);
		for (; period.start <= end; period = periodOf(timeZone, period.end)) {
			const [first, last] = [period.start, period.end - 1].map((moment) => local.format(moment).slice(0, letters));
			expect(last).toBe(first);
			names.push(String(first));
		}
		expect(names).toHaveLength(count);
		expect(new Set(names).size).toBe(count);
	});
});

describe("the window of a limit", () => {
	const windowOf = createWindows();
	const now = at("2026-11-23T12:34:56.789Z");

	it("moves with the clock when it is rolling", () => {
		expect(windowOf({ window: "minute", kind: "rolling", timeZone: "UTC" }, now)).toEqual({ start: now - 59_999 });
		expect(windowOf({ window: "day", kind: "rolling", timeZone: "UTC" }, now)).toEqual({ start: now - 86_399_999 });
	});

	it("starts anew with the calendar, zone by zone", () => {
		const berlin = { window: "day", kind: "calendar", timeZone: "Europe/Berlin" } as const;
		const midnight = at("2026-11-23T23:00:00Z");

		expect(windowOf(berlin, now).end).toBe(midnight);
		expect(windowOf(berlin, midnight - 1).end).toBe(midnight);
		expect(windowOf(berlin, midnight).start).toBe(midnight);
		expect(windowOf({ ...berlin, timeZone: "UTC" }, now).end).toBe(at("2026-11-24T00:00:00Z"));
		expect(windowOf({ ...berlin, window: "minute" }, now)).toEqual({
			start: at("2026-11-23T12:34:00Z"),
			end: at("2026-11-23T12:35:00Z"),
		});
	});
});
