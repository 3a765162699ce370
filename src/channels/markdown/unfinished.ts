export function finishOpenMarkup(source: string): string {
	return source;
}
