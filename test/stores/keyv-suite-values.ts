/** The value cases of @keyv/test-suite 2.1.2. Source and licence: ./keyv-suite.ts. */
import type { Keyv } from "keyv";
import { expect, it } from "vitest";

/** `open` gives a Keyv over the adapter under test. */
export function keyvValueCases(open: () => Keyv): void {
	it.each([
		["false", false],
		["null", null],
		["undefined", undefined],
		["a number", 0],
		["an object", { fizz: "buzz" }],
		["an object containing a buffer", { buff: Buffer.from("buzz") }],
		["a quote", '"'],
		["a string", "bar"],
		["single quotes", "''"],
	])("value can be %s", async (_, value) => {
		const keyv = open();
		await keyv.set("foo", value);
		expect(await keyv.get("foo")).toEqual(value);
	});

	it("value can be a buffer", async () => {
		const keyv = open();
		await keyv.set("foo", Buffer.from("bar"));
		expect(Buffer.from("bar").equals((await keyv.get("foo")) as Buffer)).toBe(true);
	});

	it("value can not be symbol", async () => {
		await expect(open().set("foo", Symbol("value"))).rejects.toThrow("symbol cannot be serialized");
	});

	// The suite reaches into `store.opts.deserialize` of Keyv 5; Keyv 6 writes big integers by itself.
	it("value can be BigInt", async () => {
		const keyv = open();
		await keyv.set("foo", 9_223_372_036_854_775_807n);
		expect(await keyv.get("foo")).toBe(9_223_372_036_854_775_807n);
	});

	it("single quotes key should be saved", async () => {
		const keyv = open();
		await keyv.set("'", "'");
		expect(await keyv.get("'")).toBe("'");
	});
}
