const lineBreaks = /\r\n?|\u2028|\u2029/g;
const controlsButTabAndBreak = /[^\P{Cc}\t\n]/gu;
/** Embeddings, overrides and isolates: they could turn around text far beyond the answer. */
const directionControls = /[\u202a-\u202e\u2066-\u2069]/g;

/** Well-formed UTF-16 without control characters, with "\n" as the only line break. */
export function clean(text: string): string {
	return text
		.toWellFormed()
		.replace(lineBreaks, "\n")
		.replace(controlsButTabAndBreak, "")
		.replace(directionControls, "");
}
