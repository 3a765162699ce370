import { type APIUser, Routes } from "discord.js";
import type { Clock } from "../../clock.ts";
import { createPace } from "../pace.ts";
import { createCalls } from "./calls.ts";

/** Asks Discord once whether the token is valid; resolves to the bot's name. Rejects with a ChannelError. */
export async function checkDiscord(
	settings: { readonly token: string; readonly apiRoot?: string },
	clock: Clock,
): Promise<string> {
	const calls = createCalls({ ...settings, clock, pace: createPace(clock) });
	try {
		const user = (await calls.send("GET", Routes.user())) as APIUser;
		return user.username;
	} finally {
		calls.close();
	}
}
