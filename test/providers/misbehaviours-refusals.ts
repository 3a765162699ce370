import { estimated, gern, type Misbehaviour, refusal, rows, typed } from "./misbehaviour.ts";

/** 10 to 14: how a request is refused. */
export const oddRefusals: readonly Misbehaviour[] = [
	...rows(
		10,
		"fields that are refused",
		[
			"all named at once",
			[refusal("stream_options, reasoning_effort: extra inputs are not permitted", 422), { text: "Gern." }],
			{ ...gern, usage: estimated },
		],
		[
			"one after the other",
			[
				refusal("Unknown parameter: 'stream_options'"),
				refusal("`reasoning_effort` is not supported with this model"),
				{ text: "Gern." },
			],
			gern,
		],
		["for ever", [refusal("stream_options"), refusal("stream_options")], "bad-request"],
		["too large", refusal("Request too large for model", 413), "too-large"],
	),
	...rows(
		11,
		"one status, many meanings",
		["per minute", refusal("Rate limit reached", 429), "rate-limit"],
		["money as 429", { status: 429, body: { error: { message: "no", code: "insufficient_balance" } } }, "money"],
		["no allowance", refusal("Rate limit exceeded, limit: 0", 429), "no-allowance"],
		["payment required", refusal("Insufficient Balance", 402), "money"],
		["moderation", refusal("Your input was flagged by moderation", 403), "content"],
	),
	...rows(
		12,
		"error bodies of any shape",
		["empty", { status: 503, body: "" }, "overload"],
		["a page", { status: 502, ...typed("text/html"), body: "<html>Bad gateway</html>" }, "overload"],
		["no JSON", { status: 500, body: "{oops" }, "overload"],
		[
			"detail (vLLM)",
			{ status: 400, body: { detail: "This model's maximum context length is 8192 tokens" } },
			"context",
		],
		["detail as a list", { status: 422, body: { detail: [{ msg: "the prompt is too long" }] } }, "context"],
		["message (Mistral)", { status: 400, body: { object: "error", message: "prompt is too long" } }, "context"],
		[
			"errors (Cloudflare)",
			{ status: 400, body: { success: false, errors: [{ message: "exceeded the model's context window" }] } },
			"context",
		],
		["error as text (Ollama)", { status: 400, body: { error: "the input exceeds the context length" } }, "context"],
		["a list", { status: 400, body: [{ error: { message: "context_length_exceeded" } }] }, "context"],
		["null", { status: 500, body: "null" }, "overload"],
	),
	...rows(
		13,
		"the model is gone",
		["404", refusal("The model `first` does not exist", 404), "model-gone"],
		["400", { status: 400, body: { error: { message: "no", code: "model_decommissioned" } } }, "model-gone"],
	),
	...rows(
		14,
		"a reason for the SDK to try again",
		["overload", { status: 503, body: "", headers: { "x-should-retry": "true", "retry-after": "0" } }, "overload"],
		["conflict", { status: 409, body: "" }, "overload"],
		["timeout", { status: 408, body: "" }, "overload"],
	),
];
