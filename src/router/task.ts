import type { Task } from "../providers/provider.ts";
import type { Demand, TaskAnalysis } from "./route.ts";
import { plain, taskRules } from "./task-rules.ts";

const demands: Readonly<Record<Task, Demand>> = {
	coding: "strong",
	reasoning: "strong",
	complex: "strong",
	writing: "any",
	translation: "any",
	summarise: "any",
	simple: "fast",
	command: "fast",
	chat: "fast",
};

/** What a rule must have said of an earlier turn for a follow-up to inherit it. */
const inheritedShare = 0.8;
const followUp =
	/^(und|oder|aber|jetzt|nochmal|noch|nun|dann|auch|bitte|kuerzer|laenger|einfacher|mach|and|now|then|again|shorter)\b/;

/**
 * What kind of task a message is, by rules over its words: pure, and some 10 microseconds for a usual message. A short
 * follow-up ("und jetzt in Python") belongs to the latest of the `previous` turns of the same person that is a task.
 */
export function taskOf(text: string, previous: readonly string[]): TaskAnalysis {
	const own = judge(text);
	if (!isFollowUp(text)) return own;
	const earlier = previous.map(judge).findLast(({ label }) => label !== "chat");
	if (!earlier || own.confidence >= earlier.confidence) return own;
	return { ...earlier, confidence: earlier.confidence * inheritedShare };
}

function judge(text: string): TaskAnalysis {
	const words = plain(text);
	const rule = taskRules.find(({ matches }) => matches(words, text.length));
	const label = rule?.label ?? "simple";
	return { label, demand: demands[label], confidence: rule?.confidence ?? 0.3 };
}

function isFollowUp(text: string): boolean {
	return text.length <= 80 && followUp.test(plain(text));
}
