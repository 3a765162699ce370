import { ChannelError } from "../channels/channel.ts";
import { type ChannelSettings, type ChannelSpec, channelSpecs } from "../channels/index.ts";
import type { Clock } from "../clock.ts";
import { broken, type Finding, fine, note } from "./finding.ts";

/** Whether each platform takes its token, and what it says of the bot's rights there. */
export async function examineChannels(settings: ChannelSettings, clock: Clock): Promise<readonly Finding[]> {
	const findings = await Promise.all(channelSpecs.map((spec) => examineChannel(spec, settings, clock)));
	return findings.every((of) => of.length === 0) ? [note("config.noChannel")] : findings.flat();
}

async function examineChannel(
	{ label, check, refusedHint }: ChannelSpec,
	settings: ChannelSettings,
	clock: Clock,
): Promise<readonly Finding[]> {
	try {
		const found = await check(settings, clock);
		if (!found) return [];
		return [
			fine("doctor.channel", { channel: label, name: found.name }),
			...found.remarks.map(({ key, values, isHarmful }) => (isHarmful ? note(key, values) : fine(key, values))),
		];
	} catch (error) {
		if (!(error instanceof ChannelError)) throw error;
		return [
			error.kind === "unauthorised" ? broken(refusedHint) : broken("doctor.channelUnreachable", { channel: label }),
		];
	}
}
