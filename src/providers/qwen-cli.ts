import { isAbsolute } from "node:path";
import type { Model } from "./provider.ts";
import { locateQwen } from "./qwen-region.ts";
import { judged, type Location, type Problem, type ProviderSpec, type ReadVariable } from "./spec.ts";

/** Qwen's list price of 2026-11-10. A little below the same model asked directly, which is quicker and cheaper. */
const flash: Model = {
	id: "qwen3.8-flash",
	quality: judged(0.76, { complex: 0.72, writing: 0.73 }),
	tokensPerSecond: 60,
	price: { input: 0.15, output: 0.47 },
	contextTokens: 100_000,
	maxAnswerTokens: 4_000,
	limits: [],
};

/** The operator's own Qwen Code CLI as a program without tools. Off until QWEN_CLI_COMMAND says where it lies. */
export const qwenCli: ProviderSpec = {
	name: "qwen-cli",
	label: "Qwen Code CLI",
	region: "asia",
	protocol: "command",
	baseUrl: "",
	needsKey: false,
	currency: "USD",
	isPaid: true,
	models: [flash],
	unknownModel: { ...flash, quality: judged(0.66), price: { input: 4, output: 12 } },
	/** What qwen-cli-client.ts makes of the program's own words. */
	errorKinds: [
		[/"offers_tools"/, "bad-request"],
		[/"calls_tool"/, "bad-answer"],
		[/"retries"/, "overload"],
		[/"exit_55"/, "timeout"],
		[/"exit_41"/, "auth"],
		[/"exit_/, "bad-answer"],
		[/connection error|econn|enotfound|fetch failed/i, "network"],
		[/throttling|insufficient_quota/i, "rate-limit"],
	],
	/** It starts for seconds, and says nothing while it repeats a refused request by itself. */
	deadlines: { firstDataMilliseconds: 30_000, idleMilliseconds: 20_000, totalMilliseconds: 120_000 },
	locate: locateCommand,
};

/** Key and address are those of Qwen: it is the same account. */
function locateCommand(read: ReadVariable): Location | readonly Problem[] | undefined {
	const command = read("QWEN_CLI_COMMAND");
	if (command === undefined) return undefined;
	const apiKey = read("QWEN_API_KEY");
	const problems: Problem[] = [];
	if (!isAbsolute(command)) problems.push({ key: "login.cliPath", values: { variable: "QWEN_CLI_COMMAND" } });
	if (apiKey === undefined) {
		problems.push({ key: "config.keyMissing", values: { variable: "QWEN_API_KEY", other: "QWEN_CLI_COMMAND" } });
	}
	const address = addressOf(read("QWEN_BASE_URL"));
	const location = address === null ? [] : locateQwen(read, address);
	if (address === null) problems.push({ key: "config.address", values: { variable: "QWEN_BASE_URL" } });
	if ("length" in location) return [...problems, ...location];
	return problems.length > 0 || apiKey === undefined ? problems : { ...location, apiKey, command };
}

/** With the version that the CLI expects; null: no address. */
function addressOf(text: string | undefined): string | undefined | null {
	if (text === undefined) return undefined;
	if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
	const address = text.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
	return /\/v\d/.test(new URL(address).pathname) ? address : `${address}/v1`;
}
