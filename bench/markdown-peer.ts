import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Entity, Parsed } from "../test/channels/markdown/telegram-oracle.ts";

/** The best library converter known: `@gramio/format`, which needs an older marked and lives in a folder of its own. */
export type ConvertWithPeer = (markdown: string) => Parsed;

interface Formattable {
	readonly text: string;
	readonly entities: readonly { readonly type: string; offset: number; length: number; readonly url?: string }[];
}

const folder = new URL("peers/markdown/", import.meta.url);
const module = new URL("node_modules/@gramio/format/dist/markdown/index.js", folder);

/** Installs the peer when it is missing. Returns why it cannot be used. */
export async function loadPeer(): Promise<ConvertWithPeer | string> {
	try {
		if (!existsSync(module))
			await promisify(execFile)("npm", ["ci", "--ignore-scripts"], { cwd: fileURLToPath(folder) });
		const { markdownToFormattable } = (await import(module.href)) as {
			markdownToFormattable: (markdown: string) => Formattable;
		};
		return (markdown) => {
			const { text, entities } = markdownToFormattable(markdown);
			return { text, entities: entities.map(toEntity) };
		};
	} catch (error) {
		return String(error).split("\n", 1)[0] ?? "unknown";
	}
}

function toEntity(entity: Formattable["entities"][number]): Entity {
	return {
		type: entity.type,
		offset: entity.offset,
		length: entity.length,
		url: entity.url ?? "",
	};
}

const tags: Readonly<Record<string, string>> = {
	bold: "b",
	italic: "i",
	strikethrough: "s",
	code: "code",
	pre: "pre",
	blockquote: "blockquote",
};

/** Text with entities as Telegram's HTML, so that the same parser judges both. */
export function toHtml({ text, entities }: Parsed): string {
	const cuts = [...new Set([0, text.length, ...entities.flatMap(({ offset, length }) => [offset, offset + length])])];
	cuts.sort((left, right) => left - right);
	return cuts
		.slice(0, -1)
		.map((start, index) => {
			const end = cuts[index + 1] ?? text.length;
			const around = entities.filter(({ offset, length }) => offset <= start && offset + length >= end);
			const opening = around.map((entity) =>
				entity.type === "text_link" ? link(entity.url) : `<${tags[entity.type]}>`,
			);
			const closing = around.toReversed().map(({ type }) => `</${type === "text_link" ? "a" : tags[type]}>`);
			return opening.join("") + escapeHtml(text.slice(start, end)) + closing.join("");
		})
		.join("");
}

function link(url: string): string {
	return `<a href="${escapeHtml(url)}">`;
}

function escapeHtml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
