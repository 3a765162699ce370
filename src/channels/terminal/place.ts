import type { Answer, Message } from "../../assistant/message.ts";
import type { Clock } from "../../clock.ts";
import type { Voice } from "../../locale.ts";
import type { Channel } from "../channel.ts";
import type { TerminalInput } from "./line-editor.ts";
import type { TerminalOutput } from "./screen.ts";

export interface TerminalParts {
	readonly input: TerminalInput;
	readonly output: TerminalOutput;
	/** Both streams belong to a terminal that can move its cursor: a dialogue. Otherwise one question and one answer. */
	readonly isInteractive: boolean;
	readonly hasColours: boolean;
	/** Where written lines are kept for the arrow keys; undefined: only for this session. */
	readonly historyFile?: string;
	readonly voice: Voice;
	readonly clock: Clock;
}

/** A person at the keyboard, or a pipe. `ended` resolves when the person has left, or the piped question is answered. */
export type TerminalPlace = Omit<Channel, "name"> & { readonly ended: Promise<void> };

/** Messages of this run, and how to tell them from those of an earlier one. */
export interface Writer {
	message(text: string): Message;
	wrote(message: Message): boolean;
}

/** The answer as Markdown: a terminal shows no picture, so its description stands in its place. */
export function shownText({ text, picture }: Answer): string {
	return picture ? `${picture.description}\n\n${text}` : text;
}
