import type { Limit, Model, Provider, Usage } from "../../src/providers/provider.ts";
import type { Budget } from "../../src/router/budget.ts";
import { createQuota } from "../../src/router/quota.ts";
import type { CallSize, NoRoom, Quota, Reservation, Route } from "../../src/router/route.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { openTemporaryDatabase, temporaryPath } from "../stores/temporary-database.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const limit = (
	unit: Limit["unit"],
	window: Limit["window"],
	maximum: number,
	facts: Partial<Limit> = {},
): Limit => ({ unit, window, maximum, kind: "rolling", timeZone: "UTC", ...facts });

export const berlin = { kind: "calendar", timeZone: "Europe/Berlin" } as const;

/** One person may use everything, unless a test is about shares. */
export const author = "telegram:1";

export interface QuotaFacts {
	readonly limits?: readonly Limit[];
	readonly model?: Partial<Model>;
	readonly isPaid?: boolean;
	readonly priceFactor?: Provider["priceFactor"];
	readonly budget?: Budget;
	readonly start?: string;
	readonly path?: string;
}

/** A provider with the models `m` and `other` of the same facts, and a real ledger on a clock that stands still. */
export function createQuotaParts({ limits = [], budget, start, path = temporaryPath(), ...facts }: QuotaFacts = {}) {
	const models = ["m", "other"].map((id) => createModel(id, { limits, ...facts.model })) as [Model, Model];
	const provider: Provider = {
		...createScriptedProvider("groq", { models, isPaid: facts.isPaid ?? false }),
		...(facts.priceFactor && { priceFactor: facts.priceFactor }),
	};
	const clock = createVirtualClock(Date.parse(start ?? "2026-11-23T12:00:00Z"));
	const database = openTemporaryDatabase(path);
	const quota = createQuota({ database, clock, providers: [provider], ...(budget && { budget }) });
	quota.setShare(author, 1);
	const [route, other]: readonly [Route, Route] = [
		{ provider, model: models[0] },
		{ provider, model: models[1] },
	];
	const report = () => {
		const [first] = quota.report().providers;
		if (!first) throw new Error("no provider");
		return first;
	};
	return { quota, clock, database, provider, route, other, path, report };
}

/** All of it as the question, unless the answer is told apart. */
export const size = (inputTokens: number, outputTokens = 0): CallSize => ({
	inputTokens,
	mostInputTokens: inputTokens,
	outputTokens,
});

export const usage = (inputTokens: number, outputTokens: number): Usage => ({
	inputTokens,
	outputTokens,
	isEstimated: false,
});

/** Books a call that has to fit. */
export function reserve(quota: Quota, route: Route, tokens = 1, who = author): Reservation {
	const result = quota.reserve(route, size(tokens), who);
	if ("nextAt" in result) throw new Error(`refused: ${result.reason} until ${result.nextAt}`);
	return result;
}

/** Books and settles a call that has to fit. */
export function call(quota: Quota, route: Route, tokens = 1, who = author): Reservation {
	const reservation = reserve(quota, route, tokens, who);
	quota.settle(reservation, usage(tokens, 0), "answer");
	return reservation;
}

/** Books a call that must not fit. */
export function refusal(quota: Quota, route: Route, tokens = 1, who = author): NoRoom {
	const result = quota.reserve(route, size(tokens), who);
	if ("id" in result) throw new Error("it was booked");
	return result;
}
