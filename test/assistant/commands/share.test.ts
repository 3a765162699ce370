import { describe, expect, it } from "vitest";
import { admin, anna, berta, createSetting } from "../setting.ts";

/** Amounts hold together by a space that does not break. */
const plain = (text: string | null): string => String(text).replaceAll("\u00a0", " ");

describe("/anteil", () => {
	it("shows admins what each person used, and nobody else", async () => {
		const use = { [anna]: { answers: 12, tokens: 34_567, cost: 0.02 }, [berta]: { share: 0.3, isShareSet: true } };
		const { say } = createSetting({ use });
		const list = plain(await say("/anteil", { author: admin }));
		expect(list).toContain(`- \`${anna}\`: 12 Antworten, 34.567 Token, 0,02 €, Anteil höchstens 50 %`);
		expect(list).toContain(`- \`${berta}\`: 3 Antworten, 12.345 Token, 0,00 €, Anteil höchstens 30 % (festgelegt)`);
		expect(plain(await say("/anteil"))).toContain("nur Personen nutzen, die den Bot verwalten");
	});

	it("sets a share, tells the person of it, and lifts it again", async () => {
		const { say } = createSetting({ use: { [anna]: {} } });
		expect(plain(await say(`/anteil ${anna} 30 %`, { author: admin }))).toContain("höchstens 30 %");
		expect(plain(await say("/status"))).toContain("dein Anteil an gemeinsamen Kontingenten: höchstens 30 %");
		expect(plain(await say(`/anteil ${anna} normal`, { author: admin }))).toContain(
			"wieder der übliche Anteil, zurzeit 50 %",
		);
		expect(plain(await say("/status"))).not.toContain("Anteil an gemeinsamen");
	});

	it.each(["Anna 30", `${anna} 101`, `${anna} viel`, anna, "30"])("says how it is meant for %j", async (argument) => {
		const { say } = createSetting({ use: { [anna]: {} } });
		expect(plain(await say(`/anteil ${argument}`, { author: admin }))).toContain("`/anteil telegram:123 30`");
		expect(plain(await say(`/share`, { author: admin }))).toContain("höchstens 50 %");
	});

	it("says so when nobody has used anything", async () => {
		expect(await createSetting().say("/anteil", { author: admin })).toContain(
			"Heute hat noch niemand etwas verbraucht.",
		);
	});
});
