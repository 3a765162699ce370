import { describe, expect, it } from "vitest";
import { operatorVoice } from "../../src/locale.ts";
import { createProgress } from "../../src/setup/progress.ts";
import { createVirtualClock } from "../fakes/clock.ts";

function open(isTerminal: boolean) {
	const clock = createVirtualClock();
	const written: string[] = [];
	const write = (text: string): void => void written.push(text);
	return { clock, written, progress: createProgress({ write, isTerminal, clock, voice: operatorVoice }) };
}

describe("the progress of a download", () => {
	it("is one line that changes at a terminal, with the time left once the speed is known", async () => {
		const { clock, written, progress } = open(true);
		progress.show(1e9, 5e9);
		progress.show(1.01e9, 5e9);
		await clock.advance(10_000);
		progress.show(2e9, 5e9);
		progress.end();
		expect(written).toEqual([
			"\r\u001b[K20\u202f%  1,0 GB von 5,0 GB",
			"\r\u001b[K40\u202f%  2,0 GB von 5,0 GB, noch etwa 30 Sek.",
			"\n",
		]);
	});

	it("is a line for every tenth elsewhere", () => {
		const { written, progress } = open(false);
		for (let bytes = 0; bytes <= 200e6; bytes += 1e6) progress.show(bytes, 200e6);
		progress.end();
		expect(written).toHaveLength(11);
		expect(written[3]).toBe("30\u202f%  60 MB von 200 MB\n");
		expect(written.at(-1)).toBe("100\u202f%  200 MB von 200 MB\n");
	});

	it("names what has arrived where the whole is unknown", () => {
		const { written, progress } = open(false);
		progress.show(12.3e6, undefined);
		expect(written).toEqual(["13 MB geladen\n"]);
	});
});
