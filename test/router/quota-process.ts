/** A process of its own that reserves as fast as it can: `node quota-process.ts PATH TRIES LIMIT`. Prints how many passed. */
import { once } from "node:events";
import { systemClock } from "../../src/clock.ts";
import { createQuota } from "../../src/router/quota.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { createModel, createScriptedProvider } from "./scripted-provider.ts";

const [path = "", tries = "0", limit = "0"] = process.argv.slice(2);
const maximum = Number(limit);
const facts = { maximum, window: "day", kind: "rolling", timeZone: "UTC" } as const;
const model = createModel("m", {
	limits: [
		{ unit: "requests", ...facts },
		{ unit: "tokens", ...facts, maximum: maximum * 10 },
	],
});
const provider = createScriptedProvider("groq", { models: [model] });
const database = openDatabase(path);
const quota = createQuota({ database, clock: systemClock, providers: [provider] });

process.stdout.write("ready\n");
await once(process.stdin, "data");
const results = await Promise.all(
	Array.from({ length: Number(tries) }, async () => quota.reserve({ provider, model }, 10, "telegram:1")),
);
process.stdout.write(`${results.filter((result) => "id" in result).length}\n`);
database.close();
process.exit();
