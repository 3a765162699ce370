import { say } from "../locale.ts";
import { providerSpecs } from "../providers/index.ts";
import type { ProviderSpec } from "../providers/spec.ts";
import { writeEnvironmentFile } from "./environment-file.ts";
import { engineBytes, offerOf, setUpLocalModel } from "./local-model.ts";
import { askForKey, placeOf } from "./provider-key.ts";
import type { Understood } from "./questions.ts";
import type { Setup } from "./setup.ts";
import { SetupError } from "./setup-error.ts";
import { formatSize } from "./sizes.ts";

/** A model on this machine, or the key of a provider. */
type Way = "local" | ProviderSpec;

/**
 * Nothing is set up yet: three questions at most, until something answers. Resolves to the settings, which are then in the
 * environment file, too. Throws SetupError when the person leaves: nothing is written then.
 */
export async function setUpFirstProvider(setup: Setup): Promise<Readonly<Record<string, string>>> {
	const { questions, settings, voice } = setup;
	questions.tell(say(voice, "setup.welcome"));
	for (;;) {
		const way = await askForWay(setup);
		const values = way === "local" ? await setUpHere(setup) : await askForKey(setup, way);
		if (!values) continue;
		if (way !== "local") writeEnvironmentFile(settings.environmentFile, values);
		questions.tell(say(voice, "setup.ready", { path: settings.environmentFile }));
		return values;
	}
}

/** What goes wrong on this way is said, and the person may take another. */
async function setUpHere(setup: Setup): Promise<Readonly<Record<string, string>> | undefined> {
	try {
		return await setUpLocalModel(setup, "host", false);
	} catch (error) {
		if (!(error instanceof SetupError) || setup.signal.aborted) throw error;
		setup.questions.tell(error.message);
		return undefined;
	}
}

async function askForWay(setup: Setup): Promise<Way> {
	const { questions, voice } = setup;
	const withKey = providerSpecs.filter(({ needsKey }) => needsKey);
	const here = wordsOfLocalModel(setup);
	const ways: readonly Way[] = here.isPossible ? ["local", ...withKey] : withKey;
	questions.tell(say(voice, "setup.which"));
	if (!here.isPossible) questions.tell(`  –  ${here.words}`);
	for (const [index, way] of ways.entries()) {
		const words = way === "local" ? here.words : wordsOf(setup, way);
		questions.tell(`${String(index + 1).padStart(3)}  ${words}`);
	}
	return questions.ask(say(voice, "setup.numberPrompt"), (answer): Understood<Way> => {
		const way = /^\d+$/.test(answer) ? ways[Number(answer) - 1] : undefined;
		if (way !== undefined) return { value: way };
		return { hint: say(voice, "setup.numberHint", { highest: ways.length }) };
	});
}

function wordsOfLocalModel(setup: Setup): { readonly isPossible: boolean; readonly words: string } {
	const { voice } = setup;
	try {
		const { name, sizeBytes } = offerOf(setup);
		if (sizeBytes === undefined) return { isPossible: true, words: say(voice, "setup.wayHereUnknownSize", { name }) };
		const size = formatSize(voice, sizeBytes + engineBytes);
		return { isPossible: true, words: say(voice, "setup.wayHere", { name, size }) };
	} catch (error) {
		if (!(error instanceof SetupError)) throw error;
		return { isPossible: false, words: error.message };
	}
}

function wordsOf({ voice }: Setup, spec: ProviderSpec): string {
	const isPaid = spec.isPaid && spec.models.some(({ price }) => price.input > 0 || price.output > 0);
	return say(voice, isPaid ? "setup.wayPaid" : "setup.wayFree", {
		provider: spec.label,
		region: placeOf(voice, spec),
	});
}
