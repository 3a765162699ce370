import { gzipSync } from "node:zlib";
import { chunk, done, gern, type Misbehaviour, rows, stream, typed, whole } from "./misbehaviour.ts";

/** 0: how the answer is packed, beyond the list of fourteen. */
export const oddPacking: readonly Misbehaviour[] = [
	...rows(
		0,
		"not on the list, but seen",
		["login page", { ...typed("text/html"), body: "<html>Bitte anmelden</html>" }, "bad-answer"],
		["login page as text", { ...typed("text/plain"), body: "<html>Bitte anmelden</html>" }, "bad-answer"],
		["redirect to a login page", { status: 302, body: "", headers: { location: "/login" } }, "bad-answer"],
		[
			"redirect that would take the chat along",
			{ status: 307, body: "", headers: { location: "http://127.0.0.1:9/" } },
			"bad-answer",
		],
		["empty body", { body: "" }, "bad-answer"],
		["half a body", { body: '{"choices":[{"message":{"content":"Gern."},"finish' }, "bad-answer"],
		["garbage events", stream("data: {nonsense\n\n", chunk({ content: "Gern." }, "stop")), "bad-answer"],
		[
			"no blank line between events",
			stream(chunk({ content: "Ge" }).trim(), "\n", chunk({ content: "rn." }, "stop").trim(), "\ndata: [DONE]"),
			gern,
		],
		["lines that end with CR", stream(`${chunk({ content: "Gern." }, "stop")}${done}`.replaceAll("\n", "\r")), gern],
		["CR and LF in two pieces", stream(chunk({ content: "Gern." }, "stop").trim(), "\r", "\n\r", "\n", done), gern],
		[
			"no space behind data:, CRLF, BOM",
			stream(
				"\ufeff",
				`${chunk({ content: "Gern." }, "stop")}${done}`.replaceAll("data: ", "data:").replaceAll("\n", "\r\n"),
			),
			gern,
		],
		[
			"one event on many lines",
			stream(
				...JSON.stringify({ choices: [{ delta: { content: "Gern." }, finish_reason: "stop" }] }, null, 1)
					.split("\n")
					.map((line) => `data: ${line}\n`),
				"\n",
				done,
			),
			gern,
		],
		["event fields", stream(`id: 1\nevent: message\nretry: 5\n${chunk({ content: "Gern." }, "stop")}`), gern],
		["events called plain text", { ...typed("text/plain"), raw: [chunk({ content: "Gern." }, "stop"), done] }, gern],
		["events called JSON", { ...typed("application/json"), raw: [chunk({ content: "Gern." }, "stop"), done] }, gern],
		[
			"lines of JSON called JSON",
			{
				...typed("application/json"),
				raw: [
					'{"choices":[{"delta":{"content":"Ge"}}]}\n{"choices":[{"delta":{"content":"rn."},',
					'"finish_reason":"stop"}]}\n',
				],
			},
			gern,
		],
		["JSON called events", { ...typed("text/event-stream"), raw: [JSON.stringify(whole, null, 2)] }, gern],
		[
			"packed",
			{ headers: { "content-encoding": "gzip" }, raw: [gzipSync(`${chunk({ content: "Gern." }, "stop")}${done}`)] },
			gern,
		],
		[
			"packed, but cut",
			{ headers: { "content-encoding": "gzip" }, raw: [gzipSync(chunk({ content: "Gern." }, "stop")).subarray(0, 20)] },
			"bad-answer",
		],
		[
			"called packed",
			{ headers: { "content-encoding": "gzip" }, raw: [chunk({ content: "Gern." }, "stop")] },
			"network",
		],
		["a line of a megabyte", stream(chunk({ content: "Gern.", padding: "x".repeat(1_100_000) }, "stop")), "bad-answer"],
		[
			"a body of a megabyte",
			{ body: JSON.stringify({ ...whole, padding: Array.from({ length: 200_000 }, () => "x") }, null, 2) },
			"bad-answer",
		],
		["huge headers", { headers: { "x-padding": "x".repeat(20_000) } }, "network"],
	),
];
