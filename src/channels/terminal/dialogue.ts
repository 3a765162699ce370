import { styleText } from "node:util";
import type { Message } from "../../assistant/message.ts";
import { say } from "../../locale.ts";
import { clean } from "../markdown/clean.ts";
import { renderTerminal } from "../markdown/markdown.ts";
import { createHistory } from "./history.ts";
import { createLineEditor, type LineEditor } from "./line-editor.ts";
import { shownText, type TerminalParts, type TerminalPlace, type Writer } from "./place.ts";
import { rowsOf } from "./rows.ts";
import { createScreen } from "./screen.ts";

/** One question and what is known of its answer. */
interface Exchange {
	/** Repeated above the answer, unless the line still stands there as it was written. */
	readonly question: string;
	/** Undefined: its turn has not come yet. Empty: work has begun. */
	readonly answer?: string;
}

const redrawMilliseconds = 40;
const atWork = "…";

/** A person at the keyboard: answers grow above the line that is being written. */
export function createDialogue(parts: TerminalParts, writer: Writer): TerminalPlace {
	const { input, output, hasColours, voice, clock } = parts;
	const prompt = say(voice, "terminal.prompt");
	const ending = Promise.withResolvers<void>();
	const exchanges = new Map<string, Exchange>();
	let editor: LineEditor | undefined;
	let redraw: (() => void) | undefined;
	let isStopping = false;
	const screen = createScreen(output, {
		cursorRow: () => editor?.cursorRow() ?? 0,
		height: () => editor?.height() ?? 0,
		show: () => editor?.show(),
	});

	// A terminal that does not know its size says 0.
	const columns = (): number => (output.columns || 80) - 1;
	const dim = (text: string): string => (hasColours ? styleText("dim", text, { validateStream: false }) : text);
	const notice = (text: string): readonly string[] => {
		const wrapped = renderTerminal(text, { columns: columns(), hasColours: false });
		return [...wrapped.split("\n").map(dim), ""];
	};

	function rowsOfExchange({ question, answer }: Exchange, isUnfinished: boolean): readonly string[] {
		const asked = question === "" ? [] : rowsOf(dim(question), columns());
		if (answer === undefined) return asked;
		const drawn = renderTerminal(answer, { columns: columns(), hasColours, isUnfinished });
		return [...asked, ...rowsOf(drawn === "" && isUnfinished ? dim(atWork) : drawn, columns()), ""];
	}

	const changingRows = (): readonly string[] =>
		[...exchanges.values()].flatMap((exchange) => rowsOfExchange(exchange, true));

	/** Draws soon, and then everything that has come in until then. */
	function drawSoon(): void {
		redraw ??= clock.after(redrawMilliseconds, () => {
			redraw = undefined;
			screen.draw(changingRows());
		});
	}

	function settle(id: string, rows: readonly string[]): void {
		exchanges.delete(id);
		if (exchanges.size === 0) isStopping = false;
		screen.commit(rows, changingRows());
	}

	function send(text: string, question: string, accept: (messages: readonly Message[]) => void): void {
		const message = writer.message(text);
		exchanges.set(message.id, { question });
		try {
			accept([message]);
		} catch {
			exchanges.delete(message.id);
			screen.commit(notice(say(voice, "terminal.notKept")), changingRows());
		}
	}

	function listen(accept: (messages: readonly Message[]) => void): LineEditor {
		return createLineEditor(
			{
				input,
				output,
				prompt,
				clock,
				history: createHistory(parts.historyFile),
				pasteLabel: (number, count) => say(voice, "terminal.paste", { number, count }),
			},
			{
				line(text, shown) {
					const isBusy = exchanges.size > 0;
					if (isBusy) editor?.erase(shown);
					editor?.show();
					if (text.trim() !== "") send(text, isBusy ? prompt + clean(shown) : "", accept);
					screen.draw(changingRows());
				},
				interrupt(hadText) {
					if (exchanges.size === 0) return hadText ? undefined : ending.resolve();
					if (isStopping) return ending.resolve();
					isStopping = true;
					send("/stopp", "^C", accept);
				},
				end: ending.resolve,
			},
		);
	}

	return {
		async start(accept) {
			output.once("error", () => ending.resolve());
			editor = listen(accept);
			screen.commit([say(voice, "terminal.welcome"), ...notice(say(voice, "terminal.hint"))], changingRows());
		},
		open(message, record) {
			const { id } = message;
			const asked = exchanges.get(id) ?? { question: prompt + clean(message.text) };
			let isDelivered = record.deliveredParts > 0;
			let isShowing = !isDelivered;
			return {
				show(text) {
					if (!isShowing) return;
					exchanges.set(id, { ...asked, answer: text });
					drawSoon();
				},
				async finish(answer) {
					isShowing = false;
					if (isDelivered) return;
					settle(id, answer === null ? [] : rowsOfExchange({ ...asked, answer: shownText(answer) }, false));
					if (answer !== null) record.save([id], 1);
					isDelivered = true;
				},
				abandon() {
					isShowing = false;
				},
			};
		},
		async stop() {
			editor?.close();
		},
		async close() {
			redraw?.();
		},
		ended: ending.promise,
	};
}
