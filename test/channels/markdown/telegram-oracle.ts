import { execute } from "tdl";
import { createParseText } from "../../fakes/telegram-text.ts";

export interface Parsed {
	/** As parsed, before Telegram trims it. */
	readonly text: string;
	readonly entities: readonly Entity[];
}

export interface Entity {
	/** "bold", "italic", "strikethrough", "code", "pre", "blockquote", "texturl", as TDLib calls them in lower case. */
	readonly type: string;
	readonly offset: number;
	readonly length: number;
	/** Only of links, as TDLib writes them. */
	readonly url: string;
}

interface TdAnswer {
	readonly _: string;
	readonly message?: string;
	readonly text?: string;
	readonly entities?: readonly {
		readonly offset: number;
		readonly length: number;
		readonly type: { readonly _: string; readonly url?: string };
	}[];
}

export interface TelegramOracle {
	/** Why Telegram's parser does not run here; null when it does. */
	readonly missing: string | null;
	/** What Telegram reads in HTML, or why it refuses it. */
	parse(markup: string): Parsed | string;
}

/** TDLib's own parser, the one that the Bot API server uses. */
export function createTelegramOracle(): TelegramOracle {
	let missing: string | null = null;
	createParseText((reason) => {
		missing = reason;
	});
	return {
		missing,
		parse(text) {
			const mode = { _: "textParseModeHTML" } as const;
			const answer = execute({ _: "parseTextEntities", text, parse_mode: mode }) as TdAnswer;
			if (answer._ === "error") return answer.message ?? "refused";
			const entities = (answer.entities ?? []).map(({ offset, length, type }) => ({
				type: type._.slice("textEntityType".length).toLowerCase().replace("precode", "pre"),
				offset,
				length,
				url: type.url ?? "",
			}));
			return { text: answer.text ?? "", entities };
		},
	};
}
