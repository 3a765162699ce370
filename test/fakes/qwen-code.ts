/**
 * Speaks what Qwen Code 0.24.4 speaks with `--output-format stream-json`, and refuses what it refuses. FAKE_QWEN_CODE names
 * a folder with `scenario` (a name below) and takes `seen.json`: how it was called.
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const folder = process.env.FAKE_QWEN_CODE ?? "";
const scenario = readFileSync(join(folder, "scenario"), "utf8");
const input = await text(process.stdin);
const names = process.argv.slice(2);
writeFileSync(
	join(folder, "seen.json"),
	JSON.stringify({
		arguments: names,
		environment: { ...process.env, FAKE_QWEN_CODE: undefined },
		folder: process.cwd(),
		files: [...readdirSync("."), ...readdirSync(homedir())],
		input,
		pid: process.pid,
	}),
);

const write = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const event = (value: object): void => write({ type: "stream_event", event: value });
const say = (value: string): void =>
	event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: value } });
const usage = { input_tokens: 17, output_tokens: 3, total_tokens: 20 };
const stay = (): void => void setInterval(() => undefined, 1_000);

function begin(tools: readonly string[] = [], mode = "plan"): void {
	write({ type: "system", subtype: "init", tools, mcp_servers: [], permission_mode: mode });
	event({ type: "goal_state" });
	event({ type: "message_start", message: { role: "assistant", content: [] } });
	event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
}
function succeed(result: string, used: object = usage): void {
	event({ type: "content_block_stop", index: 0 });
	write({ type: "assistant", message: { content: [{ type: "text", text: result }], stop_reason: null, usage } });
	event({ type: "message_stop" });
	write({ type: "result", subtype: "success", is_error: false, result, usage: used, permission_denials: [] });
}
function fail(message: string): void {
	begin();
	say(message);
	write({ type: "result", subtype: "error_during_execution", is_error: true, usage: {}, error: { message } });
	process.exitCode = 1;
}

const scenarios: Readonly<Record<string, () => void>> = {
	answer() {
		begin();
		say("Guten ");
		say("Tag");
		succeed("Guten Tag");
		stay();
	},
	length() {
		begin();
		say("Guten");
		succeed("Guten", { ...usage, output_tokens: 100 });
	},
	empty() {
		begin();
		succeed("");
	},
	"wrong key": () => fail("[API Error: 401 Incorrect API key provided]"),
	"too many": () => fail("[API Error: 429 Requests rate limit exceeded]"),
	"no connection": () => fail("[API Error: Connection error. (cause: fetch failed)]"),
	"quiet error"() {
		begin();
		write({ type: "result", subtype: "error_during_execution", is_error: true, error: { message: "503 overloaded" } });
	},
	"offers tools"() {
		begin(["run_shell_command"]);
		stay();
	},
	"may change files"() {
		begin([], "yolo");
		stay();
	},
	"calls a tool"() {
		begin();
		say("Ich sehe nach.");
		event({ type: "content_block_start", index: 1, content_block: { type: "tool_use", name: "read_file", input: {} } });
		stay();
	},
	repeats() {
		begin();
		say("Guten");
		write({ type: "system", subtype: "retry", data: { reason: "retry" } });
		stay();
	},
	"wall time"() {
		begin();
		process.exitCode = 55;
	},
	"broken off"() {
		begin();
		say("Guten");
	},
	garbage: () => void process.stdout.write('{"type": "system", {{\n'),
	silent() {
		begin();
		stay();
	},
	stubborn() {
		process.on("SIGTERM", () => undefined);
		const helper = spawn(process.execPath, ["-e", "process.on('SIGTERM',()=>0);setInterval(()=>0,1000)"], {
			stdio: "inherit",
		});
		writeFileSync(join(folder, "helper"), String(helper.pid));
		begin();
		stay();
	},
};

const withValue = new Set([
	"--auth-type",
	"--output-format",
	"--approval-mode",
	"--max-tool-calls",
	"--max-wall-time",
	"--system-prompt",
]);
const flags = /^--(bare|include-partial-messages|chat-recording=(true|false)|exclude-tools=[a-z_,]+)$/;

/** It knows its options, and takes every other word for a second question. */
function areArgumentsKnown(): boolean {
	for (let index = 0; index < names.length; index++) {
		const name = names[index] ?? "";
		if (withValue.has(name)) index++;
		else if (!flags.test(name)) return false;
	}
	return true;
}

if (!areArgumentsKnown() || input === "") process.exit(1);
scenarios[scenario]?.();
