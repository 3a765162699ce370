import type { Clock } from "../../clock.ts";

const pasteBegin = "\u001b[200~";
const pasteEnd = "\u001b[201~";
/** Lines that follow each other faster than this were not typed. */
const typingMilliseconds = 15;
/** A shorter single line may just as well be typed text. */
const longLine = 400;
/** Keys such as Ctrl-C right after Enter are no second line. */
const linesWithText = /[\r\n].*\P{Cc}/su;
/** They would act as keys. */
const controls = /[^\P{Cc}\t\n]/gu;

/**
 * Tells what a person types from what they paste. `keys` gets the typed characters as they come, `paste` a pasted block
 * at once, whether the terminal marks its beginning and end or not.
 */
export function createPasteFilter(
	clock: Clock,
	to: { keys(text: string): void; paste(text: string): void },
): { push(chunk: string): void } {
	let marked: string | undefined;
	let fast = "";
	let cancel = (): void => undefined;

	function push(chunk: string): void {
		const begin = marked === undefined ? chunk.indexOf(pasteBegin) : -1;
		if (marked !== undefined) pushMarked(chunk);
		else if (begin < 0) pushTyped(chunk);
		else {
			pushTyped(chunk.slice(0, begin));
			flush();
			marked = "";
			pushMarked(chunk.slice(begin + pasteBegin.length));
		}
	}

	function pushMarked(chunk: string): void {
		const soFar = (marked ?? "") + chunk;
		const end = soFar.indexOf(pasteEnd);
		marked = end < 0 ? soFar : undefined;
		if (end < 0) return;
		insert(soFar.slice(0, end));
		push(soFar.slice(end + pasteEnd.length));
	}

	/** A line break is held back for a moment: is it Enter, or the end of the first of many lines? */
	function pushTyped(chunk: string): void {
		if (fast === "" && !/[\r\n]/.test(chunk)) {
			if (chunk !== "") to.keys(chunk);
			return;
		}
		fast += chunk;
		cancel();
		cancel = clock.after(typingMilliseconds, flush);
	}

	function flush(): void {
		cancel();
		const block = fast;
		fast = "";
		const body = block.replace(/[\r\n]+$/, "");
		if (linesWithText.test(body)) {
			insert(body);
			if (body !== block) to.keys("\r");
		} else if (block !== "") to.keys(block);
	}

	function insert(text: string): void {
		const block = text.replace(/\r\n?/g, "\n").replace(controls, "");
		if (block.includes("\n") || block.length > longLine) to.paste(block);
		else if (block !== "") to.keys(block);
	}

	return { push };
}
