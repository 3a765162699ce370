import { type Channel, ChannelError } from "./channels/channel.ts";
import type { Clock } from "./clock.ts";
import type { Inbox } from "./inbox/inbox.ts";
import { createLease, type Lease } from "./inbox/lease.ts";
import { operatorVoice, say, type TextKey } from "./locale.ts";
import type { Log } from "./log.ts";
import type { Database } from "./stores/database.ts";

/** sysexits.h: a supervisor should not start again before somebody has mended the settings. */
export const badSettings = 78;
const graceMilliseconds = 20_000;
const shortGraceMilliseconds = 2_000;
const sameSignalMilliseconds = 100;

/** One channel of this run. */
export interface Place {
	readonly channel: Channel;
	/** As people read it. */
	readonly label: string;
	readonly refusedHint?: TextKey;
	/** Resolves when the person at the terminal leaves. */
	readonly ended?: Promise<void>;
	/** Several terminals may chat side by side, and whoever pipes a question wants its answer alone. */
	readonly person?: "at the keyboard" | "behind a pipe";
}

export interface RunParts {
	readonly places: readonly Place[];
	readonly inbox: Inbox;
	readonly database: Database;
	readonly clock: Clock;
	readonly log: Log;
	/** Told once it is known how a channel's start ended. */
	readonly onState: (name: string, state: { readonly label: string; readonly isHealthy: boolean }) => void;
}

/** Starts the channels, serves until a signal or the person at the terminal ends it, and stops. Resolves to the exit code. */
export async function run(parts: RunParts): Promise<number> {
	const { places, inbox, log } = parts;
	const stop = new AbortController();
	const stopped = new Promise((resolve) => stop.signal.addEventListener("abort", resolve, { once: true }));
	listenToSignals(stop, parts);
	for (const { ended } of places) void ended?.then(() => stop.abort());
	const services = places.map((place) => ({ place, lease: leaseOf(place, parts) }));
	const serving = Promise.all(services.map(({ place, lease }) => serve(place, lease, stop.signal, parts)));
	const areAllRefused = serving.then((refusals) => refusals.every((isRefused) => isRefused));
	void areAllRefused.then((isUseless) => isUseless && stop.abort());

	await stopped;
	await Promise.all(places.map(({ channel }) => channel.stop()));
	// Whoever left the terminal does not wait for an answer any more.
	await inbox.stop(places.some(({ person }) => person) ? shortGraceMilliseconds : graceMilliseconds);
	await Promise.all(places.map(({ channel }) => channel.close()));
	for (const { lease } of services) lease.release();
	log.info("stopped");
	return (await areAllRefused) ? badSettings : 0;
}

function leaseOf({ channel, person }: Place, { database, clock, log }: RunParts): Lease {
	const onLost = person ? () => undefined : () => leaveToOther(channel, log);
	return createLease(channel.name, { database, clock, log, onLost });
}

/** Takes up what an earlier process left, then lets new messages in. Resolves to whether the platform refused for good. */
async function serve(place: Place, lease: Lease, stop: AbortSignal, parts: RunParts): Promise<boolean> {
	const { channel, label, refusedHint, person } = place;
	const { inbox, clock, log, onState } = parts;
	const facts = { channel: channel.name };
	const standBy = (): void => log.warn(facts, say(operatorVoice, "config.standBy"));
	const isOurs = person ? person === "at the keyboard" && lease.tryAcquire() : await lease.acquire(stop, standBy);
	if (!isOurs && !person) return false;
	const resumed = isOurs ? inbox.resume(channel.name) : 0;
	try {
		await channel.start((messages) => inbox.accept(messages));
	} catch (error) {
		if (!(error instanceof ChannelError)) throw error;
		onState(channel.name, { label, isHealthy: false });
		log.error({ ...facts, kind: error.kind, error }, refusedHint && say(operatorVoice, refusedHint));
		return true;
	}
	onState(channel.name, { label, isHealthy: true });
	log.info({ ...facts, resumed, milliseconds: Math.round(clock.elapsed()) }, "ready");
	return false;
}

/** Another program has the rows of this one, which stood still for too long: whatever it still did would be done twice. */
function leaveToOther({ name }: Channel, log: Log): void {
	log.error({ channel: name }, "another program took over, this one ends");
	process.exit(1);
}

/** The first signal lets answers in progress end, a second one gives them two seconds. npm doubles each within an instant. */
function listenToSignals(stop: AbortController, { inbox, clock, log }: RunParts): void {
	let firstAt: number | undefined;
	for (const name of ["SIGTERM", "SIGINT"] as const) {
		process.on(name, () => {
			firstAt ??= clock.elapsed();
			if (clock.elapsed() - firstAt > sameSignalMilliseconds) void inbox.stop(shortGraceMilliseconds);
			if (!stop.signal.aborted) log.info({ signal: name }, "stopping");
			stop.abort();
		});
	}
}
