import { ComponentType, MessageFlags, SeparatorSpacingSize } from "discord-api-types/v10";
import { invalidBody, type Refusal } from "./discord-rules.ts";

const maximumComponents = 40;
const longestText = 4_000;
const longestDescription = 1_024;
const mostPictures = 10;

type Fields = Readonly<Record<string, unknown>>;
/** What one component may carry besides its type. Returns the field that is wrong. */
type Check = (component: Fields, filenames: readonly string[]) => string | undefined;

const isText = (value: unknown, longest: number): boolean =>
	typeof value === "string" && value.trim() !== "" && value.length <= longest;
const isOptional = (value: unknown, isRight: (value: unknown) => boolean): boolean =>
	value === undefined || isRight(value);

/** Those that we use, checked field by field; any other one is refused as unknown. */
const checks: Readonly<Record<number, { readonly fields: readonly string[]; readonly check: Check }>> = {
	[ComponentType.Container]: {
		fields: ["accent_color", "spoiler", "components"],
		check: ({ components }) => (Array.isArray(components) && components.length > 0 ? undefined : "components"),
	},
	[ComponentType.TextDisplay]: {
		fields: ["content"],
		check: ({ content }) => (isText(content, longestText) ? undefined : "content"),
	},
	[ComponentType.Separator]: {
		fields: ["divider", "spacing"],
		check: ({ divider, spacing }) => {
			if (!isOptional(divider, (value) => typeof value === "boolean")) return "divider";
			return isOptional(spacing, (value) => Object.values(SeparatorSpacingSize).includes(value as number))
				? undefined
				: "spacing";
		},
	},
	[ComponentType.MediaGallery]: {
		fields: ["items"],
		check: ({ items }, filenames) => {
			if (!Array.isArray(items) || items.length < 1 || items.length > mostPictures) return "items";
			return items.every((item: Fields) => isPicture(item, filenames)) ? undefined : "items";
		},
	},
};

function isPicture({ media, description, spoiler: _, ...others }: Fields, filenames: readonly string[]): boolean {
	const { url, ...more } = (media ?? {}) as Fields;
	const isAttached = typeof url === "string" && filenames.some((name) => url === `attachment://${name}`);
	const isDescribed = isOptional(description, (value) => isText(value, longestDescription));
	return isAttached && isDescribed && Object.keys({ ...others, ...more }).length === 0;
}

/** The first rule of cards that these components break. `filenames`: the files of the message. */
export function refusalOfComponents(components: unknown, filenames: readonly string[]): Refusal | undefined {
	if (!Array.isArray(components)) return invalidBody("components", "BASE_TYPE_REQUIRED", "Must be a list.");
	const all = flattened(components);
	if (all.length > maximumComponents)
		return invalidBody("components", "COMPONENT_MAX_TOTAL_EXCEEDED", `Must be ${maximumComponents} or fewer.`);
	const texts = all.filter(({ type }) => type === ComponentType.TextDisplay).map(({ content }) => String(content));
	if (texts.join("").length > longestText)
		return invalidBody("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", `Must be ${longestText} or fewer.`);
	for (const { type, ...fields } of all) {
		const known = checks[Number(type)];
		if (!known) return invalidBody("components", "UNION_TYPE_CHOICES", `Value of field "type" is unknown: ${type}`);
		const strange = Object.keys(fields).find((field) => !known.fields.includes(field));
		const wrong = strange ?? known.check(fields, filenames);
		if (wrong !== undefined) return invalidBody("components", "BASE_TYPE_BAD", `Component ${type}: ${wrong} is wrong.`);
	}
	const nested = all.filter(({ components: inner }) => Array.isArray(inner)).flatMap(({ components: inner }) => inner);
	if ((nested as Fields[]).some(({ type }) => type === ComponentType.Container))
		return invalidBody("components", "UNION_TYPE_CHOICES", "A container stands at the top.");
	return undefined;
}

function flattened(components: readonly Fields[]): readonly Fields[] {
	return components.flatMap((component) =>
		Array.isArray(component.components) ? [component, ...flattened(component.components)] : [component],
	);
}

export const isCard = (flags: number): boolean => (flags & MessageFlags.IsComponentsV2) !== 0;

/** What people read in a card, paragraph by paragraph. */
export function textOfComponents(components: readonly unknown[]): string {
	return flattened(components as readonly Fields[])
		.filter(({ type }) => type === ComponentType.TextDisplay)
		.map(({ content }) => String(content))
		.join("\n\n");
}
