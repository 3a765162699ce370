import { discordSheet } from "./discord.ts";
import { parse } from "./parse.ts";
import type { RenderedPart } from "./rendered.ts";
import { split } from "./split.ts";
import { telegramSheet } from "./telegram.ts";
import { drawTerminal } from "./terminal.ts";

/*
 * Markdown is read once (parse.ts: clean -> close what is open -> marked -> lines of spans) and drawn for the place where
 * it is shown. Never throws, whatever the text is, and takes time in proportion to its length. Nothing visible is lost;
 * a text without visible characters gives nothing.
 */

/**
 * Messages in Telegram's HTML, each at most 4,096 UTF-16 units after parsing and at most 100 entities.
 * `isUnfinished`: the end is still being written; open markup is closed and half markup held back.
 */
export function renderTelegram(markdown: string, isUnfinished: boolean): readonly RenderedPart[] {
	return split(parse(markdown, isUnfinished), telegramSheet(4_096));
}

/** The same for text under a picture: at most 1,024 units each. */
export function renderTelegramCaption(markdown: string): readonly RenderedPart[] {
	return split(parse(markdown, false), telegramSheet(1_024));
}

/** Messages in Discord's markup, each at most 2,000 UTF-16 units. Mentions in it reach nobody. */
export function renderDiscord(markdown: string, isUnfinished: boolean): readonly RenderedPart[] {
	return split(parse(markdown, isUnfinished), discordSheet(2_000));
}

/** Cards of Discord: one of at most 4,000 units or, when it takes more, several that would also fit into plain messages. */
export function renderDiscordCard(markdown: string): readonly RenderedPart[] {
	const lines = parse(markdown, false);
	const whole = split(lines, discordSheet(4_000));
	const parts = whole.length > 1 ? split(lines, discordSheet(2_000)) : whole;
	return parts.map((part) => ({ ...part, isCard: true }));
}

export interface TerminalLook {
	/** Width at which prose is wrapped. */
	readonly columns: number;
	/** False: no escape sequences at all. */
	readonly hasColours: boolean;
	readonly isUnfinished?: boolean;
}

/** Text for a terminal, without a final line break. */
export function renderTerminal(markdown: string, look: TerminalLook): string {
	return drawTerminal(parse(markdown, look.isUnfinished ?? false), look.columns, look.hasColours);
}
