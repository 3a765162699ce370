import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChannelError, type ChannelErrorKind } from "../../src/channels/channel.ts";
import { createLiveReply } from "../../src/channels/live-reply.ts";
import { type CallPurpose, createPace, type Pace, telegramPrivatePace } from "../../src/channels/pace.ts";
import { createLog } from "../../src/log.ts";
import { createRecord } from "../contracts/channel.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { createFakeSurface, type FakeSurface, type SurfaceCall } from "../fakes/surface.ts";

const log = createLog("silent", []);

type Happening =
	| { readonly show: number }
	| { readonly advance: number }
	| {
			readonly fails: SurfaceCall;
			readonly kind: ChannelErrorKind;
			readonly seconds: number;
			readonly didArrive: boolean;
	  };

const happening: fc.Arbitrary<Happening> = fc.oneof(
	fc.record({ show: fc.integer({ min: 0, max: 35 }) }),
	fc.record({ advance: fc.integer({ min: 0, max: 6_000 }) }),
	fc.record({
		fails: fc.constantFrom<SurfaceCall>("typing", "create", "edit", "remove", "preview"),
		kind: fc.constantFrom<ChannelErrorKind>("flood", "network", "markup"),
		seconds: fc.integer({ min: 1, max: 30 }),
		didArrive: fc.boolean(),
	}),
);

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHI";

/** What can go wrong with a call and still end well. An edit may have arrived although the network said nothing. */
function prepare(surface: FakeSurface, one: Exclude<Happening, { show: number } | { advance: number }>): void {
	const isEdit = one.fails === "edit";
	const kind = isEdit || one.kind === "flood" ? one.kind : "network";
	const didArrive = kind === "network" && isEdit && one.didArrive;
	surface.fail(one.fails, new ChannelError(kind, "it happens", { retryAfterSeconds: one.seconds }), didArrive);
}

/** Counts what is booked, so that the budget can be checked afterwards. */
function counting(pace: Pace, now: () => number, booked: { at: number; purpose: CallPurpose }[]): Pace {
	return {
		...pace,
		take(chat, limits, purpose) {
			const answer = pace.take(chat, limits, purpose);
			if (answer === true) booked.push({ at: now(), purpose });
			return answer;
		},
	};
}

describe("any order of texts, pauses and refusals", () => {
	it.each([false, true])("keeps every promise (preview: %s)", async (hasPreview) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(happening, { maxLength: 40 }),
				fc.integer({ min: 1, max: 35 }),
				fc.constantFrom(0, 150, 900),
				async (happenings, finalLength, latencyMilliseconds) => {
					const clock = createVirtualClock();
					const booked: { at: number; purpose: CallPurpose }[] = [];
					const pace = counting(createPace(clock), clock.elapsed, booked);
					const record = createRecord();
					const surface = createFakeSurface(clock, { latencyMilliseconds, hasPreview, record });
					const reply = createLiveReply(surface, record, { pace, clock, log });

					for (const one of happenings) {
						if ("show" in one) reply.show(alphabet.slice(0, one.show));
						else if ("advance" in one) await clock.advance(one.advance);
						else prepare(surface, one);
					}
					let hasLanded = false;
					let failure: unknown;
					const text = alphabet.slice(0, finalLength);
					for (let tries = 0; tries < 20 && !hasLanded; tries++) {
						let isOver = false;
						const finished = reply.finish({ text });
						finished.then(
							() => (hasLanded = isOver = true),
							(error: unknown) => {
								failure = error;
								isOver = true;
							},
						);
						for (let step = 0; step < 300 && !isOver; step++) await clock.advance(5_000);
					}

					expect({ hasLanded, failure: hasLanded ? undefined : failure }).toEqual({
						hasLanded: true,
						failure: undefined,
					});
					expect(surface.violations).toEqual([]);
					const parts = surface.render({ text }, false);
					expect(record.parts).toHaveLength(parts.length);
					expect(record.deliveredParts).toBe(parts.length);
					expect(record.parts.map((id) => Number(id))).toEqual([...record.parts].map(Number).sort((a, b) => a - b));
					expect(surface.texts().join("")).toBe(text);
					expect(clock.pendingTimers()).toBe(0);
					expect(booked).toHaveLength(surface.calls.length);
					for (const first of booked)
						for (const last of booked.filter((call) => call.at >= first.at)) {
							const between = booked.filter((call) => call.at >= first.at && call.at <= last.at).length;
							const { burst, callsPerSecond } = telegramPrivatePace;
							expect(between).toBeLessThanOrEqual(burst + ((last.at - first.at) / 1_000) * callsPerSecond + 1e-6);
						}

					const callsBefore = surface.calls.length;
					await createLiveReply(surface, record, { pace, clock, log }).finish({ text });
					expect(surface.calls).toHaveLength(callsBefore);
				},
			),
			{ numRuns: 120 },
		);
	});
});
