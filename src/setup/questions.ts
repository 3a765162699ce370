import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { SetupError } from "./setup-error.ts";
import { wrapped } from "./wrapped.ts";

type SetupInput = NodeJS.ReadableStream;
type SetupOutput = NodeJS.WritableStream & { readonly columns?: number };

export interface Questions {
	/** A paragraph on its own line. */
	tell(text: string): void;
	/**
	 * Asks until `read` understands the answer: it returns the value, or what to say before the question comes again.
	 * Throws SetupError when the person leaves by Ctrl+C or Ctrl+D.
	 */
	ask<Value>(question: string, read: (answer: string) => Understood<Value>, options?: AskOptions): Promise<Value>;
}

export type Understood<Value> = { readonly value: Value } | { readonly hint: string };

interface AskOptions {
	/** What is typed does not appear on the screen. */
	readonly isSecret?: boolean;
}

/** Questions and answers on a terminal. Between two questions the terminal is as any program finds it. */
export function createQuestions(input: SetupInput, output: SetupOutput): Questions {
	const tell = (text: string): void => void output.write(`${wrapped(text, output.columns)}\n`);
	return {
		tell,
		async ask(question, read, { isSecret = false } = {}) {
			for (;;) {
				const understood = read((await readLine(question, isSecret)).trim());
				if ("value" in understood) return understood.value;
				tell(understood.hint);
			}
		},
	};

	function readLine(question: string, isSecret: boolean): Promise<string> {
		const { promise, resolve, reject } = Promise.withResolvers<string>();
		let isQuiet = false;
		const screen = Object.assign(
			new Writable({
				write(chunk, _encoding, done) {
					if (!isQuiet) output.write(chunk);
					done();
				},
			}),
			{ columns: output.columns },
		);
		const editor = createInterface({ input, output: screen, terminal: true, historySize: 0 });
		let answer: string | undefined;
		editor.once("line", (line) => {
			answer = line;
			editor.close();
		});
		editor.once("SIGINT", () => editor.close());
		editor.once("close", () => {
			if (isSecret || answer === undefined) output.write("\n");
			if (answer === undefined) reject(new SetupError("setup.stopped"));
			else resolve(answer);
		});
		editor.setPrompt(question);
		editor.prompt();
		isQuiet = isSecret;
		return promise;
	}
}
