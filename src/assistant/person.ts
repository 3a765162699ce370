import type { Keyv } from "keyv";
import { createInOrder } from "../in-order.ts";
import type { Voice } from "../locale.ts";
import { type Region, regions } from "../providers/provider.ts";
import type { Mode } from "../router/route.ts";

/** What one person set or was told. Kept until they ask to forget it. */
export interface Person {
	readonly id: string;
	readonly language: "de" | "en";
	readonly form: "du" | "sie";
	readonly mode: Mode;
	/** Undefined: DEFAULT_REGIONS. */
	readonly regions?: readonly Region[];
	/** The text about providers outside DEFAULT_REGIONS was shown: only then can it be agreed to. */
	readonly sawConsentText?: boolean;
	/** The notice that this is an AI was delivered with an answer. */
	readonly wasToldAboutAi: boolean;
	/** The message whose answer carried the notice: answered anew after a crash, it carries it again. */
	readonly toldInAnswerTo?: string;
}

export interface People {
	/** Someone unknown is given back with the defaults and not written. */
	get(id: string): Promise<Person>;
	/** Changes of one person come one after another. */
	change(id: string, changes: Partial<Omit<Person, "id">>): Promise<void>;
}

export function createPeople(store: Keyv): People {
	const order = createInOrder();
	const keyOf = (id: string): string => `person:${id}`;
	async function get(id: string): Promise<Person> {
		const known = await store.get<Partial<Person>>(keyOf(id));
		return { language: "de", form: "du", mode: "balanced", wasToldAboutAi: false, ...known, id };
	}
	return {
		get,
		change: (id, changes) =>
			order.run(id, async () => {
				await store.set(keyOf(id), { ...(await get(id)), ...changes });
			}),
	};
}

export function voiceOf(person: Person): Voice {
	return { language: person.language, form: person.form };
}

/** Where this person's text may be processed. Admins set the providers up themselves: for them all are permitted. */
export function regionsOf(person: Person, isAdmin: boolean, defaultRegions: readonly Region[]): readonly Region[] {
	return person.regions ?? (isAdmin ? regions : defaultRegions);
}

const longestNameCharacters = 64;

/** A name from outside as one short line without control, direction or quotation characters; undefined when nothing is left. */
export function cleanName(name: string | undefined): string | undefined {
	const line = (name ?? "")
		.toWellFormed()
		.replace(/[\p{C}\p{Z}\s]+/gu, " ")
		.replace(/["“”„«»<>`*_~|[\]()\\#\uFFFD]/g, "")
		.trim();
	return line === "" ? undefined : [...line].slice(0, longestNameCharacters).join("").trim();
}
