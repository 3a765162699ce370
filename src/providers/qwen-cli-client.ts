import type { Piece } from "./answer.ts";
import { type ClientParts, type Dialect, guardedCall } from "./guards.ts";
import type { ChatRequest, Model, Provider } from "./provider.ts";
import { type ProgramCall, startProgram } from "./qwen-cli-process.ts";

/** Every tool of version 0.24.4, with `--bare` and without. Those of other versions are found by what `init` says. */
const tools = [
	"run_shell_command",
	"get_goal",
	"update_goal",
	"read_file",
	"edit",
	"notebook_edit",
	"write_file",
	"list_directory",
	"glob",
	"grep_search",
	"web_fetch",
	"web_search",
	"todo_write",
	"save_memory",
	"task",
	"agent",
	"skill",
	"lsp",
	"ask_user_question",
	"exit_plan_mode",
	"tool_search",
];

const instructions =
	"You are the assistant of a chat. The input is a JSON array of messages, oldest first. Follow those of the role " +
	"system, and answer the last one of the role user in its language. Write nothing but the text of your answer, not " +
	"as JSON. You have no tools and no files; nothing is to be planned, and remarks about a plan mode do not concern you.";

const longestRunSeconds = 115;

/**
 * Client for Qwen Code's command line, headless. Three locks keep it from running tools: all are excluded, the first call
 * of one ends the run, and plan mode allows no change; besides, a run is ended as soon as it offers a tool or calls one.
 * What the program says about its own errors is never an answer, and what it repeats by itself is ended.
 */
export function createQwenCli(parts: ClientParts): Provider["complete"] {
	return (model, request, options) => {
		let end: () => void = () => undefined;
		const dialect: Dialect = {
			async send(signal) {
				const program = await startProgram(callOf(parts, model, request), parts.clock, signal);
				end = program.end;
				return new Response(program.output);
			},
			pieceOf(line: Line) {
				if (line.type === "result") end();
				return pieceOf(line, request);
			},
			errorOf,
		};
		return guardedCall(parts, dialect, request, options);
	};
}

function callOf({ settings }: ClientParts, model: Model, request: ChatRequest): ProgramCall {
	return {
		command: settings.command ?? "",
		arguments: [
			...["--bare", "--auth-type", "openai", "--chat-recording=false"],
			...["--output-format", "stream-json", "--include-partial-messages"],
			...["--approval-mode", "plan", "--max-tool-calls", "0", `--exclude-tools=${tools.join(",")}`],
			...["--max-wall-time", String(longestRunSeconds), "--system-prompt", instructions],
		],
		environment: {
			OPENAI_API_KEY: settings.apiKey ?? "",
			OPENAI_BASE_URL: settings.baseUrl,
			OPENAI_MODEL: model.id,
			QWEN_CODE_MAX_OUTPUT_TOKENS: String(request.maxTokens),
			QWEN_CODE_DISABLE_CRON: "1",
			QWEN_USAGE_STATISTICS_ENABLED: "false",
			QWEN_TELEMETRY_ENABLED: "false",
		},
		input: inputOf(request),
	};
}

/**
 * The conversation as a JSON array of `{role, content}`, on standard input: arguments are read by everybody on the
 * machine. The program takes `@path` and `@https://…` for things to fetch, so an @ is written as `\u0040`; it takes a
 * first `/` for a command, and the first character is always a bracket.
 */
function inputOf({ messages }: ChatRequest): string {
	const plain = messages.map(({ role, content }) => ({ role, content: content.toWellFormed() }));
	return JSON.stringify(plain).replaceAll("@", "\\u0040");
}

/** A line of its output; untrusted. */
interface Line {
	readonly type?: unknown;
	readonly subtype?: unknown;
	readonly tools?: unknown;
	readonly mcp_servers?: unknown;
	readonly permission_mode?: unknown;
	readonly event?: {
		readonly type?: unknown;
		readonly content_block?: { readonly type?: unknown } | null;
		readonly delta?: { readonly type?: unknown; readonly text?: unknown } | null;
	} | null;
	readonly is_error?: unknown;
	readonly error?: { readonly message?: unknown } | null;
	readonly usage?: { readonly input_tokens?: unknown; readonly output_tokens?: unknown } | null;
	readonly code?: unknown;
}

function pieceOf(line: Line, { maxTokens }: ChatRequest): Piece {
	if (line.type === "stream_event") return { text: textOf(line) };
	if (line.type !== "result") return {};
	const input = countOf(line.usage?.input_tokens);
	const output = countOf(line.usage?.output_tokens);
	return { finishReason: output >= maxTokens ? "length" : "stop", usage: { input, output } };
}

/** The refusal in a line, as an object whose words the spec's `errorKinds` knows. */
function errorOf(line: Line): unknown {
	if (line.type === "exit") return { code: `exit_${line.code}` };
	if (line.type === "system" && line.subtype === "init" && !isHarmless(line)) return { code: "offers_tools" };
	if (line.type === "system" && line.subtype === "retry") return { code: "retries" };
	if (line.event?.content_block?.type === "tool_use") return { code: "calls_tool" };
	const text = textOf(line) ?? "";
	if (/^\s*\[API Error:/.test(text)) return failureOf(text);
	const isFailed = line.type === "result" && (line.is_error !== false || line.subtype !== "success");
	return isFailed ? failureOf(String(line.error?.message ?? "")) : undefined;
}

function isHarmless({ tools, mcp_servers, permission_mode }: Line): boolean {
	const areNone = (list: unknown): boolean => Array.isArray(list) && list.length === 0;
	return areNone(tools) && areNone(mcp_servers) && permission_mode === "plan";
}

/** `[API Error: 401 Incorrect API key]`: the status leads the way to the kind. */
function failureOf(text: string): unknown {
	const status = /\b([45]\d\d)\b/.exec(text)?.[1];
	return { ...(status && { code: Number(status) }), message: text };
}

function textOf({ event }: Line): string | undefined {
	const text = event?.type === "content_block_delta" ? event.delta?.text : undefined;
	return typeof text === "string" ? text : undefined;
}

function countOf(value: unknown): number {
	return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
