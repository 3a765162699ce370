import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { providerSpecs } from "../../src/providers/index.ts";
import { regions } from "../../src/providers/provider.ts";
import { isCloudModel } from "../../src/providers/spec.ts";

const root = resolve(import.meta.dirname, "../..");
const example = readFileSync(join(root, ".env.example"), "utf8");
const sourceOf = (name: string): string => readFileSync(join(root, `src/providers/${name}.ts`), "utf8");
const prefixOf = (name: string): string => name.toUpperCase().replaceAll("-", "_");

describe.each(providerSpecs.map((spec) => [spec.name, spec] as const))("the data of %s", (name, spec) => {
	const models = [...spec.models, { ...spec.unknownModel, id: "unbekannt" }];

	it("say who and where it is", () => {
		expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
		expect(spec.label).toMatch(/^[A-Z]/);
		expect(regions).toContain(spec.region);
		expect(["USD", "EUR"]).toContain(spec.currency);
		expect(spec.models.length).toBeGreaterThan(0);
	});

	it("name each model once, with figures that can be", () => {
		expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
		for (const model of models) {
			expect(model.price.input).toBeGreaterThanOrEqual(0);
			expect(model.price.output).toBeGreaterThanOrEqual(model.price.input);
			for (const quality of Object.values(model.quality)) {
				expect(quality).toBeGreaterThan(0);
				expect(quality).toBeLessThanOrEqual(1);
			}
			expect(model.tokensPerSecond).toBeGreaterThan(0);
			expect(model.contextTokens).toBeGreaterThan(model.maxAnswerTokens);
			expect(isCloudModel(model.id)).toBe(false);
		}
	});

	it("never take an unknown model for a cheap one", () => {
		const dearest = (side: "input" | "output"): number => Math.max(...spec.models.map(({ price }) => price[side]));
		expect(spec.unknownModel.price.input).toBeGreaterThanOrEqual(dearest("input"));
		expect(spec.unknownModel.price.output).toBeGreaterThanOrEqual(dearest("output"));
	});

	it("know limits only with windows and zones that exist, each window once", () => {
		for (const { limits, credits } of models) {
			const windows = limits.map(({ unit, window }) => `${unit}/${window}`);
			expect(new Set(windows).size).toBe(windows.length);
			for (const { kind, timeZone, maximum } of limits) {
				expect(["rolling", "calendar"]).toContain(kind);
				expect(() => new Intl.DateTimeFormat("de", { timeZone })).not.toThrow();
				expect(maximum).toBeGreaterThan(0);
			}
			expect(windows.some((window) => window.startsWith("credits"))).toBe(credits !== undefined);
		}
	});

	it("carry the date of their figures", () => {
		expect(sourceOf(name)).toMatch(/20\d\d-\d\d/);
	});

	it("have every variable in .env.example", () => {
		const prefix = prefixOf(name);
		const wanted = [
			...(spec.needsKey ? [`${prefix}_API_KEY`] : []),
			...(spec.protocol === "command" ? [] : [`${prefix}_BASE_URL`]),
			`${prefix}_MODEL`,
			`${prefix}_LIMITS`,
			...(sourceOf(name).match(new RegExp(`\\b${prefix}_[A-Z_]+\\b`, "g")) ?? []),
		];
		expect(wanted.filter((variable) => !new RegExp(`^#?${variable}=`, "m").test(example))).toEqual([]);
	});

	it("have a guide for the operator", () => {
		const guide = readFileSync(join(root, "docs/anbieter.md"), "utf8");
		expect(guide).toMatch(new RegExp(`^## .*${spec.label === "Lokal" ? "eigenen Rechner" : spec.label}`, "m"));
	});
});

describe("the list of providers", () => {
	it("names each one once", () => {
		expect(new Set(providerSpecs.map(({ name }) => name)).size).toBe(providerSpecs.length);
	});

	it("leaves no provider's file out", () => {
		const files = readdirSync(join(root, "src/providers")).filter((file) => file.endsWith(".ts"));
		const specs = files.filter((file) => sourceOf(file.replace(/\.ts$/, "")).includes(": ProviderSpec = {"));
		expect(specs.map((file) => file.replace(/\.ts$/, "")).sort()).toEqual(providerSpecs.map(({ name }) => name).sort());
	});
});
