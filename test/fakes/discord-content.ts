import {
	type APIAttachment,
	type APIMessage,
	type APIMessageTopLevelComponent,
	MessageFlags,
	RESTJSONErrorCodes,
} from "discord-api-types/v10";
import { isCard, refusalOfComponents } from "./discord-components.ts";
import { checkRules, invalidBody, type Purpose, Refusal } from "./discord-rules.ts";
import type { FakeState, SeenCall, SentFile } from "./discord-state.ts";

const longestContent = 2_000;
const largestFile = 10_485_760;
/** What a bot may set and, but for a card, take away again. */
const ownFlags = MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2;

export type Content = Pick<APIMessage, "content" | "attachments"> & {
	readonly flags: MessageFlags;
	readonly components: APIMessageTopLevelComponent[];
};

/**
 * What a call makes of a message. Refuses what Discord refuses and writes down what our own rules forbid.
 * `before`: the message that is edited.
 */
export function readContent(state: FakeState, purpose: Purpose, call: SeenCall, before?: APIMessage): Content {
	const { body, files } = call;
	if (files.some(({ bytes }) => bytes.length > largestFile))
		throw new Refusal(413, RESTJSONErrorCodes.RequestEntityTooLarge, "Request entity too large");
	const attachments = attachmentsOf(state, call, before?.attachments ?? []);
	const flags = (Number(body.flags ?? 0) & ownFlags) | ((before?.flags ?? 0) & MessageFlags.IsComponentsV2);
	const content = isCard(flags) ? cardContent(body, before) : plainContent(body, attachments);
	const components = isCard(flags) ? (body.components ?? before?.components) : [];
	if (isCard(flags)) {
		const names = attachments.map(({ filename }) => filename);
		const refusal = refusalOfComponents(components, names);
		if (refusal) throw refusal;
	}
	checkRules(state, purpose, body);
	const kept = (before?.flags ?? 0) & ~(ownFlags | MessageFlags.Loading);
	return {
		content,
		attachments,
		flags: (kept | flags) as MessageFlags,
		components: components as APIMessageTopLevelComponent[],
	};
}

const legacyFields = ["content", "embeds", "sticker_ids", "poll"] as const;

/** A card takes none of the old fields; what the message had of them must be taken away in the same call. */
function cardContent(body: SeenCall["body"], before: APIMessage | undefined): "" {
	const isEmpty: Readonly<Record<string, (value: unknown) => boolean>> = {
		content: (value) => value === null || value === "" || (value === undefined && (before?.content ?? "") === ""),
	};
	const used = legacyFields.find((field) => {
		const isUnset = isEmpty[field] ?? ((value: unknown) => value === undefined || (Array.isArray(value) && !value[0]));
		return !isUnset(body[field]);
	});
	if (used === undefined) return "";
	throw invalidBody(
		used,
		"MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
		`The '${used}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
	);
}

function plainContent({ content, components }: SeenCall["body"], attachments: readonly APIAttachment[]): string {
	if (Array.isArray(components) && components.some(({ type }) => type !== 1))
		throw invalidBody("components", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).');
	const text = typeof content === "string" ? content.trim() : "";
	if (text === "" && attachments.length === 0)
		throw new Refusal(400, RESTJSONErrorCodes.CannotSendAnEmptyMessage, "Cannot send an empty message");
	if (typeof content === "string" && content.length > longestContent)
		throw invalidBody("content", "BASE_TYPE_MAX_LENGTH", `Must be ${longestContent} or fewer in length.`);
	return text;
}

interface NamedAttachment {
	readonly id: number | string;
	readonly filename?: string;
	readonly description?: string;
}

/** The list of an edit names all that stays: a number is a file of this call, an id one that is there already. */
function attachmentsOf(state: FakeState, { body, files }: SeenCall, before: readonly APIAttachment[]): APIAttachment[] {
	if (body.attachments === undefined) return [...before, ...files.map((file) => stored(state, file))];
	return (body.attachments as readonly NamedAttachment[]).map(({ id, filename, description }) => {
		if (typeof description === "string" && description.length > 1_024)
			throw invalidBody("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 1024 or fewer in length.");
		const kept = before.find((attachment) => attachment.id === id);
		const file = files.find(({ field }) => field === `files[${id}]`);
		if (!kept && !file) throw invalidBody("attachments", "ATTACHMENT_NOT_FOUND", `There is no file ${id}`);
		const one = file ? stored(state, { ...file, name: filename ?? file.name }) : kept;
		return { ...(one as APIAttachment), ...(description === undefined ? {} : { description }) };
	});
}

function stored(state: FakeState, { name, type, bytes }: SentFile): APIAttachment {
	const id = state.nextId();
	const url = `https://cdn.example/${id}/${name}`;
	return { id, filename: name, size: bytes.length, content_type: type, url, proxy_url: url };
}
