import { lexer } from "marked";
import { renderDiscord, renderTelegram } from "../src/channels/markdown/markdown.ts";
import { caseFiles, deviations, type MarkdownCase, readCases } from "../test/channels/markdown/cases.ts";
import { judge } from "../test/channels/markdown/judge.ts";
import { createTelegramOracle, type Parsed, type TelegramOracle } from "../test/channels/markdown/telegram-oracle.ts";
import type { Bench } from "./bench.ts";
import { loadPeer, toHtml } from "./markdown-peer.ts";

/** Markdown as messages in Telegram's HTML; a text that gives nothing to show gives none. */
type Convert = (markdown: string) => readonly string[];

const ours: Convert = (markdown) => renderTelegram(markdown, false).map((part) => part.markup);

export const markdownBench: Bench = {
	name: "markdown",
	async run(print) {
		const oracle = createTelegramOracle();
		if (oracle.missing) return print(`not measured: ${oracle.missing}`);
		const peer = await loadPeer();
		if (typeof peer === "string") print(`@gramio/format is not installed: ${peer}\n`);
		const theirs: Convert | null = typeof peer === "string" ? null : (markdown) => htmlOf(peer(markdown));
		print("| judged by Telegram's parser | ours | @gramio/format 0.8.0 |");
		print("|---|---|---|");
		for (const file of caseFiles) {
			const cases = readCases(file);
			const scores = [scoreOf(cases, ours, oracle), theirs && scoreOf(cases, theirs, oracle)];
			for (const row of Object.keys(scores[0] ?? {}))
				print(`| ${file}: ${row} | ${scores.map((score) => score?.[row] ?? "not installed").join(" | ")} |`);
		}
		const base = (markdown: string): unknown => lexer(markdown);
		for (const length of [1_200, 4_000]) {
			const markdown = germanText(length);
			const lexing = microsecondsOf(base, markdown);
			const ratio = (convert: (markdown: string) => unknown): string => {
				const microseconds = microsecondsOf(convert, markdown);
				return `${(microseconds / lexing).toFixed(2)} (${microseconds.toFixed(0)} µs)`;
			};
			const figures = [ratio(ours), typeof peer === "string" ? "not installed" : ratio(peer)];
			print(`| CPU at ${length} characters, marked's lexer = 1 (${lexing.toFixed(0)} µs) | ${figures.join(" | ")} |`);
			print(
				`| CPU at ${length} characters, growing, for Discord | ${ratio((text) => renderDiscord(text, true))} | – |`,
			);
		}
		const kept = Object.keys(deviations).length;
		print(`\nAccepted, but not judged by content: ${kept} cases that we read otherwise than CommonMark on purpose.`);
	},
};

function htmlOf(parsed: Parsed): readonly string[] {
	return parsed.text.trim() === "" ? [] : [toHtml(parsed)];
}

function scoreOf(cases: readonly MarkdownCase[], convert: Convert, oracle: TelegramOracle): Record<string, string> {
	let accepted = 0;
	let empty = 0;
	const good = { code: 0, nested: 0, tasks: 0, tables: 0 };
	const all = { code: 0, nested: 0, tasks: 0, tables: 0 };
	let words = 0;
	let targets = 0;
	for (const { name, markdown } of cases) {
		const messages = convert(markdown).map((markup) => oracle.parse(markup));
		const parsed = messages.filter((message) => typeof message !== "string");
		if (messages.length === 0) empty++;
		else if (parsed.length === messages.length) accepted++;
		if (Object.hasOwn(deviations, name)) continue;
		const verdict = judge(markdown, parsed);
		for (const what of ["code", "nested", "tasks", "tables"] as const) all[what] += verdict.counts[what];
		good.code += verdict.counts.code - verdict.changedCode.length;
		good.nested += verdict.counts.nested - verdict.flatItems.length;
		good.tasks += verdict.counts.tasks - verdict.lostTasks.length;
		good.tables += verdict.counts.tables - verdict.rawTables;
		words += verdict.lostWords.length;
		targets += verdict.lostTargets.length;
	}
	return {
		accepted: `${accepted} of ${cases.length}${empty > 0 ? `, ${empty} empty` : ""}`,
		"code blocks exact": `${good.code} of ${all.code}`,
		"nested items indented": `${good.nested} of ${all.nested}`,
		"task states kept": `${good.tasks} of ${all.tasks}`,
		"tables aligned": `${good.tables} of ${all.tables}`,
		"words lost": `${words}`,
		"addresses lost": `${targets}`,
	};
}

function germanText(length: number): string {
	const answers = readCases("md_german_dev").map((row) => row.markdown);
	return answers.slice(0, 60).join("\n\n").slice(0, length);
}

/** After a warm-up the median over rounds, so that a busy machine does not count. */
function microsecondsOf(convert: (markdown: string) => unknown, markdown: string): number {
	const rounds = 15;
	const repetitions = 60;
	const measured: number[] = [];
	for (let count = 0; count < repetitions * 5; count++) convert(markdown);
	for (let round = 0; round < rounds; round++) {
		const start = performance.now();
		for (let count = 0; count < repetitions; count++) convert(markdown);
		measured.push(((performance.now() - start) * 1_000) / repetitions);
	}
	return measured.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}
