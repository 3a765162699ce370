import {
	chunk,
	done,
	estimated,
	gern,
	type Misbehaviour,
	rows,
	stream,
	told,
	typed,
	usage,
	whole,
} from "./misbehaviour.ts";

/** 1 to 9: what stands in the stream. */
export const oddStreams: readonly Misbehaviour[] = [
	...rows(
		1,
		"an error under status 200",
		[
			"object in the stream",
			stream(chunk({ content: "Ge" }), 'data: {"error":{"message":"no","code":429}}\n\n'),
			"rate-limit",
		],
		["text in the stream", stream(chunk({ content: "Ge" }), 'data: {"error":"out of memory"}\n\n'), "overload"],
		[
			"beside choices",
			stream(chunk({ content: "" }, "error", { error: { code: 502, message: "upstream" } })),
			"overload",
		],
		[
			"as an event of DashScope",
			stream('event:error\n:HTTP_STATUS/400\ndata:{"code":"InvalidParameter","message":"no"}\n\n'),
			"overload",
		],
		[
			"bare line in the stream",
			stream(chunk({ content: "Ge" }), '{"error":{"message":"no","code":503}}\n'),
			"overload",
		],
		["as JSON", { body: { error: { message: "no", code: 503 } } }, "overload"],
		["as JSON over many lines", { body: JSON.stringify({ error: { message: "no", code: 402 } }, null, 2) }, "money"],
		["as JSON with text", { body: { error: "model is overloaded" } }, "overload"],
		["as a list", { body: { success: false, errors: [{ code: 7010, message: "service unavailable" }] } }, "overload"],
		["as vLLM writes it", { body: { object: "error", message: "no", code: 500 } }, "overload"],
		["called plain text", { ...typed("text/plain"), body: '{"error":{"message":"no","code":503}}' }, "overload"],
	),
	...rows(
		2,
		"a finish reason that is none",
		["error", stream(chunk({ content: "Gern." }, "error"), done), "bad-answer"],
		["new word", stream(chunk({ content: "Gern." }, "something_new"), done), "bad-answer"],
		[
			"number",
			{ raw: ['data: {"choices":[{"delta":{"content":"Gern."},"finish_reason":7}]}\n\n', done] },
			"bad-answer",
		],
		["out of resources", stream(chunk({ content: "Ge" }, "insufficient_system_resource")), "overload"],
		[
			"empty in every chunk",
			stream(chunk({ content: "Ge" }, ""), chunk({ content: "rn." }, ""), chunk({}, "stop")),
			gern,
		],
	),
	...rows(
		3,
		"choices missing",
		[
			"empty, null, of another kind",
			stream(
				'data: {"choices":[]}\n\n',
				'data: {"choices":null}\n\n',
				'data: {"choices":{}}\n\n',
				'data: {"choices":[null]}\n\n',
				'data: {"choices":[7]}\n\ndata: {}\n\ndata: 7\n\n',
				chunk({ content: "Gern." }, "stop"),
			),
			gern,
		],
		[
			"finish reason without delta",
			stream(chunk({ content: "Gern." }), 'data: {"choices":[{"finish_reason":"stop"}]}\n\n'),
			gern,
		],
		["never there", stream('data: {"id":"x"}\n\n', done), "bad-answer"],
	),
	...rows(
		4,
		"usage in its own way",
		["absent", { text: "Gern.", usage: "none" }, { ...gern, usage: estimated }],
		["in x_groq", { text: "Gern.", usage: "groq" }, { usage: { inputTokens: 2, outputTokens: 2, isEstimated: false } }],
		[
			"zero",
			stream(chunk({ content: "Gern." }, "stop", { usage: { prompt_tokens: 0, completion_tokens: 0 } })),
			{ usage: estimated },
		],
		[
			"zero for the answer",
			stream(chunk({ content: "Gern." }, "stop", { usage: { prompt_tokens: 9, completion_tokens: 0 } })),
			{ usage: estimated },
		],
		[
			"growing",
			stream(
				chunk({ content: "Gern" }, null, { usage: { prompt_tokens: 5, completion_tokens: 1 } }),
				chunk({ content: "." }, "stop", { usage }),
				done,
			),
			{ ...gern, usage: told },
		],
		[
			"before the text",
			stream(chunk({}, null, { usage }), chunk({ content: "Gern." }, "stop")),
			{ ...gern, usage: told },
		],
		[
			"inside the choice",
			stream(
				`data: ${JSON.stringify({ choices: [{ delta: { content: "Gern." }, finish_reason: "stop", usage }] })}\n\n`,
			),
			{ usage: told },
		],
		[
			"no number",
			stream(chunk({ content: "Gern." }, "stop", { usage: { prompt_tokens: "5", completion_tokens: -7 } })),
			{ usage: estimated },
		],
		[
			"a number that cannot be",
			stream(chunk({ content: "Gern." }, "stop", { usage: { prompt_tokens: 1e300, completion_tokens: 1e300 } })),
			{ usage: estimated },
		],
	),
	...rows(
		5,
		"an end without an end",
		["neither finish reason nor [DONE]", stream(chunk({ content: "Ein halber" })), "bad-answer"],
		["[DONE] without finish reason", stream(chunk({ content: "Ein halber" }), done), "bad-answer"],
		["nothing at all", stream(""), "bad-answer"],
		["finish reason twice", stream(chunk({ content: "Gern." }, "stop"), chunk({}, "stop"), done), gern],
		["text behind the finish reason", stream(chunk({ content: "Ge" }, "stop"), chunk({ content: "rn." }), done), gern],
		[
			"cut behind that text",
			{
				...stream(chunk({ content: "Ge" }, "stop"), chunk({ content: "rn." })),
				tokenMilliseconds: 30,
				broken: { afterChunks: 0, how: "close" },
			},
			"network",
		],
		[
			"cut behind the finish reason",
			{
				...stream(chunk({ content: "Gern." }), chunk({}, "stop")),
				tokenMilliseconds: 30,
				broken: { afterChunks: 0, how: "close" },
			},
			{ ...gern, usage: estimated },
		],
		[
			"garbage behind [DONE]",
			stream(chunk({ content: "Gern." }, "stop"), done, "data: {nonsense\n\n\u0000\u0001"),
			gern,
		],
	),
	...rows(
		6,
		"keep-alives",
		["comments", { text: "Gern.", keepAlive: ": OPENROUTER PROCESSING\n\n" }, gern],
		["blank lines", { text: "Gern.", keepAlive: "\n\n" }, gern],
		["pings", { text: "Gern.", keepAlive: 'event: ping\ndata: {"type":"ping"}\n\n' }, gern],
		["empty data", { text: "Gern.", keepAlive: "data:\n\n" }, gern],
		["blank lines before JSON", { body: `\n\n\n\n${JSON.stringify(whole, null, 2)}` }, gern],
	),
	...rows(
		7,
		"reasoning in the text",
		["in tags", { text: "<think>hm</think>\n\nGern.", chunkCharacters: 2 }, gern],
		["closing tag only", { text: "hm\n</think>\n\nGern.", chunkCharacters: 3 }, gern],
		["in a field of its own", { text: "Gern.", reasoning: "hm hm" }, gern],
		["in the other field", { text: "Gern.", reasoning: "hm hm", reasoningField: "reasoning" }, gern],
		[
			"in parts",
			stream(
				chunk(
					{
						content: [
							{ type: "thinking", thinking: [] },
							{ type: "text", text: "Gern." },
						],
					},
					"stop",
				),
			),
			gern,
		],
	),
	...rows(
		8,
		"nothing but reasoning",
		["in its field, until the length", { text: "", reasoning: "hm hm", finishReason: "length" }, "bad-answer"],
		["in tags", { text: "<think>hm hm" }, "bad-answer"],
		["white space behind it", { text: "<think>hm</think>\n \n" }, "bad-answer"],
	),
	...rows(
		9,
		"tool calls nobody asked for",
		[
			"instead of text",
			stream(
				chunk({ tool_calls: [{ function: { name: "suche", arguments: { a: 1 } } }] }),
				chunk({}, "tool_calls"),
				done,
			),
			"bad-answer",
		],
		[
			"ending like text",
			stream(
				chunk(
					{ content: null, tool_calls: [{ index: 0, id: "1", function: { name: "suche", arguments: "{" } }] },
					"stop",
				),
				done,
			),
			"bad-answer",
		],
		[
			"after text",
			stream(chunk({ content: "Ich suche." }), chunk({ tool_calls: [{}] }, "tool_calls"), done),
			"bad-answer",
		],
		[
			"that failed at Groq",
			{
				status: 400,
				body: { error: { message: "Tool choice is none, but model called a tool", code: "tool_use_failed" } },
			},
			"bad-answer",
		],
	),
];
