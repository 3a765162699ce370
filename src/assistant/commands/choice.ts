const ascii: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

/** Whoever types `/Datenräume` or `QUALITÄT` is understood. */
export function asciiName(name: string): string {
	return name
		.normalize("NFC")
		.toLowerCase()
		.replace(/[äöüß]/g, (letter) => ascii[letter] ?? letter);
}

/** The value that was typed, or undefined when it is none of them. */
export function choiceOf<Value>(typed: string, choices: Readonly<Record<string, Value>>): Value | undefined {
	const name = asciiName(typed).replace(/\s+/g, " ");
	return Object.hasOwn(choices, name) ? choices[name] : undefined;
}

/** The word for a value: the first that stands for it. */
export function wordFor<Value>(value: Value, choices: Readonly<Record<string, Value>>): string {
	return Object.keys(choices).find((word) => choices[word] === value) ?? "";
}
