import { type Span, type Style, textOf } from "./document.ts";
import { momentStyle } from "./moment.ts";

/** Longer addresses would not leave room for text in a message. */
const longestAddress = 1_000;
const address = /^\s*(?:https?:\/\/|www\.)/i;

/**
 * A link as spans. Only http(s) addresses of full host names can be followed on every platform (Telegram turns
 * `datei.md` into a foreign host and drops `http://localhost`); every other target is shown behind the label.
 * `tg://user?id=` is shown too: as a link it would call that person. A moment (`time:` and seconds) is a look of its own.
 */
export function linkSpans(label: readonly Span[], target: string, styles: readonly Style[]): readonly Span[] {
	const text = textOf(label);
	if (target.startsWith("time:")) {
		const moment = momentStyle(target, text);
		return moment === undefined ? label : [{ text, styles: [...styles, moment] }];
	}
	const shown = target.replace(/^mailto:/i, "");
	if (!isFollowable(target)) {
		const isKnown = shown === "" || shown.startsWith("#") || text.includes(shown);
		return isKnown ? label : [...label, { text: text.trim() ? ` (${shown})` : shown, styles }];
	}
	const link: Style = `link:${target}`;
	if (text.trim() === "") return [{ text: target, styles: [...styles, link] }];
	if (address.test(text) && !isSameAddress(text.trim(), target))
		return [...label, { text: " (", styles }, { text: target, styles: [...styles, link] }, { text: ")", styles }];
	return label.map((span) => ({ text: span.text, styles: withLink(span.styles, styles.length, link) }));
}

/** No platform can show code inside a link: the link stays, the look of code goes. */
function withLink(own: readonly Style[], outer: number, link: Style): readonly Style[] {
	const inner = own.slice(outer).filter((style) => !/^(?:code$|link:|time:)/.test(style));
	return [...own.slice(0, outer), link, ...inner];
}

function isSameAddress(text: string, target: string): boolean {
	const bare = (value: string): string => value.replace(/^https?:\/\//i, "").replace(/\/$/, "");
	return bare(text) === bare(target);
}

function isFollowable(target: string): boolean {
	if (!/^https?:\/\/[^\s<>"]+$/i.test(target) || target.length > longestAddress) return false;
	const host = URL.parse(target)?.hostname ?? "";
	return /^[^.].*\.[^.]+$/.test(host);
}
