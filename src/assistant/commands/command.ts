import type { Clock } from "../../clock.ts";
import type { TextKey, Voice } from "../../locale.ts";
import type { Region } from "../../providers/provider.ts";
import type { Quota } from "../../router/route.ts";
import type { Access } from "../access.ts";
import type { Conversations } from "../conversation.ts";
import type { Answer, Message } from "../message.ts";
import type { People, Person } from "../person.ts";
import type { Running } from "../running.ts";

/** One channel as /status shows it to admins. */
export interface ChannelState {
	/** As people read it: `Telegram`. */
	readonly label: string;
	readonly isHealthy: boolean;
}

/** What commands work with. */
interface CommandParts {
	readonly access: Access;
	readonly people: People;
	readonly conversations: Conversations;
	readonly quota: Pick<Quota, "report" | "usedToday" | "useByPerson" | "setShare">;
	/** Asks providers what is left where that is not known anew; resolves soon, whatever they say. */
	readonly refreshAccounts: () => Promise<void>;
	readonly running: Running;
	readonly clock: Clock;
	readonly defaultRegions: readonly Region[];
	readonly channelStates?: () => readonly ChannelState[];
}

/** One call of a command. */
export interface CommandContext extends CommandParts {
	readonly message: Message;
	readonly person: Person;
	readonly voice: Voice;
	/** Where this person's text may be processed. */
	readonly regions: readonly Region[];
	readonly isAdmin: boolean;
	/** What follows the name, trimmed; empty when nothing does. */
	readonly argument: string;
	/** The list, in the order of the menu. */
	readonly commands: readonly Command[];
}

export interface Command {
	/** `a-z`, `0-9` and `_`, as Telegram demands. */
	readonly name: string;
	readonly aliases: readonly string[];
	/** At most 100 characters in each language. */
	readonly description: TextKey;
	readonly isAdmin: boolean;
	/** Overtakes the messages that wait. */
	readonly isUrgent: boolean;
	/** Its answer concerns the asker alone. */
	readonly isPrivate: boolean;
	/** Its answer carries the notice itself. */
	readonly saysItIsAnAi?: true;
	readonly argument?: {
		readonly name: TextKey;
		readonly description: TextKey;
		readonly isRequired: boolean;
		readonly choices?: readonly string[];
	};
	/** The answer; a string is its Markdown. */
	run(context: CommandContext): Promise<Answer | string> | Answer | string;
}
