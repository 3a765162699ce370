import { describe, expect, it } from "vitest";
import { createJournal } from "../../src/inbox/journal.ts";
import { createVirtualClock } from "../fakes/clock.ts";
import { messageOf } from "../fakes/replies.ts";
import { openTemporaryDatabase } from "../stores/temporary-database.ts";

/** A journal that tells which of its writes did not wait for the disk. */
function openJournal() {
	const database = openTemporaryDatabase();
	let relaxedWrites = 0;
	const relaxed: typeof database.relaxed = (work) => {
		relaxedWrites += 1;
		return database.relaxed(work);
	};
	const journal = createJournal({ ...database, relaxed }, createVirtualClock());
	const isDurable = (write: () => unknown): boolean => {
		relaxedWrites = 0;
		write();
		return relaxedWrites === 0;
	};
	return { journal, isDurable };
}

describe("the journal", () => {
	it("waits for the disk where a power loss would lose a message or double an answer", () => {
		const { journal, isDurable } = openJournal();
		const messages = [messageOf("a")];
		expect(isDurable(() => journal.write(messages))).toBe(true);
		const [row] = journal.unfinished("memory");
		const position = Number(row?.position);
		expect(isDurable(() => journal.begin(position))).toBe(false);
		expect(isDurable(() => journal.answered(position, { text: "A" }, "delivered"))).toBe(true);
		expect(isDurable(() => journal.end(position, "delivered"))).toBe(false);
	});

	it("keeps new ids of parts durably and counts delivered ones on top of them", () => {
		const { journal } = openJournal();
		journal.write([messageOf("a")]);
		const position = Number(journal.unfinished("memory")[0]?.position);
		journal.saveParts(position, ["7"], 0);
		journal.saveParts(position, ["7", "8"], 0);
		journal.saveParts(position, ["7", "8"], 1);
		expect(journal.unfinished("memory")).toMatchObject([{ parts: ["7", "8"], deliveredParts: 1 }]);
	});

	it("gives back what was stored, a silent answer too", () => {
		const { journal } = openJournal();
		journal.write([messageOf("a"), messageOf("b")]);
		const [first, second] = journal.unfinished("memory");
		expect(first?.stored).toBeUndefined();
		journal.answered(Number(first?.position), null, "failed");
		journal.answered(Number(second?.position), { text: "B" }, "delivered");
		expect(journal.unfinished("memory").map(({ stored }) => stored)).toEqual([
			{ answer: null, ending: "failed" },
			{ answer: { text: "B" }, ending: "delivered" },
		]);
	});
});
