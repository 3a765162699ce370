import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";
import { createCode, isSameCode } from "../../src/assistant/access-code.ts";
import { admin, anna, berta, createSetting } from "./setting.ts";

const hour = 3_600_000;
const stranger = "telegram:99";
const pairing = { access: { mode: "pairing", allowedUsers: new Set<string>() } } as const;
const withoutAdmin = { access: { ...pairing.access, adminUsers: new Set<string>() } } as const;
const codeIn = (answer: string | null): string => /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(answer ?? "")?.[0] ?? "no code";

describe("access by pairing", () => {
	it("gives a stranger a code and one sentence, then silence, and asks no model", async () => {
		const { say, asked, shown } = createSetting(pairing);
		const first = await say("Hallo", { author: stranger });
		expect(first).toMatch(/Zugangscode ist `[A-Z2-9]{4}-[A-Z2-9]{4}`/);
		expect(await say("Hallo?", { author: stranger })).toBeNull();
		expect(await say("/status", { author: stranger })).toBeNull();
		expect(await say("", { author: stranger, attachments: ["voice"] })).toBeNull();
		expect([asked, shown]).toEqual([[], []]);
	});

	it("gives a new code once the old one has expired, and the old one is worth nothing", async () => {
		const { say, clock } = createSetting(pairing);
		const old = codeIn(await say("Hallo", { author: stranger }));
		await clock.advance(hour);
		expect(await say(`/freigeben ${old}`, { author: admin })).toContain("kenne ich nicht");
		const next = codeIn(await say("Hallo", { author: stranger }));
		expect(next).not.toBe(old);
		expect(await say(`/freigeben ${next}`, { author: admin })).toContain("ist freigegeben");
	});

	it("lets in whom an admin approves, however the code is typed, and says so once", async () => {
		const { say } = createSetting(pairing);
		const code = codeIn(await say("Hallo", { author: stranger, authorName: "Carla" }));
		const approved = await say(`/freigeben ${code.replace("-", "").toLowerCase()}`, { author: admin });
		expect(approved).toContain("Carla (`telegram:99`) ist freigegeben");
		expect(await say("Hallo", { author: stranger })).toContain("Du bist jetzt freigegeben");
		expect(await say("Hallo", { author: stranger })).toBe("Gern.");
	});

	it("remembers the approval after a restart", async () => {
		const store = new Keyv();
		await createSetting({ ...pairing, store }).say("/freigeben telegram:99", { author: admin });
		expect(await createSetting({ ...pairing, store }).say("Hallo", { author: stranger })).toContain("Gern.");
	});

	it("allows an admin five wrong codes an hour", async () => {
		const { say, clock } = createSetting(pairing);
		const code = codeIn(await say("Hallo", { author: stranger }));
		for (let attempt = 0; attempt < 5; attempt++) {
			expect(await say("/freigeben AAAA-AAAA", { author: admin })).toContain("kenne ich nicht");
		}
		expect(await say(`/freigeben ${code}`, { author: admin })).toContain("Den nächsten kannst du ab 14:00 eingeben");
		expect(await say("/freigeben telegram:98", { author: admin })).toContain("ist freigegeben");
		await clock.advance(hour);
		const next = codeIn(await say("Hallo", { author: stranger }));
		expect(await say(`/freigeben ${next}`, { author: admin })).toContain("ist freigegeben");
	});

	it("never shows a code in a group", async () => {
		const { say } = createSetting(pairing);
		const group = { author: stranger, conversation: "telegram:-100", isDirect: false };
		expect(await say("Hallo", group)).toMatch(/Schreib mir bitte einmal direkt/);
		expect(await say("Hallo", group)).toBeNull();
		expect(codeIn(await say("Hallo", { author: stranger }))).not.toBe("no code");
	});

	it("bounds what strangers can store", async () => {
		const store = new Keyv();
		const { say, access } = createSetting({ ...pairing, store });
		for (let id = 1000; id < 1600; id++) await say("Hallo", { author: `telegram:${id}` });
		expect(await access.list()).toHaveLength(501);
	});
});

describe("the first admin", () => {
	it.each(["pairing", "allowlist", "open"] as const)(
		"is whoever sends the code of the start log, in mode %s",
		async (mode) => {
			const { say, access } = createSetting({ access: { ...withoutAdmin.access, mode } });
			const code = await access.firstAdminCode();
			expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
			expect(await say(`/start ${code}`)).toMatch(/Du verwaltest diesen Bot jetzt.*antwortet dir eine KI/s);
			expect(await say("/nutzer")).toContain("verwaltet den Bot");
			expect(await access.firstAdminCode()).toBeUndefined();
		},
	);

	it("may send the bare code, but only directly, unforwarded and within the hour", async () => {
		const { say, access, clock } = createSetting(withoutAdmin);
		const code = String(await access.firstAdminCode());
		await say(code, { isDirect: false, conversation: "telegram:-100" });
		await say(code, { mayCommand: false });
		expect(await say("/nutzer")).toBeNull();
		await clock.advance(hour);
		expect(await say(code)).toContain("Zugangscode");
		const next = String(await access.firstAdminCode());
		expect(await say(next.toLowerCase())).toContain("Du verwaltest diesen Bot jetzt");
	});

	it("is asked for by no one who guesses: after five wrong codes the right one does nothing", async () => {
		const { say, access } = createSetting(withoutAdmin);
		const code = String(await access.firstAdminCode());
		for (let attempt = 0; attempt < 5; attempt++) expect(await say("AAAA-AAAA")).toContain("stimmt nicht");
		expect(await say(code)).not.toContain("verwaltest");
		expect(await say(`/start ${code}`, { author: berta })).toContain("Du verwaltest");
	});

	it("comes by a code that works once, even when that admin is blocked later", async () => {
		const { say, access } = createSetting(withoutAdmin);
		const code = String(await access.firstAdminCode());
		expect(await say(code)).toContain("Du verwaltest");
		await access.block("terminal:local", anna);
		expect(await say(code, { author: berta })).not.toContain("verwaltest");
	});

	it("is not looked for while one is configured", async () => {
		expect(await createSetting(pairing).access.firstAdminCode()).toBeUndefined();
	});
});

describe("the other modes", () => {
	it("let configured people in under every mode", async () => {
		for (const mode of ["pairing", "allowlist", "open"] as const) {
			const { say } = createSetting({ access: { mode } });
			expect(await say("Hallo", { author: anna })).toContain("Gern.");
			expect(await say("Hallo", { author: admin })).toContain("Gern.");
			expect(await say("/nutzer", { author: "terminal:local" })).toContain("telegram:4711");
		}
	});

	it("allowlist: name the id that has to be approved, once a day", async () => {
		const { say, clock } = createSetting();
		expect(await say("Hallo", { author: stranger })).toContain("`telegram:99`");
		expect(await say("Hallo", { author: stranger })).toBeNull();
		await clock.advance(24 * hour);
		expect(await say("Hallo", { author: stranger })).toContain("`telegram:99`");
	});

	it("open: let everybody in but those who were blocked", async () => {
		const { say } = createSetting({ access: { mode: "open" } });
		expect(await say("Hallo", { author: stranger })).toContain("Gern.");
		expect(await say("/sperren telegram:99", { author: admin })).toContain("ist gesperrt");
		expect(await say("Hallo", { author: stranger })).toBeNull();
	});
});

describe("an admin's decisions", () => {
	it("can be taken back, but not against oneself or the configuration", async () => {
		const { say } = createSetting(pairing);
		await say("/freigeben telegram:99", { author: admin });
		await say("/sperren telegram:99", { author: admin });
		expect(await say("Hallo", { author: stranger })).toBeNull();
		expect(await say("/nutzer", { author: admin })).toContain("`telegram:99`: gesperrt");
		expect(await say(`/sperren ${admin}`, { author: admin })).toContain("Dich selbst");
		expect(await say(`/sperren ${admin}`, { author: "terminal:local" })).toContain("ADMIN_USERS");
		expect(await say("/sperren Carla", { author: admin })).toContain("/sperren telegram:123");
	});

	it("understand ids in any case, and do not take what is no code for a wrong one", async () => {
		const { say } = createSetting(pairing);
		for (let attempt = 0; attempt < 6; attempt++) {
			for (const target of ["", "99", "@anna", "telegram:99 bitte"]) {
				expect(await say(`/freigeben ${target}`, { author: admin })).toContain(
					"gehört ein Zugangscode oder eine Kennung",
				);
			}
		}
		expect(await say("/freigeben Telegram:99", { author: admin })).toContain("`telegram:99` ist freigegeben");
		expect(await say("/sperren TELEGRAM:99", { author: admin })).toContain("`telegram:99` ist gesperrt");
	});

	it("are nobody else's", async () => {
		const { say } = createSetting();
		for (const command of ["/freigeben telegram:99", "/sperren telegram:99", "/nutzer"]) {
			expect(await say(command)).toContain("nur Personen nutzen, die den Bot verwalten");
		}
		expect(await say("Hallo", { author: stranger })).not.toContain("Gern");
	});

	it("show names without anything that could pass for formatting", async () => {
		const { say } = createSetting(pairing);
		const authorName = "\u202E`*Ca*`\nrla[x](http://boese)\u0000 ";
		const code = codeIn(await say("Hallo", { author: stranger, authorName }));
		expect(await say(`/freigeben ${code}`, { author: admin })).toContain("✅ Ca rlaxhttp://boese (`telegram:99`)");
	});
});

describe("a code", () => {
	it("is random and without letters that look alike", () => {
		const codes = Array.from({ length: 200 }, createCode);
		expect(new Set(codes).size).toBe(200);
		expect(codes.filter((code) => !/^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/.test(code))).toEqual([]);
	});

	it("is the same with and without dash, in any case", () => {
		expect(isSameCode("ABCD-EFGH", " abcd efgh ")).toBe(true);
		expect(isSameCode("ABCD-EFGH", "ABCD-EFGJ")).toBe(false);
		expect(isSameCode("ABCD-EFGH", "")).toBe(false);
	});
});
