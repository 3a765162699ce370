import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProviderErrorKind } from "../../src/providers/provider.ts";
import type { Misbehaviour } from "../providers/misbehaviour.ts";
import { oddRefusals } from "../providers/misbehaviours-refusals.ts";
import { oddStreams } from "../providers/misbehaviours-streams.ts";
import { afterwards, chain, createFaultChain, type FaultRun, type Link, positions } from "./fault-chain.ts";
import { faults } from "./faults.ts";

let links: Awaited<ReturnType<typeof createFaultChain>>;
beforeAll(async () => {
	links = await createFaultChain();
});
afterAll(async () => void (await links.close()));

const last = chain.length - 1;

/**
 * The fault sits at one position of four; those before it refuse for two seconds, so that the question really reaches it.
 * The next one answers, or behind the last the first, once its two seconds are over.
 */
describe.each(positions)("at position %d", (position) => {
	const name = chain[position];

	it.each(faults)("$id $name: the answer comes from elsewhere", async ({ answer, kind, kindAt, ...fault }) => {
		const run = links.begin(position, [answer]);
		const hangsMilliseconds = fault.hangsMilliseconds?.(name);

		const result = await run.ask({ ...(hangsMilliseconds && { hangsMilliseconds }) });

		expectFailover(run, result, position, { kind: kindAt?.[name] ?? kind, askedSeconds: fault.askedSeconds });
	});

	it.each(misbehavioursAt(name))("misbehaviour $number, $name", async ({ answers, outcome }) => {
		const run = links.begin(position, answers);

		const result = await run.ask();

		if (typeof outcome === "string") expectFailover(run, result, position, { kind: outcome, calls: answers.length });
		else expectAnswerAt(run, result, position, outcome, answers.length);
	});
});

type Result = Awaited<ReturnType<FaultRun["ask"]>>;

function expectFailover(
	run: FaultRun,
	result: Result,
	position: number,
	fault: { kind: ProviderErrorKind; calls?: number; askedSeconds?: number | undefined },
): void {
	const { kind, calls: atFaulty = 1, askedSeconds } = fault;
	const isFinal = kind === "content" || kind === "bad-request";
	const isTooLong = kind === "context" && position === last;
	const isAnswered = !isFinal && !isTooLong;
	if (isAnswered) {
		const failures = [...positions.slice(0, position).map(() => "overload"), kind, undefined];
		expect(result).toMatchObject({ completion: { text: "Antwort auf: Hallo" } });
		expect("decision" in result && result.decision.attempts.map(({ failure }) => failure)).toEqual(failures);
		expect("isBroken" in result).toBe(false);
	} else expect(result).toMatchObject({ name: "RouterError", kind: isTooLong ? "too-long" : kind });

	const calls = positions.map((index) => (index < position ? 1 : index === position ? atFaulty : 0));
	if (isAnswered) calls[(position + 1) % chain.length] = position === last ? 2 : 1;
	expect(run.seen().map((requests) => requests.length)).toEqual(calls);
	expectReports(run, result, position, kind, askedSeconds);
}

function expectReports(run: FaultRun, result: Result, position: number, kind: ProviderErrorKind, asked?: number): void {
	const { state, seconds } = afterwards[kind];
	// A wait that was asked for counts as one, whatever the failure was called.
	const pauseReason = asked === undefined ? kind : "rate-limit";
	const failedAt = run.failedAt();
	const isPaused = seconds !== undefined;
	const [faulty] = run.reports().slice(position);
	const isOver = isPaused && run.clock.now() >= failedAt + (asked ?? seconds) * 1_000;
	expect(faulty).toMatchObject({
		state: isOver ? "ready" : state,
		pauseReason: isPaused && !isOver ? pauseReason : undefined,
		pausedUntil: isPaused && !isOver ? failedAt + (asked ?? seconds) * 1_000 : undefined,
	});
	expect(
		run
			.reports()
			.slice(position + 1)
			.map((report) => report.state),
	).toEqual(chain.slice(position + 1).map(() => "ready"));
	if ("decision" in result) {
		const answered = run.reports().find((report) => report.name === result.decision.provider);
		expect(answered?.today).toMatchObject({ answers: 1 });
	}
}

/** The faulty one puts it right by itself, or its client does. */
function expectAnswerAt(run: FaultRun, result: Result, position: number, expected: object, calls: number): void {
	expect(result).toMatchObject({ completion: expected, decision: { provider: chain[position] } });
	const counts = positions.map((index) => (index < position ? 1 : index === position ? calls : 0));
	expect(run.seen().map((requests) => requests.length)).toEqual(counts);
	expect(run.reports()[position]).toMatchObject({ state: "ready", today: { answers: 1 } });
}

/**
 * Of each of the fourteen the first and the last: the clients' own test knows them all. The table speaks of Groq; the same
 * words mean something else where a provider has words of its own.
 */
function misbehavioursAt(name: Link): readonly Misbehaviour[] {
	const byNumber = Map.groupBy([...oddStreams, ...oddRefusals], ({ number }) => number);
	return [...byNumber.values()]
		.flatMap((ones) => [...ones.slice(0, 1), ...ones.slice(-1)])
		.map((one) => {
			if (name !== "groq" && one.name.includes("failed at Groq")) return { ...one, outcome: "bad-request" };
			const isLimit = one.answers.some(({ status }) => status === 429) && one.outcome !== "money";
			return name === "deepseek" && isLimit ? { ...one, outcome: "burst" } : one;
		});
}
