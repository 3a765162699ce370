import { approve } from "./approve.ts";
import { block } from "./block.ts";
import type { Command } from "./command.ts";
import { dataRegion } from "./data-region.ts";
import { forget } from "./forget.ts";
import { form } from "./form.ts";
import { help } from "./help.ts";
import { language } from "./language.ts";
import { mode } from "./mode.ts";
import { share } from "./share.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { users } from "./users.ts";
import { why } from "./why.ts";

/** In the order of the menu. */
export const commands: readonly Command[] = [
	start,
	help,
	forget,
	stop,
	status,
	why,
	mode,
	dataRegion,
	language,
	form,
	approve,
	block,
	users,
	share,
];
