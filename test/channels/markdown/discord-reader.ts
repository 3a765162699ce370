/** What Discord's client shows of a message, by its own rules in short: fences, code, escapes, links, emphasis. */
export interface Shown {
	readonly text: string;
	readonly links: readonly string[];
	readonly code: readonly string[];
	/** Bold, italic, struck-through pieces. */
	readonly looks: readonly string[];
}

const fence = /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```/i;
const inlineCode = /^(`+)([\s\S]*?[^`])\1(?!`)/;
const angleLink = /^<(https?:\/\/[^\s<>]+)>/;
const maskedLink = /^\[((?:\\.|[^\]\\])+)\]\(<?([^\s<>]+?)>?\)/;
const bareLink = /^https?:\/\/[^\s<]+[^<.,:;"'\]\s]/;
const emphasis: readonly (readonly [string, RegExp])[] = [
	["bold", /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/],
	["struck", /^~~([\s\S]+?)~~(?!_)/],
	["italic", /^_((?:__|\\[\s\S]|[^\\_])+?)_\b(?!_)|^_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/],
	["italic", /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/],
];

export function readDiscord(markup: string): Shown {
	const shown = { text: "", links: [] as string[], code: [] as string[], looks: [] as string[] };
	const read = (source: string): string => {
		let text = "";
		let rest = source;
		while (rest !== "") {
			const [length, seen] = readOne(rest, text.endsWith("> "));
			text += seen;
			rest = rest.slice(length);
		}
		return text;
	};
	const readOne = (rest: string, isInQuote: boolean): readonly [number, string] => {
		const fenced = fence.exec(rest);
		if (fenced) return code(fenced[0], (fenced[2] ?? "").replace(isInQuote ? /(^|\n)> /g : /$^/, "$1"));
		const inline = inlineCode.exec(rest);
		if (inline) return code(inline[0], (inline[2] ?? "").replace(/^ (?=`)|(?<=`) $/g, ""));
		if (/^\\[^0-9A-Za-z\s]/.test(rest)) return [2, rest.charAt(1)];
		const angle = angleLink.exec(rest);
		if (angle) return link(angle[0], angle[1] ?? "", angle[1] ?? "");
		const masked = maskedLink.exec(rest);
		if (masked) return link(masked[0], masked[2] ?? "", read(masked[1] ?? ""));
		const bare = bareLink.exec(rest);
		if (bare) return link(bare[0], bare[0], bare[0]);
		for (const [look, rule] of emphasis) {
			const found = rule.exec(rest);
			if (!found) continue;
			const inner = read(found[1] ?? found[2] ?? "");
			shown.looks.push(`${look}:${inner}`);
			return [found[0].length, inner];
		}
		return [1, rest.charAt(0)];
	};
	const code = (raw: string, content: string): readonly [number, string] => {
		shown.code.push(content);
		return [raw.length, content];
	};
	const link = (raw: string, target: string, label: string): readonly [number, string] => {
		shown.links.push(target);
		return [raw.length, label];
	};
	shown.text = read(markup).replaceAll("\u200b", "");
	return shown;
}
