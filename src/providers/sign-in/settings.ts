import type { Problem, ReadVariable, SignInReading } from "../spec.ts";
import { isSafeAddress } from "./safe-address.ts";

const variables = {
	clientId: "QWEN_OAUTH_CLIENT_ID",
	scopes: "QWEN_OAUTH_SCOPES",
	issuer: "QWEN_OAUTH_ISSUER",
	deviceUrl: "QWEN_OAUTH_DEVICE_URL",
	tokenUrl: "QWEN_OAUTH_TOKEN_URL",
} as const;

/** The operator's own client for the device flow of Qwen, and everything that is wrong with it. */
export function readSignIn(read: ReadVariable): SignInReading {
	const issuer = read(variables.issuer);
	const deviceUrl = read(variables.deviceUrl);
	const tokenUrl = read(variables.tokenUrl);
	const clientId = read(variables.clientId);
	const scopes = read(variables.scopes) ?? "";
	const first = Object.values(variables).find((name) => read(name) !== undefined);
	if (first === undefined) return { problems: [] };

	const problems: Problem[] = [];
	const hasAddresses = issuer !== undefined || (deviceUrl !== undefined && tokenUrl !== undefined);
	if (clientId === undefined || !hasAddresses) problems.push({ key: "login.incomplete", values: { variable: first } });
	for (const name of [variables.issuer, variables.deviceUrl, variables.tokenUrl]) {
		const address = read(name);
		if (address !== undefined && !isSafeAddress(address)) {
			problems.push({ key: "login.address", values: { variable: name } });
		}
	}
	if (read("QWEN_API_KEY") !== undefined) problems.push({ key: "login.keyToo", values: { variable: first } });
	if (problems.length > 0 || clientId === undefined) return { problems };
	const addresses = { ...(issuer && { issuer }), ...(deviceUrl && { deviceUrl }), ...(tokenUrl && { tokenUrl }) };
	return { signIn: { clientId, scopes, ...addresses }, problems };
}
