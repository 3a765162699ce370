/** Breaks lines longer than a terminal between words; what follows stands below the beginning of the line's text. */
export function wrapped(text: string, columns = Number.POSITIVE_INFINITY): string {
	return text
		.split("\n")
		.flatMap((line) => rowsOf(line, columns))
		.join("\n");
}

function rowsOf(line: string, columns: number): readonly string[] {
	const indent = /^ *(?:\d+ +)?/.exec(line)?.[0] ?? "";
	const rows = [""];
	for (const word of line.slice(indent.length).split(" ")) {
		const row = rows.at(-1);
		if (row && indent.length + row.length + 1 + word.length > columns) rows.push(word);
		else rows[rows.length - 1] = row ? `${row} ${word}` : word;
	}
	return rows.map((row, index) => (index === 0 ? indent : " ".repeat(indent.length)) + row);
}
