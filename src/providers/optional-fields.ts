import { RefusedError } from "./errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Fields of a request body; a server may refuse the optional ones. */
export interface BodyFields {
	readonly required: Fields;
	readonly optional: Fields;
}

/** Sends a body; when the server refuses optional fields by name, once more without them. Remembers them by model. */
export type SendFields = (
	modelId: string,
	fields: BodyFields,
	send: (body: Fields) => Promise<Response>,
) => Promise<Response>;

export function createFieldSender(): SendFields {
	const refusedByModel = new Map<string, ReadonlySet<string>>();

	return async (modelId, { required, optional }, send) => {
		const known = refusedByModel.get(modelId) ?? new Set();
		const accepted = without(optional, known);
		try {
			return await send({ ...required, ...accepted });
		} catch (error) {
			const refused = Object.keys(accepted).filter((field) => isRefused(field, error));
			if (refused.length === 0) throw error;
			const all = new Set([...known, ...refused]);
			const response = await send({ ...required, ...without(optional, all) });
			refusedByModel.set(modelId, all);
			return response;
		}
	};
}

function isRefused(field: string, error: unknown): boolean {
	return error instanceof RefusedError && (error.status === 400 || error.status === 422) && error.body.includes(field);
}

function without(fields: Fields, names: ReadonlySet<string>): Fields {
	return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}
