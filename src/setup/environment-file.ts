import {
	existsSync,
	lstatSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { SetupError } from "./setup-error.ts";

/**
 * Writes `NAME=value` for each of the values into the file, which is created where it is missing. A line that sets the
 * name, or else one that only mentions it behind a `#`, is replaced; everything else stays as it is. The file is replaced
 * in one step and readable by its owner alone. Throws SetupError when it cannot be written: then it is unchanged.
 */
export function writeEnvironmentFile(path: string, values: Readonly<Record<string, string>>): void {
	const file = whereItLies(path);
	const fresh = `${file}.new`;
	try {
		const text = existsSync(file) ? readFileSync(file, "utf8") : "";
		const changed = Object.entries(values).reduce((soFar, [name, value]) => withLine(soFar, name, value), text);
		writeFileSync(fresh, changed, { mode: 0o600, flush: true });
		renameSync(fresh, file);
	} catch (error) {
		rmSync(fresh, { force: true });
		throw new SetupError("setup.environmentUnwritable", { path: file, names: Object.keys(values).join(", ") }, error);
	}
}

/** The file behind a symbolic link, whether it exists yet or not: the link itself has to stay. */
function whereItLies(path: string): string {
	if (existsSync(path)) return realpathSync(path);
	const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
	return isLink ? resolve(dirname(path), readlinkSync(path)) : path;
}

function withLine(text: string, name: string, value: string): string {
	const assignment = `${name}[ \\t]*=(?:[ \\t]*(?:"[^"]*"|'[^']*'|\`[^\`]*\`))?[^\\r\\n]*`;
	const settings = [...text.matchAll(new RegExp(`^[ \\t]*(?:export[ \\t]+)?${assignment}`, "gm"))];
	// Of several lines the last one counts.
	const found = settings.at(-1) ?? new RegExp(`^[ \\t]*#[ \\t]*${name}[ \\t]*=[^\\r\\n]*`, "m").exec(text);
	const line = `${name}=${quoted(value)}`;
	if (found) return text.slice(0, found.index) + line + text.slice(found.index + found[0].length);
	const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
	const separator = text === "" || text.endsWith("\n") ? "" : lineEnd;
	return `${text}${separator}${line}${lineEnd}`;
}

/** As Node reads such files: a bare word, or between the first kind of quotation marks that the value does not contain. */
function quoted(value: string): string {
	if (/^[\w./:@%+,~=-]*$/.test(value)) return value;
	const mark = ["'", "`", '"'].find((one) => !value.includes(one));
	if (mark === undefined || /[\r\n]/.test(value)) throw new Error("no line of such a file can hold this value");
	return mark + value + mark;
}
