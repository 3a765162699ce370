/**
 * A process of its own that books as fast as it can: `node quota-process.ts PATH KIND TRIES`. Prints how many calls passed.
 * With `hold` in place of TRIES it books one call and waits to be killed.
 */
import { once } from "node:events";
import { systemClock } from "../../src/clock.ts";
import { createQuota } from "../../src/router/quota.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { createKindOfLimit } from "./quota-kinds.ts";

const [path = "", kind = "", tries = ""] = process.argv.slice(2);
const { provider, model, budget, size, author } = createKindOfLimit(kind);
const database = openDatabase(path);
database.sql.exec("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF");
const quota = createQuota({ database, clock: systemClock, providers: [provider], budget });
const reserve = () => quota.reserve({ provider, model }, size, author);

if (tries === "hold") {
	process.stdout.write(`${"id" in reserve()}\n`);
	await once(process.stdin, "data");
}
process.stdout.write("ready\n");
await once(process.stdin, "data");
const results = await Promise.all(Array.from({ length: Number(tries) }, async () => reserve()));
process.stdout.write(`${results.filter((result) => "id" in result).length}\n`);
database.close();
process.exit();
