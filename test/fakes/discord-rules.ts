import { MessageFlags, RESTJSONErrorCodes } from "discord-api-types/v10";
import type { FakeState } from "./discord-state.ts";

/** A refusal in Discord's own form. */
export class Refusal extends Error {
	override readonly name = "Refusal";
	readonly status: number;
	readonly code: number;
	readonly errors: unknown;

	constructor(status: number, code: number, message: string, errors?: unknown) {
		super(message);
		this.status = status;
		this.code = code;
		this.errors = errors;
	}
}

export const unknownMessage = () => new Refusal(404, RESTJSONErrorCodes.UnknownMessage, "Unknown Message");
export const unknownChannel = () => new Refusal(404, RESTJSONErrorCodes.UnknownChannel, "Unknown Channel");
export const missingAccess = () => new Refusal(403, RESTJSONErrorCodes.MissingAccess, "Missing Access");

type Body = Readonly<Record<string, unknown>>;
export type Purpose = "create" | "edit" | "follow-up" | "edit of a follow-up";

const textFields = ["content", "flags", "allowed_mentions", "components", "attachments"];
const knownFields: Readonly<Record<Purpose, readonly string[]>> = {
	create: [...textFields, "nonce", "enforce_nonce", "message_reference"],
	edit: textFields,
	// Discord takes a nonce here as well and ignores it.
	"follow-up": [...textFields, "nonce", "enforce_nonce"],
	"edit of a follow-up": textFields,
};
const longestNonce = 25;

/** Writes down what our own rules forbid; throws for a nonce that Discord refuses. */
export function checkRules(state: FakeState, purpose: Purpose, body: Body): void {
	if (typeof body.nonce === "string" && body.nonce.length > longestNonce) {
		throw invalidBody("nonce", "BASE_TYPE_MAX_LENGTH", `Must be ${longestNonce} or fewer in length.`);
	}
	const broken = [
		...Object.keys(body).flatMap((field) => (knownFields[purpose].includes(field) ? [] : [`unknown field ${field}`])),
		...(allowsNoPing(body.allowed_mentions) ? [] : ["pings are possible"]),
		...((Number(body.flags) & MessageFlags.SuppressEmbeds) === 0 ? ["links are previewed"] : []),
		...(purpose === "create" && (typeof body.nonce !== "string" || body.enforce_nonce !== true) ? ["no nonce"] : []),
	];
	state.violations.push(...broken.map((problem) => `${purpose}: ${problem}`));
}

function allowsNoPing(mentions: unknown): boolean {
	if (typeof mentions !== "object" || mentions === null || !("parse" in mentions)) return false;
	const { parse, ...others } = mentions;
	return Array.isArray(parse) && parse.length === 0 && Object.keys(others).length === 0;
}

export function invalidBody(field: string, code: string, message: string): Refusal {
	return new Refusal(400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, "Invalid Form Body", {
		[field]: { _errors: [{ code, message }] },
	});
}

const commandName = /^[-_'\p{L}\p{N}]{1,32}$/u;

/** Throws what Discord answers to a list of commands that breaks its rules. */
export function checkCommands(body: unknown): asserts body is readonly CommandBody[] {
	if (!Array.isArray(body)) throw invalidBody("commands", "BASE_TYPE_REQUIRED", "This field is required");
	for (const command of body as readonly CommandBody[]) {
		for (const part of [command, ...(command.options ?? [])]) {
			const names = [part.name, ...Object.values(part.name_localizations ?? {})];
			const descriptions = [part.description, ...Object.values(part.description_localizations ?? {})];
			if (names.some((name) => !commandName.test(name) || name !== name.toLowerCase())) {
				throw invalidBody("name", "APPLICATION_COMMAND_INVALID_NAME", `Command name is invalid: ${part.name}`);
			}
			if (descriptions.some((text) => text.length < 1 || text.length > 100)) {
				throw invalidBody("description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
			}
		}
	}
	if (new Set(body.map((command) => command.name)).size < body.length) {
		throw invalidBody("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
	}
}

interface NamedPart {
	readonly name: string;
	readonly description: string;
	readonly name_localizations?: Readonly<Record<string, string>>;
	readonly description_localizations?: Readonly<Record<string, string>>;
}

export interface CommandBody extends NamedPart {
	readonly options?: readonly (NamedPart & {
		readonly required?: boolean;
		readonly choices?: readonly { value: string }[];
	})[];
}
