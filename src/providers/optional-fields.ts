import { RefusedError } from "./errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Fields of a request body; a server may refuse the optional ones. */
export interface BodyFields {
	readonly required: Fields;
	readonly optional: Fields;
}

/** Sends a body; when the server refuses optional fields by name, again without them. Remembers them by model. */
export type SendFields = (
	modelId: string,
	fields: BodyFields,
	send: (body: Fields) => Promise<Response>,
) => Promise<Response>;

export function createFieldSender(): SendFields {
	const refusedByModel = new Map<string, ReadonlySet<string>>();

	return async (modelId, { required, optional }, send) => {
		const remembered = refusedByModel.get(modelId) ?? new Set<string>();

		/** Some servers name all that they refuse, some only the first: at most one try for each field. */
		async function sendWithout(refused: ReadonlySet<string>): Promise<Response> {
			const accepted = Object.fromEntries(Object.entries(optional).filter(([name]) => !refused.has(name)));
			try {
				const response = await send({ ...required, ...accepted });
				if (refused.size > remembered.size) refusedByModel.set(modelId, refused);
				return response;
			} catch (error) {
				const named = Object.keys(accepted).filter((field) => isRefused(field, error));
				if (named.length === 0) throw error;
				return sendWithout(new Set([...refused, ...named]));
			}
		}
		return sendWithout(remembered);
	};
}

function isRefused(field: string, error: unknown): boolean {
	return error instanceof RefusedError && (error.status === 400 || error.status === 422) && error.body.includes(field);
}
