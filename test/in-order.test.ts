import { describe, expect, it } from "vitest";
import { createInOrder } from "../src/in-order.ts";

describe("in order", () => {
	it("runs tasks of one key one after another, those of two keys at the same time", async () => {
		const order = createInOrder();
		const steps: string[] = [];
		const gate = Promise.withResolvers<void>();
		const task = (name: string, wait?: Promise<void>) => async () => {
			steps.push(`${name} begins`);
			await wait;
			steps.push(`${name} ends`);
		};
		void order.run("a", task("a1", gate.promise));
		void order.run("a", task("a2"));
		await order.run("b", task("b1"));
		expect(steps).toEqual(["a1 begins", "b1 begins", "b1 ends"]);
		gate.resolve();
		await order.idle();
		expect(steps.slice(3)).toEqual(["a1 ends", "a2 begins", "a2 ends"]);
	});

	it("is idle once the task that was added last has ended, and not before", async () => {
		const order = createInOrder();
		const gate = Promise.withResolvers<void>();
		let isIdle = false;
		void order.run("a", () => order.run("b", () => gate.promise));
		const idle = order.idle().then(() => {
			isIdle = true;
		});
		await new Promise(setImmediate);
		expect(isIdle).toBe(false);
		gate.resolve();
		await idle;
	});

	it("lets a task that comes later wait for the one that runs, not for the one before", async () => {
		const order = createInOrder();
		const gate = Promise.withResolvers<void>();
		const steps: string[] = [];
		const first = order.run("a", async () => undefined);
		void order.run("a", () => gate.promise.then(() => void steps.push("second")));
		await first;
		await new Promise(setImmediate);
		const third = order.run("a", async () => void steps.push("third"));
		await new Promise(setImmediate);
		gate.resolve();
		await third;
		expect(steps).toEqual(["second", "third"]);
	});

	it("hands a failure to the one who asked and goes on with the next task", async () => {
		const order = createInOrder();
		const failed = order.run("a", () => Promise.reject(new Error("no")));
		const next = order.run("a", async () => "yes");
		await expect(failed).rejects.toThrow("no");
		expect(await next).toBe("yes");
	});
});
