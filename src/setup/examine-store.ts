import { statfsSync } from "node:fs";
import { join } from "node:path";
import { formatNumber, operatorVoice } from "../locale.ts";
import { DatabaseError, openDatabase } from "../stores/database.ts";
import { broken, type Finding, fine, note } from "./finding.ts";

const leastFreeMegabytes = 200;

/** Whether the database can be opened and read as a whole, and whether it can grow. */
export function examineStore(dataDirectory: string): readonly Finding[] {
	const path = join(dataDirectory, "clawdbot.sqlite");
	try {
		openDatabase(path).close();
	} catch (error) {
		if (!(error instanceof DatabaseError)) throw error;
		return [broken(error.hint, { path })];
	}
	const { bavail, bsize } = statfsSync(dataDirectory);
	const megabytes = Math.floor((bavail * bsize) / 1_000_000);
	if (megabytes >= leastFreeMegabytes) return [fine("doctor.store", { path })];
	const free = formatNumber(operatorVoice, megabytes);
	return [fine("doctor.store", { path }), note("doctor.storeNearlyFull", { path: dataDirectory, free })];
}
