import { type Clock, sleep } from "../clock.ts";
import type { Draft, Outcome } from "./attempt.ts";
import type { Breaker } from "./breaker.ts";
import type { Attempted } from "./head-start.ts";
import { reactions } from "./reactions.ts";
import { type Quota, type Route, RouterError, type RouterErrorKind } from "./route.ts";

/** Whom to ask, and with what when the route refused the whole conversation. */
interface Step {
	readonly route: Route;
	readonly shorter?: Draft;
	/** It kept somebody waiting the last time, and others are free. */
	readonly isTrial?: true;
	/** It was called already and is late. */
	readonly rejoin?: () => Promise<Outcome>;
}

/** The way of one question through its routes. */
export interface Search {
	/** Whom to ask next; undefined when nobody is left. It may wait a few seconds for the last chance. */
	next(signal?: AbortSignal): Promise<Step | undefined>;
	/** How the latest step ended. */
	note(route: Route, outcome: Attempted): void;
	/** What to say when nobody gave an answer. */
	failure(): RouterError;
}

interface SearchParts {
	readonly quota: Quota;
	readonly breaker: Breaker;
	readonly clock: Clock;
}

interface Tried {
	readonly outcome: Attempted;
	/** The end of the pause that its failure began. */
	readonly backAt: number | undefined;
}

/** When a route can be asked again, and what keeps it until then. */
interface Return {
	readonly route: Route;
	readonly at: number;
	readonly reason: RouterErrorKind;
}

/** A wait that is worth it when nobody else is left. */
const longestWaitMilliseconds = 5_000;

/** `ranked`: the permitted routes, best first. A pause never ends the search: it only passes its own route over. */
export function createSearch(ranked: readonly Route[], { quota, breaker, clock }: SearchParts): Search {
	const tried = new Map<Route, Tried>();
	let latest: Route | undefined;
	let wasResortTried = false;
	let wasWaited = false;

	async function next(signal?: AbortSignal): Promise<Step | undefined> {
		const shorter = shorterFor(latest);
		if (shorter) return shorter;
		const open = ranked.filter((route) => !tried.has(route) && !isTooSmall(route));
		const ready = sibling(open) ?? open.find(breaker.isReady);
		if (ready) return { route: ready, ...(isTrial(ready, open) && { isTrial: true }) };
		const late = lateOne();
		if (late) return late;
		const resort = wasResortTried ? undefined : breaker.lastResort(open);
		wasResortTried = true;
		return resort ? { route: resort } : waitForLastChance(signal);
	}

	/** The same route with half of the conversation, once, unless it asked for a wait. */
	function shorterFor(route: Route | undefined): Step | undefined {
		const outcome = route && tried.get(route)?.outcome;
		if (!route || outcome?.kind !== "failure" || !outcome.shorter || quota.pauseOf(route)) return undefined;
		return { route, shorter: outcome.shorter };
	}

	function isTrial(route: Route, open: readonly Route[]): boolean {
		return breaker.isSlow(route) && open.some((other) => breaker.isReady(other) && !breaker.isSlow(other));
	}

	function lateOne(): Step | undefined {
		const [late] = [...tried].flatMap(([route, { outcome }]) =>
			outcome.kind === "late" ? [{ route, rejoin: outcome.rejoin }] : [],
		);
		return late;
	}

	/** Another model of the provider whose model is not to be had. */
	function sibling(open: readonly Route[]): Route | undefined {
		const outcome = latest && tried.get(latest)?.outcome;
		if (outcome?.kind !== "failure" || reactions[outcome.error.kind].next !== "model") return undefined;
		return open.find((route) => route.provider === latest?.provider && breaker.isReady(route));
	}

	/** Everybody was asked: whoever is back within seconds, or meanwhile, is asked once more. */
	async function waitForLastChance(signal?: AbortSignal): Promise<Step | undefined> {
		const [soonest] = wasWaited ? [] : returns();
		wasWaited = true;
		const milliseconds = soonest ? soonest.at - clock.now() : Number.POSITIVE_INFINITY;
		if (!soonest || milliseconds > longestWaitMilliseconds) return undefined;
		if (milliseconds > 0) await sleep(clock, milliseconds, signal);
		return quota.pauseOf(soonest.route) ? undefined : { route: soonest.route };
	}

	/** Larger ones are left: who refused the length refuses it again, and so does who takes no more. */
	function isTooSmall(route: Route): boolean {
		return [...tried].some(([other, { outcome }]) => {
			if (outcome.kind === "no-fit") return other === route;
			if (outcome.kind !== "failure") return false;
			if (outcome.error.kind === "too-large") return other.provider === route.provider;
			return outcome.error.kind === "context" && other.model.contextTokens >= route.model.contextTokens;
		});
	}

	/** The first of them first. */
	function returns(): readonly Return[] {
		return ranked
			.filter((route) => !isTooSmall(route))
			.flatMap((route): Return | [] => {
				const known = tried.get(route);
				const room = known?.outcome.kind === "no-room" ? known.outcome.room : undefined;
				const pause = quota.pauseOf(route);
				const backAt = pause?.until ?? known?.backAt ?? 0;
				// Nobody but the operator can say when a refused key is mended.
				if (pause?.reason === "auth" || room?.nextAt === Number.POSITIVE_INFINITY) return [];
				if (room && room.nextAt >= backAt) return { route, at: room.nextAt, reason: kindOf(room.reason) };
				return backAt > 0 ? { route, at: backAt, reason: "busy" } : [];
			})
			.sort((left, right) => left.at - right.at);
	}

	/** What comes back first decides: to know that helps most. Where nothing does, a ceiling explains more than silence. */
	function failure(): RouterError {
		if (ranked.every(isTooSmall)) return new RouterError("too-long");
		const [soonest] = returns();
		if (soonest) return new RouterError(soonest.reason, { nextTryAt: soonest.at });
		const rooms = [...tried.values()].flatMap(({ outcome }) => (outcome.kind === "no-room" ? outcome.room.reason : []));
		return new RouterError(rooms.map(kindOf).find((kind) => kind !== "busy") ?? "busy");
	}

	return {
		next,
		note(route, outcome) {
			latest = route;
			tried.set(route, { outcome, backAt: outcome.kind === "failure" ? quota.pauseOf(route)?.until : undefined });
		},
		failure,
	};
}

function kindOf(reason: "window" | "budget" | "share"): RouterErrorKind {
	return reason === "window" ? "busy" : reason;
}
