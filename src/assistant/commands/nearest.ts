/** The candidate that takes the fewest changes, or undefined when none is near: at most one change per three letters. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
	const [best] = candidates
		.map((name) => ({ name, distance: editDistance(typed, name) }))
		.filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
		.sort((first, second) => first.distance - second.distance);
	return best?.name;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(first: string, second: string): number {
	const rows: number[][] = [Array.from({ length: second.length + 1 }, (_, column) => column)];
	const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	for (let row = 1; row <= first.length; row++) {
		rows[row] = [row];
		for (let column = 1; column <= second.length; column++) {
			const isSame = first[row - 1] === second[column - 1];
			const isSwap = first[row - 1] === second[column - 2] && first[row - 2] === second[column - 1];
			rows[row]?.push(
				Math.min(
					at(row - 1, column) + 1,
					at(row, column - 1) + 1,
					at(row - 1, column - 1) + (isSame ? 0 : 1),
					isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
				),
			);
		}
	}
	return at(first.length, second.length);
}
