import { displayWidth } from "../../../src/channels/markdown/width.ts";
import { readSource, type Source } from "./source.ts";
import type { Parsed } from "./telegram-oracle.ts";

/** What was lost on the way from Markdown to Telegram's messages. Every number is 0 when all is well. */
export interface Verdict {
	/** Words of the source that do not stand, unbroken and in the source's order, in the messages. */
	readonly lostWords: readonly string[];
	readonly lostTargets: readonly string[];
	readonly changedCode: readonly string[];
	readonly changedInlineCode: readonly string[];
	readonly flatItems: readonly string[];
	readonly lostTasks: readonly string[];
	readonly rawTables: number;
	readonly counts: { readonly code: number; readonly nested: number; readonly tasks: number; readonly tables: number };
}

/** Compares the messages, as Telegram's parser read them, with the source, as marked reads it. */
export function judge(markdown: string, messages: readonly Parsed[]): Verdict {
	const source = readSource(markdown);
	const text = messages.map((message) => message.text).join("");
	const lines = messages.flatMap((message) => message.text.split("\n"));
	const blocks = messages.flatMap((message) => contents(message, "pre"));
	return {
		lostWords: missingInOrder(source.words, text),
		lostTargets: lostTargets(source, messages, text),
		changedCode: changedCode(source.codeBlocks, blocks, messages.length),
		changedInlineCode: missingAmong(
			source.inlineCode.filter((code) => code.trim() !== ""),
			messages.flatMap((message) => contents(message, "code")),
		),
		flatItems: source.nestedItems.filter((item) => !isIndented(item, lines)).map((item) => item.inner),
		lostTasks: source.tasks.filter((task) => !showsTask(task, lines)).map((task) => task.text),
		rawTables: source.tables.filter((table) => !isAligned(table, blocks)).length,
		counts: {
			code: source.codeBlocks.length,
			nested: source.nestedItems.length,
			tasks: source.tasks.length,
			tables: source.tables.length,
		},
	};
}

function contents(message: Parsed, type: string): readonly string[] {
	return message.entities
		.filter((entity) => entity.type === type)
		.map((entity) => message.text.slice(entity.offset, entity.offset + entity.length));
}

function missingInOrder(words: readonly string[], text: string): readonly string[] {
	let at = 0;
	return words.filter((word) => {
		const found = text.indexOf(word, at);
		if (found < 0) return true;
		at = found + word.length;
		return false;
	});
}

function missingAmong(wanted: readonly string[], found: readonly string[]): readonly string[] {
	let at = 0;
	return wanted.filter((code) => {
		const next = found.indexOf(code, at);
		if (next < 0) return true;
		at = next + 1;
		return false;
	});
}

/** In one message code must be equal; over several, equal but for the line breaks at the cuts. */
function changedCode(wanted: readonly string[], blocks: readonly string[], messages: number): readonly string[] {
	if (messages <= 1) return missingAmong(wanted, blocks);
	const flat = (code: string): string => code.replaceAll("\n", "");
	return missingInOrder(wanted.map(flat), flat(blocks.join("")));
}

function lostTargets(source: Source, messages: readonly Parsed[], text: string): readonly string[] {
	const followed = new Set(messages.flatMap((message) => message.entities.map((entity) => normal(entity.url))));
	return source.targets.filter(
		(target) => !followed.has(normal(target)) && !text.includes(target.replace(/^mailto:/, "")),
	);
}

function normal(address: string): string {
	return URL.parse(address)?.href ?? address;
}

function indentOf(start: string, lines: readonly string[]): readonly number[] {
	return lines.filter((line) => line.includes(start)).map((line) => /^[\s>]*/.exec(line)?.[0].length ?? 0);
}

function isIndented(item: { readonly outer: string; readonly inner: string }, lines: readonly string[]): boolean {
	const outer = Math.min(...indentOf(item.outer, lines));
	return indentOf(item.inner, lines).some((indent) => indent > outer);
}

function showsTask(task: { readonly text: string; readonly isDone: boolean }, lines: readonly string[]): boolean {
	const sign = task.isDone ? /[☑✅✓✔]|\[[xX]\]/ : /[☐⬜]|\[ \]/;
	return lines.some((line) => line.includes(task.text) && sign.test(line));
}

/** All cells stand in one block of code, and the first bar of every row below the one of the header. */
function isAligned(table: readonly (readonly string[])[], blocks: readonly string[]): boolean {
	return blocks.some((block) => {
		if (!table.flat().every((cell) => block.includes(cell)) || /\|\s*:?-+:?\s*\|/.test(block)) return false;
		const bars = block.split("\n").map((line) => displayWidth(line.split(/ \||-\+/)[0] ?? ""));
		const hasOwnBars = table.some((row) => row[0]?.includes("|"));
		return (table[0]?.length ?? 0) < 2 || hasOwnBars || new Set(bars).size === 1;
	});
}
