import { say, type Voice } from "../../locale.ts";
import type { Answer, Message } from "../message.ts";
import { asciiName } from "./choice.ts";
import type { Command, CommandContext } from "./command.ts";
import { commands } from "./index.ts";
import { nearest } from "./nearest.ts";

/** A message that is a command, known or not. */
export interface CommandCall {
	readonly command: Command | undefined;
	/** As it was typed, without the slash, in lower case and ASCII. */
	readonly name: string;
	readonly argument: string;
}

/** Also with a hyphen for the underscore and with a mark behind it: "/meine-daten", "/hilfe!". */
const commandShape = /^\/([\p{L}\p{N}_-]{1,64})[!?.,:;]*(?:\s+([\s\S]*))?$/u;

/** Undefined for text that is no command or may not be one, such as forwarded text. */
export function commandOf(message: Message): CommandCall | undefined {
	const match = message.mayCommand ? commandShape.exec(message.text.trim()) : null;
	if (!match) return undefined;
	const name = asciiName(match[1] ?? "").replaceAll("-", "_");
	const command = commands.find((candidate) => candidate.name === name || candidate.aliases.includes(name));
	return { command, name, argument: (match[2] ?? "").trim() };
}

/** The answer, also for an unknown command or one that the person may not use. */
export async function runCommand(
	{ command, name }: CommandCall,
	context: Omit<CommandContext, "commands">,
): Promise<Answer> {
	const { voice, isAdmin } = context;
	if (!command) return { text: unknown(voice, name, isAdmin) };
	if (command.isAdmin && !isAdmin) return { text: say(voice, "commands.adminsOnly") };
	const reply = await command.run({ ...context, commands });
	return typeof reply === "string" ? { text: reply } : reply;
}

function unknown(voice: Voice, name: string, isAdmin: boolean): string {
	const names = commands.filter((one) => isAdmin || !one.isAdmin).flatMap((one) => [one.name, ...one.aliases]);
	const suggestion = nearest(name, names);
	if (suggestion === undefined) return say(voice, "commands.unknown", { name });
	return say(voice, "commands.unknownNearest", { name, suggestion });
}
