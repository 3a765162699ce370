import { regionName } from "../assistant/commands/region-name.ts";
import { say, type TextKey, type Voice } from "../locale.ts";
import { readProviderSettings } from "../providers/settings.ts";
import type { ProviderSpec } from "../providers/spec.ts";
import type { Understood } from "./questions.ts";
import type { Setup } from "./setup.ts";
import { problemOfProvider } from "./trial.ts";

type Values = Readonly<Record<string, string>>;

/** What a provider needs beside its key: a question, and the variables that an answer sets. */
interface Supplement {
	readonly question: TextKey;
	/** What to say when the provider refuses the key together with it. */
	readonly refused: TextKey;
	/** It says where texts are processed. */
	readonly isRegion?: true;
	valuesOf(answer: string): Values;
}

const supplements: Readonly<Record<string, Supplement>> = {
	qwen: {
		question: "setup.qwenRegion",
		refused: "setup.qwenRefused",
		isRegion: true,
		valuesOf(answer) {
			const [region = "", workspace] = answer.split(/[\s,;]+/);
			return { QWEN_REGION: region.toLowerCase(), ...(workspace !== undefined && { QWEN_WORKSPACE_ID: workspace }) };
		},
	},
	cloudflare: {
		question: "setup.cloudflareAccount",
		refused: "setup.cloudflareRefused",
		valuesOf: (answer) => ({ CLOUDFLARE_ACCOUNT_ID: answer }),
	},
};

/** Where the provider processes, as far as that stands before its questions are answered. */
export function placeOf(voice: Voice, { name, region }: ProviderSpec): string {
	return supplements[name]?.isRegion ? say(voice, "setup.regionOfChoice") : regionName(voice, region);
}

/**
 * Asks for the key of one provider, and for what it needs beside, until a call with them works. Resolves to the variables
 * to set, or to undefined when the person wants another way. Throws SetupError when the person leaves.
 */
export async function askForKey(setup: Setup, spec: ProviderSpec): Promise<Values | undefined> {
	const { questions, voice } = setup;
	const where = { provider: spec.label, page: spec.keyPage ?? spec.label };
	questions.tell(say(voice, "setup.keyWhere", where));
	for (;;) {
		const key = await questions.ask(say(voice, "setup.keyPrompt"), readKey(setup, spec), { isSecret: true });
		if (key === undefined) return undefined;
		const supplement = await askForSupplement(setup, spec, key);
		if (supplement === undefined) return undefined;
		const values = { ...key, ...supplement };
		questions.tell(say(voice, "setup.keyTrying", { provider: spec.label }));
		const refused = supplements[spec.name]?.refused ?? "setup.keyRefused";
		const problem = await problemOfProvider(setup, spec.name, values, refused);
		if (problem === undefined) {
			tellWhomItServes(setup, spec, values);
			return values;
		}
		questions.tell(`${problem}\n${say(voice, "setup.keyAgain")}`);
	}
}

/** Outside DEFAULT_REGIONS a provider answers the person at the terminal, but not everybody else. */
function tellWhomItServes({ settings, questions, voice }: Setup, spec: ProviderSpec, values: Values): void {
	const reading = readProviderSettings({ ...settings.environment, ...values });
	const region = reading.settings.find(({ name }) => name === spec.name)?.region ?? spec.region;
	if (settings.defaultRegions.includes(region)) return;
	questions.tell(say(voice, "doctor.providerOnConsent", { provider: spec.label }));
}

/** An empty answer is the way back. */
function readKey({ settings, voice }: Setup, spec: ProviderSpec): (answer: string) => Understood<Values | undefined> {
	const variable = `${spec.name.toUpperCase()}_API_KEY`;
	return (answer) => {
		const key = answer.replace(/^(["'])(.*)\1$/, "$2").trim();
		if (key === "") return { value: undefined };
		const values = { [variable]: key };
		const hint = problemOf(voice, { ...settings.environment, ...values }, [variable]);
		return hint === undefined ? { value: values } : { hint };
	};
}

/** An empty answer is the way back here, too. */
async function askForSupplement(
	{ questions, settings, voice }: Setup,
	spec: ProviderSpec,
	key: Values,
): Promise<Values | undefined> {
	const supplement = supplements[spec.name];
	if (!supplement) return {};
	questions.tell(say(voice, supplement.question));
	return questions.ask(say(voice, "setup.answerPrompt"), (answer): Understood<Values | undefined> => {
		if (answer === "") return { value: undefined };
		const values = supplement.valuesOf(answer);
		const hint = problemOf(voice, { ...settings.environment, ...key, ...values });
		return hint === undefined ? { value: values } : { hint };
	});
}

/** What the configuration would say to these variables; of some of them only, where the others are still to be asked for. */
function problemOf(
	voice: Voice,
	environment: Setup["settings"]["environment"],
	variables?: readonly string[],
): string | undefined {
	const found = readProviderSettings(environment).problems.find(
		({ values }) => variables === undefined || variables.includes(String(values.variable)),
	);
	return found && say(voice, found.key, found.values);
}
