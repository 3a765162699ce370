import type { Lexer, Tokens } from "marked";

/**
 * marked cuts a row at every bar, in code too, and drops the cells beyond the header's. Such rows are read again: a bar
 * in code belongs to the cell, and what is still too much stays in the last cell.
 */
export function wholeTable(table: Tokens.Table | undefined, lexer: Lexer): Tokens.Table | undefined {
	if (!table) return undefined;
	const columns = table.header.length;
	const sources = table.raw.split("\n").slice(2);
	const rows = table.rows.map((row, index) => {
		const source = sources[index] ?? "";
		if (source.split("|").length <= columns) return row;
		const cells = cellsOf(source);
		const texts =
			cells.length > columns ? [...cells.slice(0, columns - 1), cells.slice(columns - 1).join(" | ")] : cells;
		return row.map((cell, column) => {
			const text = texts[column] ?? "";
			return text === cell.text ? cell : { ...cell, text, tokens: lexer.inline(text) };
		});
	});
	return { ...table, rows };
}

const barOrCode = /\\[\s\S]|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\|/g;

function cellsOf(row: string): readonly string[] {
	const source = row.trim().replace(/^\|/, "");
	const cells: string[] = [];
	let start = 0;
	for (const found of source.matchAll(barOrCode)) {
		if (found[0] !== "|") continue;
		cells.push(source.slice(start, found.index));
		start = found.index + 1;
	}
	if (source.slice(start).trim() !== "" || cells.length === 0) cells.push(source.slice(start));
	return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}
