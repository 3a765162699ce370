import { systemClock } from "../../src/clock.ts";
import { createLease } from "../../src/inbox/lease.ts";
import { createLog } from "../../src/log.ts";
import { openDatabase } from "../../src/stores/database.ts";

/** A process of its own that holds the lease of `memory` in the file it is given, until it is killed. */
const database = openDatabase(String(process.argv[2]));
const lease = createLease("memory", { database, clock: systemClock, log: createLog("silent", []) });
process.stdout.write(lease.tryAcquire() ? "held\n" : "refused\n");
