import { regionName } from "../assistant/commands/region-name.ts";
import { formatMoney, operatorVoice, type TextKey, type TextValues } from "../locale.ts";
import { ModelError } from "../providers/embedded/faults.ts";
import { type Model, type Provider, ProviderError, type ProviderErrorKind } from "../providers/provider.ts";
import { broken, type Finding, fine, note } from "./finding.ts";

/** Where a key is bound to more than its account. */
const authHints: Readonly<Record<string, TextKey>> = {
	QWEN: "doctor.qwenAuth",
	CLOUDFLARE: "doctor.cloudflareAuth",
};

/** What a failed trial call means for the operator. */
const hints: Readonly<Record<ProviderErrorKind, (values: TextValues) => Finding>> = {
	auth: (values) => broken(authHints[String(values.variable)] ?? "doctor.providerAuth", values),
	money: (values) => broken("doctor.providerMoney", values),
	"no-allowance": (values) => broken("doctor.providerNoAllowance", values),
	"model-gone": (values) => broken("doctor.providerModel", values),
	network: (values) => broken("doctor.providerNetwork", values),
	timeout: (values) => broken("doctor.providerSilent", values),
	"bad-request": (values) => broken("doctor.providerStrange", values),
	overload: (values) => note("doctor.providerBusy", values),
	"rate-limit": (values) => note("doctor.providerBusy", values),
	burst: (values) => note("doctor.providerBusy", values),
	"bad-answer": (values) => broken("doctor.providerStrange", values),
	"too-large": (values) => fine("doctor.provider", values),
	context: (values) => fine("doctor.provider", values),
	content: (values) => fine("doctor.provider", values),
	aborted: (values) => fine("doctor.provider", values),
};

/** What the code of a failure says more exactly than its kind. */
const hintsByCode: readonly (readonly [RegExp, TextKey])[] = [
	[/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/, "doctor.providerCertificate"],
	[/ENOTFOUND|EAI_AGAIN/, "doctor.providerHost"],
	[/HTML_PAGE/, "doctor.providerPage"],
	[/COMMAND_MISSING/, "login.cliMissing"],
	[/SIGN_IN_MISSING/, "login.missing"],
	[/SIGN_IN_OVER/, "login.over"],
	[/SIGN_IN_DAMAGED/, "login.damaged"],
	[/SIGN_IN_NOT_TAKEN/, "login.notTaken"],
];

/** Some models think before they say a word: for them one token is no answer. */
const trialTokens = [1, 300] as const;

/** A trial call to the provider's first model, and what its account says. */
export async function examineProvider(provider: Provider): Promise<readonly Finding[]> {
	const [model] = provider.models;
	const values = {
		provider: provider.label,
		model: model?.id ?? "",
		region: regionName(operatorVoice, provider.region),
		variable: provider.name.toUpperCase().replaceAll("-", "_"),
	};
	const trial = model ? await failureOf(provider, model) : new ProviderError("model-gone", "no model");
	if (trial) return [failureFinding(provider, trial, values)];
	return [fine("doctor.provider", values), ...(await examineAccount(provider, values))];
}

async function failureOf(provider: Provider, model: Model): Promise<ProviderError | undefined> {
	let failure: ProviderError | undefined;
	for (const maxTokens of trialTokens) {
		try {
			await provider.complete(model, { messages: [{ role: "user", content: "Hallo" }], maxTokens });
			return undefined;
		} catch (error) {
			if (!(error instanceof ProviderError)) throw error;
			failure = error;
			if (error.kind !== "bad-answer") break;
		}
	}
	return failure;
}

function failureFinding({ name, region }: Provider, failure: ProviderError, values: TextValues): Finding {
	const { kind, code } = failure;
	if (failure instanceof ModelError) return broken(failure.problem.key, failure.problem.values);
	if (kind === "auth" && region === "local") return broken("doctor.localAuth", values);
	const special = code === undefined ? undefined : hintsByCode.find(([pattern]) => pattern.test(code));
	if (special) return broken(special[1], values);
	// A program of a provider uses that provider's key.
	const account = name.split("-")[0]?.toUpperCase() ?? "";
	return hints[kind](kind === "auth" ? { ...values, variable: account } : values);
}

async function examineAccount(provider: Provider, values: TextValues): Promise<readonly Finding[]> {
	if (!provider.readAccount) return [];
	try {
		const { balance, hasCredit, limits } = await provider.readAccount();
		if (hasCredit === false) return [broken("doctor.providerMoney", values)];
		if (!balance) return [fine("doctor.accountRead", { ...values, count: limits.length })];
		const amount = formatMoney(operatorVoice, balance.amount, balance.currency);
		return [fine("doctor.accountBalance", { ...values, amount })];
	} catch (error) {
		if (!(error instanceof ProviderError)) throw error;
		return [note("doctor.accountSilent", values)];
	}
}
