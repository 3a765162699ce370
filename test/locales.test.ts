import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const languages = ["de", "en"] as const;
type Texts = ReadonlyMap<string, string>;

/** All texts of a language by `file.key`, the endings for form and number included. */
function readTexts(language: string): Texts {
	const folder = join(root, "locales", language);
	const texts = readdirSync(folder).flatMap((file) => {
		const group: Record<string, string> = JSON.parse(readFileSync(join(folder, file), "utf8"));
		return Object.entries(group).map(([key, text]) => [`${file.replace(".json", "")}.${key}`, text] as const);
	});
	return new Map(texts);
}

const texts = { de: readTexts("de"), en: readTexts("en") };
const bare = (key: string): string => key.replace(/(?:_(?:du|sie|zero|one|other))+$/, "");
const keysOf = (language: (typeof languages)[number]): string[] => [...new Set([...texts[language].keys()].map(bare))];
const placeholdersOf = (text: string): string => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort().join(" ");
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
	.filter((file) => file.endsWith(".ts"))
	.map((file) => readFileSync(join(root, "src", file), "utf8"))
	.join("\n");
const german = [...texts.de];
const without = (pattern: RegExp, entries: readonly (readonly [string, string])[]): string[] =>
	entries.filter(([, text]) => pattern.test(text)).map(([key, text]) => `${key}: ${pattern.exec(text)?.[0]}`);

describe("the texts", () => {
	it("exist in the same files and under the same keys in every language", () => {
		expect(keysOf("en").sort()).toEqual(keysOf("de").sort());
	});

	it("exist in Du and in Sie, or in one form for both", () => {
		const forms = Map.groupBy(texts.de.keys(), (key) => key.replace(/_(du|sie)(?=_|$)/, ""));
		const incomplete = [...forms].filter(([key, keys]) => {
			const hasForms = keys.some((one) => one !== key);
			return hasForms && (keys.length !== 2 || keys.includes(key));
		});
		expect(incomplete).toEqual([]);
		expect([...texts.en.keys()].filter((key) => /_(du|sie)(_|$)/.test(key))).toEqual([]);
	});

	it("have a singular wherever they have a plural", () => {
		for (const language of languages) {
			const keys = [...texts[language].keys()];
			const alone = keys.filter(
				(key) =>
					(key.endsWith("_one") && !keys.includes(key.replace(/_one$/, "_other"))) ||
					(key.endsWith("_other") && !keys.includes(key.replace(/_other$/, "_one"))),
			);
			expect(alone).toEqual([]);
		}
	});

	it("hold the same placeholders in every form and language", () => {
		const byKey = Map.groupBy([...texts.de, ...texts.en], ([key]) => bare(key));
		const different = [...byKey].filter(([, forms]) => {
			const plural = forms.filter(([key]) => !key.endsWith("_one")).map(([, text]) => placeholdersOf(text));
			return new Set(plural).size > 1;
		});
		expect(different).toEqual([]);
	});

	it("are all used, and none is used that is missing", () => {
		const keys = keysOf("de");
		const groups = [...new Set(keys.map((key) => key.split(".")[0]))].join("|");
		const used: readonly string[] = sources.match(new RegExp(`(?<=")(?:${groups})\\.[a-zA-Z]\\w*(?=")`, "g")) ?? [];
		const isFile = (name: string): boolean => /\.(?:ts|json)$/.test(name);
		expect(keys.filter((key) => !used.includes(key))).toEqual([]);
		expect(used.filter((key) => !isFile(key) && !keys.includes(key))).toEqual([]);
	});

	it("are never empty", () => {
		expect([...texts.de, ...texts.en].filter(([, text]) => text.trim() === "")).toEqual([]);
	});
});

describe("the German texts", () => {
	it("never say Sie to someone who is addressed with du", () => {
		const addressed = german.filter(([key]) => /_du(_|$)/.test(key));
		expect(without(/\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b/, prose(addressed))).toEqual([]);
	});

	it("never say du to someone who is addressed with Sie", () => {
		const addressed = german.filter(([key]) => /_sie(_|$)/.test(key));
		expect(without(/\b(?:du|dir|dich|dein(?:e[mnrs]?)?)\b/i, prose(addressed))).toEqual([]);
	});

	it("address nobody where one text serves both forms", () => {
		const forBoth = german.filter(([key]) => !/_(du|sie)(_|$)/.test(key) && !/^(?:config|doctor)\./.test(key));
		expect(without(/\b(?:du|dir|dich|dein(?:e[mnrs]?)?|Ihnen)\b/, prose(forBoth))).toEqual([]);
	});

	it("keep to the words that people use", () => {
		const foreign =
			/\b(?:Provider|Request|Response|Quota|Limit|exhausted|rate-limit\w*|History|Chat-Session|Session|Setting|[Kk]onfigurier\w*|whitelist\w*|bannen|gebannt|on-device|LLM|API-Key|Account|Pairing-Code|Error|Timeout|User)\b/;
		expect(without(foreign, german)).toEqual([]);
	});

	it("use German quotation marks and dashes", () => {
		expect(without(/"[^"]*"|“[^”„]*”| - /, prose(german))).toEqual([]);
	});

	it("neither apologise nor shout in failures", () => {
		expect(without(/Entschuldigung|leider|sorry|etwas ist schiefgelaufen/i, german)).toEqual([]);
		expect(
			without(
				/!/,
				german.filter(([key]) => key.startsWith("failure.")),
			),
		).toEqual([]);
	});

	it("hold at most one emoji", () => {
		expect(german.filter(([, text]) => (text.match(/\p{Extended_Pictographic}/gu) ?? []).length > 1)).toEqual([]);
	});
});

/** Without quotations, code, placeholders and the forms by their names: none of them addresses anybody. */
function prose(entries: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
	return entries.map(
		([key, text]) =>
			[key, text.replace(/„[^“]*“|`[^`]*`|echo "[^"]*"|\{\{\w+\}\}|(?:zum|beim) (?:Du|Sie)/g, "")] as const,
	);
}
