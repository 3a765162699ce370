import type { MessageEntity, ParseMode } from "grammy/types";
import { getTdjson } from "prebuilt-tdlib";
import { configure, execute } from "tdl";

/** What stands in the chat after parsing. */
export interface FormattedText {
	readonly text: string;
	readonly entities: readonly MessageEntity[];
}

/** Reads text as the Bot API server does, or returns why it cannot: the words behind `can't parse entities`. */
export type ParseText = (text: string, mode: ParseMode | undefined) => FormattedText | string;

interface TdEntity {
	readonly offset: number;
	readonly length: number;
	readonly type: {
		readonly _: string;
		readonly url?: string;
		readonly language?: string;
		readonly unix_time?: number;
		readonly formatting_type?: TdDateFormat;
	};
}
interface TdDateFormat {
	readonly _: string;
	readonly time_precision: { readonly _: string };
	readonly date_precision: { readonly _: string };
	readonly show_day_of_week: boolean;
}
type TdAnswer =
	| { readonly _: "formattedText"; readonly text: string; readonly entities: readonly TdEntity[] }
	| { readonly _: "error"; readonly message: string };

const modes = {
	HTML: { _: "textParseModeHTML" },
	MarkdownV2: { _: "textParseModeMarkdown", version: 2 },
	Markdown: { _: "textParseModeMarkdown", version: 1 },
} as const;

const entityNames: Readonly<Record<string, string>> = {
	textEntityTypeBold: "bold",
	textEntityTypeItalic: "italic",
	textEntityTypeUnderline: "underline",
	textEntityTypeStrikethrough: "strikethrough",
	textEntityTypeSpoiler: "spoiler",
	textEntityTypeCode: "code",
	textEntityTypePre: "pre",
	textEntityTypePreCode: "pre",
	textEntityTypeBlockQuote: "blockquote",
	textEntityTypeExpandableBlockQuote: "expandable_blockquote",
	textEntityTypeTextUrl: "text_link",
	textEntityTypeDateTime: "date_time",
};

/** Telegram's own parser, TDLib, when it runs on this machine; otherwise markup is cut out unchecked, and `warn` says so. */
export function createParseText(warn: (reason: string) => void): ParseText {
	try {
		configureOnce();
		execute({ _: "getTextEntities", text: "" });
	} catch (error) {
		warn(`TDLib cannot be loaded, formatted text is not checked: ${String(error)}`);
		return (text, mode) => ({ text: mode ? unchecked(text) : text, entities: [] });
	}
	return (text, mode) => {
		if (mode === undefined) return trimmed({ text, entities: [] });
		const answer = execute({ _: "parseTextEntities", text, parse_mode: modes[mode] }) as TdAnswer;
		if (answer._ === "error") return answer.message.replace(/^Can't parse entities: /, "");
		return trimmed({ text: answer.text, entities: answer.entities.map(toBotApi) });
	};
}

/** TDLib takes its settings once in a process: whoever comes second finds it running. */
function configureOnce(): void {
	try {
		configure({ tdjson: getTdjson(), verbosityLevel: 0 });
	} catch (error) {
		if (!/already initialized/.test(String(error))) throw error;
	}
}

function toBotApi({ offset, length, type }: TdEntity): MessageEntity {
	const name = entityNames[type._];
	if (name === undefined) throw new Error(`the fake does not know ${type._}`);
	const url = type.url === undefined ? {} : { url: type.url };
	const language = type.language === undefined ? {} : { language: type.language };
	const moment =
		type.unix_time === undefined
			? {}
			: { unix_time: type.unix_time, date_time_format: dateFormat(type.formatting_type) };
	return { type: name, offset, length, ...url, ...language, ...moment } as MessageEntity;
}

/** `t`, `dt`, `wDT`, `r`, or empty: the text stands as it is. */
function dateFormat(format: TdDateFormat | undefined): string {
	if (format === undefined) return "";
	if (format._.endsWith("Relative")) return "r";
	const letter = ({ _: precision }: { readonly _: string }, short: string): string =>
		precision.endsWith("None") ? "" : precision.endsWith("Short") ? short : short.toUpperCase();
	const day = format.show_day_of_week ? "w" : "";
	return day + letter(format.date_precision, "d") + letter(format.time_precision, "t");
}

/** White space at the end never arrives, and no entity reaches beyond the text. */
function trimmed({ text, entities }: FormattedText): FormattedText {
	const kept = text.trimEnd();
	const clipped = entities.map((entity) => ({
		...entity,
		length: Math.min(entity.length, kept.length - entity.offset),
	}));
	return { text: kept, entities: clipped.filter((entity) => entity.length > 0) };
}

const unchecked = (markup: string): string =>
	markup
		.replace(/<[^>]*>/g, "")
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&amp;", "&");

/** The entities that clients and server find by themselves in what a person writes, as far as a bot cares. */
export function entitiesOf(text: string): MessageEntity[] {
	const pattern =
		/(?<![\p{L}\p{N}_/@<>])\/\w{1,64}(?:@\w{3,32})?(?![\p{L}\p{N}_/@<>])|(?<![\p{L}\p{N}_])@\w{3,32}(?![\p{L}\p{N}_])/gu;
	return [...text.matchAll(pattern)].map((match) => ({
		type: match[0].startsWith("/") ? "bot_command" : "mention",
		offset: match.index,
		length: match[0].length,
	}));
}
