/** One measurement. `npm run bench` runs them all, `npm run bench -- name` one. */
export interface Bench {
	readonly name: string;
	/** Prints its table: ratios within one run, baseline beside them, absolute figures as remarks. */
	run(print: (line: string) => void): Promise<void>;
}
